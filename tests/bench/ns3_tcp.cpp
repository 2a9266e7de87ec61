// What ns-3's TCP does on a dumbbell, a parking lot and under short transfers: the figures that
// tests/validation/tcp_ns3_test.cpp holds longhaul's TCP against.
//
//   ns3_tcp [CASE[:PROTOCOL[:SEEDS]]]...
//
// One line per case and protocol: the mean over the seeds of each figure, and its standard
// deviation between seeds. A seed sets when connections start, nothing else is random (but for
// BBR's phases and the arrivals of transfers). Chosen so that both simulators do the same:
//
// - Segments of 1448 bytes with timestamps: 1502 bytes on ns-3's links (PPP 2, IP 20, TCP 32). Link
//   rates are 1502/1500 of the nominal, so that a segment takes as long as 1500 bytes without
//   framing.
// - Queues of the routers' links hold LIMIT packets beside the one being sent; those of hosts hold
//   any number. No queue discs.
// - SACK, timestamps, PRR (RFC 6937), initial window 10, an ACK for every second segment or after
//   40 ms, least RTO 200 ms. The receiver's window limits nothing.
// - A transfer's time runs from its first data packet (the handshake is over) to its last byte's
//   arrival.
#include <ns3/core-module.h>
#include <ns3/internet-module.h>
#include <ns3/network-module.h>
#include <ns3/point-to-point-module.h>
#include <ns3/traffic-control-module.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

constexpr std::uint16_t tcp_port = 9;
constexpr double rate_factor = 1502.0 / 1500.0;

/// Hosts hang on routers in a row; the links between routers are the bottlenecks.
struct Flow {
  std::size_t from;         ///< router
  std::size_t to;           ///< router
  double delay_ms;          ///< of the sender's access link; the receiver's has 1 ms
  double transfers_hz = 0;  ///< 0: one endless transfer
};

struct Case {
  std::string name;
  double mbps;          ///< between routers
  double hop_ms;        ///< between routers
  std::uint32_t limit;  ///< packets, beside the one being sent
  std::size_t routers;
  std::vector<Flow> flows;
  double warmup_s;
  double end_s;
  std::uint64_t transfer_bytes = 0;
};

Case find_case(const std::string& name) {
  std::vector<Flow> four;
  for (int i = 0; i < 4; ++i) four.push_back({0, 1, 1 + 0.25 * i});
  if (name == "shallow") return {name, 50, 20, 50, 2, four, 10, 50};
  if (name == "deep") return {name, 50, 20, 200, 2, four, 10, 50};
  if (name == "long") return {name, 50, 98, 400, 2, {{0, 1, 1}, {0, 1, 1.5}}, 40, 160};
  if (name == "parking-lot") {
    std::vector<Flow> flows{{0, 3, 1}, {0, 3, 1.25}};
    for (std::size_t r = 0; r < 3; ++r)
      for (int i = 0; i < 2; ++i)
        flows.push_back({r, r + 1, 1.5 + 0.25 * i + 0.1 * static_cast<double>(r)});
    return {name, 50, 10, 100, 4, flows, 10, 50};
  }
  if (name == "transfers") {
    std::vector<Flow> flows = four;
    for (Flow& f : flows) f.transfers_hz = 4.5;  // 18 a second of 200,000 bytes: 60 % of the link
    return {name, 50, 20, 200, 2, flows, 5, 65, 200'000};
  }
  throw std::invalid_argument("no such case: " + name);
}

struct Protocol {
  std::string name;
  std::string type;
};

Protocol find_protocol(const std::string& name) {
  if (name == "newreno") return {name, "ns3::TcpLinuxReno"};
  if (name == "newreno-per-ack") return {name, "ns3::TcpNewReno"};
  if (name == "cubic" || name == "cubic-hystart") return {name, "ns3::TcpCubic"};
  if (name == "bbr") return {name, "ns3::TcpBbr"};
  throw std::invalid_argument("no such protocol: " + name);
}

void set_defaults(const Protocol& protocol) {
  using ns3::Config::SetDefault;
  SetDefault("ns3::TcpL4Protocol::SocketType",
             ns3::TypeIdValue(ns3::TypeId::LookupByName(protocol.type)));
  SetDefault("ns3::TcpCubic::HyStart", ns3::BooleanValue(protocol.name == "cubic-hystart"));
  SetDefault("ns3::TcpSocket::SegmentSize", ns3::UintegerValue(1448));
  SetDefault("ns3::TcpSocket::InitialCwnd", ns3::UintegerValue(10));
  SetDefault("ns3::TcpSocket::DelAckCount", ns3::UintegerValue(2));
  SetDefault("ns3::TcpSocket::DelAckTimeout", ns3::TimeValue(ns3::MilliSeconds(40)));
  SetDefault("ns3::TcpSocket::SndBufSize", ns3::UintegerValue(16 << 20));
  SetDefault("ns3::TcpSocket::RcvBufSize", ns3::UintegerValue(32 << 20));
  SetDefault("ns3::TcpSocketBase::MinRto", ns3::TimeValue(ns3::MilliSeconds(200)));
  SetDefault("ns3::TcpSocketBase::Sack", ns3::BooleanValue(true));
  SetDefault("ns3::TcpSocketBase::Timestamp", ns3::BooleanValue(true));
}

/// What one flow did in the measured time.
struct FlowTally {
  std::uint64_t bytes = 0;  ///< received in order
  std::uint64_t timeouts = 0;
  std::vector<double> times_s;  ///< of completed transfers that began in it
};

/// What one bottleneck did in the measured time.
struct PortTally {
  std::uint64_t arrived = 0;
  std::uint64_t dropped = 0;
  std::uint64_t sent = 0;
  double packet_seconds = 0;  ///< integral of the packets that wait
  std::uint32_t waiting = 0;
  double since_s = 0;
};

class Simulation {
 public:
  Simulation(const Case& c, std::uint32_t run) : case_(c), flows_(c.flows.size()) {
    ns3::RngSeedManager::SetSeed(1);
    ns3::RngSeedManager::SetRun(run);
    random_ = ns3::CreateObject<ns3::UniformRandomVariable>();
    ports_.resize(c.routers - 1);
    routers_.Create(static_cast<std::uint32_t>(c.routers));
    stack_.SetIpv6StackInstall(false);
    stack_.Install(routers_);
    for (std::size_t r = 0; r + 1 < c.routers; ++r) join_routers(r);
    for (std::size_t f = 0; f < c.flows.size(); ++f) add_flow(f);
    ns3::Ipv4GlobalRoutingHelper::PopulateRoutingTables();
  }
  void run() {
    ns3::Simulator::Stop(ns3::Seconds(case_.end_s));
    ns3::Simulator::Run();
    for (PortTally& port : ports_) account(port);
  }
  const std::vector<FlowTally>& flows() const { return flows_; }
  const std::vector<PortTally>& ports() const { return ports_; }

 private:
  bool measured() const { return now() >= case_.warmup_s; }
  static double now() { return ns3::Simulator::Now().GetSeconds(); }

  ns3::NetDeviceContainer join(ns3::Ptr<ns3::Node> a, ns3::Ptr<ns3::Node> b, double mbps,
                               double delay_ms, std::uint32_t limit) {
    ns3::PointToPointHelper p2p;
    const auto bps = static_cast<std::uint64_t>(std::llround(mbps * 1e6 * rate_factor));
    p2p.SetDeviceAttribute("DataRate", ns3::DataRateValue(ns3::DataRate(bps)));
    p2p.SetChannelAttribute("Delay", ns3::TimeValue(ns3::MicroSeconds(static_cast<std::uint64_t>(
                                         std::llround(delay_ms * 1e3)))));
    p2p.SetQueue("ns3::DropTailQueue<Packet>", "MaxSize",
                 ns3::QueueSizeValue(ns3::QueueSize(std::to_string(limit) + "p")));
    const ns3::NetDeviceContainer devices = p2p.Install(a, b);
    ns3::Ipv4AddressHelper addresses;
    addresses.SetBase(ns3::Ipv4Address(0x0a000000 + 4 * links_++), "255.255.255.252");
    interfaces_ = addresses.Assign(devices);
    ns3::TrafficControlHelper().Uninstall(devices);
    return devices;
  }

  void join_routers(std::size_t r) {
    const auto at = static_cast<std::uint32_t>(r);
    const ns3::NetDeviceContainer devices =
        join(routers_.Get(at), routers_.Get(at + 1), case_.mbps, case_.hop_ms, case_.limit);
    const auto queue = ns3::DynamicCast<ns3::PointToPointNetDevice>(devices.Get(0))->GetQueue();
    queue->TraceConnectWithoutContext("PacketsInQueue",
                                      ns3::MakeBoundCallback(&Simulation::queue_changed, this, r));
    queue->TraceConnectWithoutContext("Enqueue",
                                      ns3::MakeBoundCallback(&Simulation::enqueued, this, r));
    // Without a queue disc, the layer above the device drops what a full queue cannot take.
    routers_.Get(at)->GetObject<ns3::TrafficControlLayer>()->TraceConnectWithoutContext(
        "TcDrop", ns3::MakeBoundCallback(&Simulation::dropped, this, r));
  }

  void account(PortTally& port) {
    const double from = std::max(port.since_s, case_.warmup_s);
    if (now() > from) port.packet_seconds += port.waiting * (now() - from);
    port.since_s = now();
  }
  static void queue_changed(Simulation* self, std::size_t r, std::uint32_t, std::uint32_t waiting) {
    PortTally& port = self->ports_[r];
    self->account(port);
    port.waiting = waiting;
  }
  static void enqueued(Simulation* self, std::size_t r, ns3::Ptr<const ns3::Packet>) {
    if (!self->measured()) return;
    ++self->ports_[r].arrived;
    ++self->ports_[r].sent;
  }
  static void dropped(Simulation* self, std::size_t r, ns3::Ptr<const ns3::Packet>) {
    if (!self->measured()) return;
    ++self->ports_[r].arrived;
    ++self->ports_[r].dropped;
  }

  void add_flow(std::size_t f) {
    const Flow& flow = case_.flows[f];
    ns3::NodeContainer hosts;
    hosts.Create(2);
    stack_.Install(hosts);
    join(hosts.Get(0), routers_.Get(static_cast<std::uint32_t>(flow.from)), 1000, flow.delay_ms,
         1'000'000);
    join(routers_.Get(static_cast<std::uint32_t>(flow.to)), hosts.Get(1), 1000, 1, 1'000'000);
    senders_.push_back(hosts.Get(0));
    receivers_.push_back(interfaces_.GetAddress(1));
    auto listener = ns3::Socket::CreateSocket(hosts.Get(1), ns3::TcpSocketFactory::GetTypeId());
    listener->Bind(ns3::InetSocketAddress(ns3::Ipv4Address::GetAny(), tcp_port));
    listener->Listen();
    listener->SetAcceptCallback(
        ns3::MakeNullCallback<bool, ns3::Ptr<ns3::Socket>, const ns3::Address&>(),
        ns3::MakeBoundCallback(&Simulation::accepted, this, f));
    listeners_.push_back(listener);
    if (flow.transfers_hz > 0)
      schedule_transfer(f);
    else
      ns3::Simulator::Schedule(ns3::Seconds(random_->GetValue(0, 1)), &Simulation::start, this, f);
  }
  void schedule_transfer(std::size_t f) {
    const double gap = -std::log(1 - random_->GetValue(0, 1)) / case_.flows[f].transfers_hz;
    ns3::Simulator::Schedule(ns3::Seconds(gap), &Simulation::next_transfer, this, f);
  }
  void next_transfer(std::size_t f) {
    start(f);
    schedule_transfer(f);
  }

  struct Sending {
    std::uint64_t left;
    double began_s = 0;
    std::uint64_t expected;
    std::uint64_t received = 0;
    std::uint16_t port = 0;
  };

  void start(std::size_t f) {
    auto socket = ns3::Socket::CreateSocket(senders_[f], ns3::TcpSocketFactory::GetTypeId());
    socket->Bind();
    const std::uint64_t bytes = case_.transfer_bytes > 0 ? case_.transfer_bytes : UINT64_MAX;
    ns3::Address local;
    socket->GetSockName(local);
    const std::uint16_t port = ns3::InetSocketAddress::ConvertFrom(local).GetPort();
    auto sending = std::make_shared<Sending>(Sending{bytes, 0, bytes, 0, port});
    transfers_[{f, port}] = sending;
    socket->TraceConnectWithoutContext("CongState",
                                       ns3::MakeBoundCallback(&Simulation::state_changed, this, f));
    by_socket_[ns3::PeekPointer(socket)] = sending;
    socket->SetConnectCallback(ns3::MakeCallback(&Simulation::connected, this),
                               ns3::MakeCallback(&Simulation::refused, this));
    socket->SetSendCallback(ns3::MakeCallback(&Simulation::fill, this));
    socket->Connect(ns3::InetSocketAddress(receivers_[f], tcp_port));
    socket->ShutdownRecv();
  }
  void connected(ns3::Ptr<ns3::Socket> socket) {
    by_socket_.at(ns3::PeekPointer(socket))->began_s = now();
    fill(socket, socket->GetTxAvailable());
  }
  void refused(ns3::Ptr<ns3::Socket>) { throw std::runtime_error("a connection was refused"); }
  void fill(ns3::Ptr<ns3::Socket> socket, std::uint32_t) {
    const auto found = by_socket_.find(ns3::PeekPointer(socket));
    if (found == by_socket_.end()) return;
    Sending& sending = *found->second;
    while (sending.left > 0 && socket->GetTxAvailable() > 0) {
      const auto bytes = static_cast<std::uint32_t>(
          std::min<std::uint64_t>({sending.left, socket->GetTxAvailable(), 1 << 20}));
      const int sent = socket->Send(ns3::Create<ns3::Packet>(bytes));
      if (sent <= 0) return;
      sending.left -= static_cast<std::uint64_t>(sent);
    }
    if (sending.left == 0) {
      by_socket_.erase(found);
      socket->Close();
    }
  }
  static void state_changed(Simulation* self, std::size_t f, ns3::TcpSocketState::TcpCongState_t,
                            ns3::TcpSocketState::TcpCongState_t state) {
    if (self->measured() && state == ns3::TcpSocketState::CA_LOSS) ++self->flows_[f].timeouts;
  }

  static void accepted(Simulation* self, std::size_t f, ns3::Ptr<ns3::Socket> socket,
                       const ns3::Address& peer) {
    const std::uint16_t port = ns3::InetSocketAddress::ConvertFrom(peer).GetPort();
    socket->SetRecvCallback(ns3::MakeBoundCallback(&Simulation::received, self, f, port));
  }
  static void received(Simulation* self, std::size_t f, std::uint16_t port,
                       ns3::Ptr<ns3::Socket> socket) {
    const auto found = self->transfers_.find({f, port});
    while (const auto packet = socket->Recv()) {
      if (packet->GetSize() == 0) break;
      if (self->measured()) self->flows_[f].bytes += packet->GetSize();
      if (found == self->transfers_.end()) continue;
      Sending& sending = *found->second;
      sending.received += packet->GetSize();
      if (sending.received < sending.expected) continue;
      if (sending.began_s >= self->case_.warmup_s)
        self->flows_[f].times_s.push_back(now() - sending.began_s);
      self->transfers_.erase(found);
      return;
    }
  }

  const Case& case_;
  std::vector<FlowTally> flows_;
  std::vector<PortTally> ports_;
  ns3::InternetStackHelper stack_;
  ns3::Ptr<ns3::UniformRandomVariable> random_;
  ns3::NodeContainer routers_;
  ns3::Ipv4InterfaceContainer interfaces_;
  std::vector<ns3::Ptr<ns3::Node>> senders_;
  std::vector<ns3::Ipv4Address> receivers_;
  std::vector<ns3::Ptr<ns3::Socket>> listeners_;
  std::map<std::pair<std::size_t, std::uint16_t>, std::shared_ptr<Sending>> transfers_;
  std::map<const ns3::Socket*, std::shared_ptr<Sending>> by_socket_;
  std::uint32_t links_ = 0;
};

double jain(const std::vector<double>& x) {
  double sum = 0;
  double squares = 0;
  for (const double v : x) {
    sum += v;
    squares += v * v;
  }
  return squares > 0 ? sum * sum / (static_cast<double>(x.size()) * squares) : 0;
}

/// Figures by name, in order.
using Figures = std::vector<std::pair<std::string, double>>;

Figures figures_of(const Case& c, const Simulation& simulation) {
  const double seconds = c.end_s - c.warmup_s;
  std::vector<double> crossing;
  std::vector<double> all;
  double through = 0;
  double timeouts = 0;
  std::vector<double> times;
  for (std::size_t f = 0; f < c.flows.size(); ++f) {
    const FlowTally& tally = simulation.flows()[f];
    const double mbps = static_cast<double>(tally.bytes) * 8e-6 / seconds;
    all.push_back(mbps);
    if (c.flows[f].to - c.flows[f].from + 1 == c.routers && c.routers > 2)
      through += mbps;
    else
      crossing.push_back(mbps);
    timeouts += static_cast<double>(tally.timeouts);
    times.insert(times.end(), tally.times_s.begin(), tally.times_s.end());
  }
  double waits = 0;
  double arrived = 0;
  double dropped = 0;
  double packet_seconds = 0;
  for (const PortTally& port : simulation.ports()) {
    arrived += static_cast<double>(port.arrived);
    dropped += static_cast<double>(port.dropped);
    packet_seconds += port.packet_seconds;
    waits += static_cast<double>(port.sent);
  }
  double sum = 0;
  for (const double v : all) sum += v;
  Figures out{{"goodput_mbps", sum},
              {"jain", jain(c.routers > 2 ? crossing : all)},
              {"wait_ms", packet_seconds / waits * 1e3},
              {"loss_percent", dropped / arrived * 1e2},
              {"timeouts", timeouts}};
  if (c.routers > 2) out.emplace_back("through_mbps", through);
  if (c.transfer_bytes > 0) {
    std::sort(times.begin(), times.end());
    double total = 0;
    for (const double t : times) total += t;
    const auto n = static_cast<double>(times.size());
    const auto at = [&](double q) { return times[static_cast<std::size_t>(q * (n - 1))] * 1e3; };
    out.emplace_back("completed", n);
    out.emplace_back("fct_mean_ms", total / n * 1e3);
    out.emplace_back("fct_p50_ms", at(0.5));
    out.emplace_back("fct_p99_ms", at(0.99));
  }
  return out;
}

void run(const Case& c, const Protocol& protocol, std::uint32_t seeds) {
  set_defaults(protocol);
  std::vector<Figures> runs;
  for (std::uint32_t seed = 1; seed <= seeds; ++seed) {
    {
      Simulation simulation(c, seed);
      simulation.run();
      runs.push_back(figures_of(c, simulation));
    }
    ns3::Simulator::Destroy();
  }
  std::printf("%s %s:", c.name.c_str(), protocol.name.c_str());
  for (std::size_t i = 0; i < runs[0].size(); ++i) {
    double mean = 0;
    for (const Figures& f : runs) mean += f[i].second / seeds;
    double squares = 0;
    for (const Figures& f : runs) squares += (f[i].second - mean) * (f[i].second - mean);
    const double sd = seeds > 1 ? std::sqrt(squares / (seeds - 1)) : 0;
    std::printf(" %s %.4g (%.2g)", runs[0][i].first.c_str(), mean, sd);
  }
  std::printf("\n");
  std::fflush(stdout);
}

void run(const std::string& argument) {
  std::vector<std::string> parts{""};
  for (const char ch : argument) {
    if (ch == ':')
      parts.emplace_back();
    else
      parts.back() += ch;
  }
  const Case c = find_case(parts[0]);
  const std::uint32_t seeds =
      parts.size() > 2 ? static_cast<std::uint32_t>(std::stoul(parts[2])) : 3;
  if (parts.size() > 1) {
    run(c, find_protocol(parts[1]), seeds);
    return;
  }
  for (const char* name : {"newreno", "cubic", "bbr"}) run(c, find_protocol(name), seeds);
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> cases(argv + 1, argv + argc);
  if (cases.empty()) cases = {"shallow", "deep", "long", "parking-lot", "transfers"};
  try {
    for (const std::string& name : cases) run(name);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "ns3_tcp: %s\n", e.what());
    return 2;
  }
  return 0;
}
