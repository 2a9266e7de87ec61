// Choices that favour ns-3: no queue discs above the devices, no checksums, no tracing, host routes
// only, one socket a node, payloads mostly virtual zeros. Its PPP (2 bytes), IPv4 (20) and UDP (8)
// headers are part of the 1000 bytes.
#include "tests/bench/ns3_backbone.hpp"

#include <ns3/core-module.h>
#include <ns3/internet-module.h>
#include <ns3/network-module.h>
#include <ns3/point-to-point-module.h>
#include <ns3/traffic-control-module.h>

#include <chrono>
#include <cstring>
#include <string>

namespace longhaul::bench {

namespace {

constexpr std::uint16_t udp_port = 9;
constexpr std::uint32_t wire_bytes = 1000;
constexpr std::uint32_t header_bytes = 2 + 20 + 8;

struct Stamp {
  std::uint64_t demand;
  std::int64_t sent_ns;
};

struct Tally {
  std::uint64_t sent = 0;
  std::vector<std::uint64_t> packets;
  std::vector<double> sum_ns;
};

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Sends one demand's packets.
class PoissonSender : public ns3::Application {
 public:
  PoissonSender(std::uint64_t demand, ns3::Ptr<ns3::Socket> socket, ns3::Ipv4Address to,
                double mean_gap_s, Tally& tally)
      : demand_(demand), socket_(socket), to_(to, udp_port), tally_(tally) {
    gap_ = ns3::CreateObject<ns3::ExponentialRandomVariable>();
    gap_->SetAttribute("Mean", ns3::DoubleValue(mean_gap_s));
  }

 private:
  void StartApplication() override { schedule(); }
  void StopApplication() override { ns3::Simulator::Cancel(next_); }
  void schedule() {
    next_ = ns3::Simulator::Schedule(ns3::Seconds(gap_->GetValue()), &PoissonSender::send, this);
  }
  void send() {
    const Stamp stamp{demand_, ns3::Simulator::Now().GetNanoSeconds()};
    std::uint8_t bytes[sizeof stamp];
    std::memcpy(bytes, &stamp, sizeof stamp);
    auto packet = ns3::Create<ns3::Packet>(bytes, sizeof stamp);
    packet->AddPaddingAtEnd(wire_bytes - header_bytes - sizeof stamp);
    socket_->SendTo(packet, 0, to_);
    ++tally_.sent;
    schedule();
  }

  std::uint64_t demand_;
  ns3::Ptr<ns3::Socket> socket_;
  ns3::InetSocketAddress to_;
  Tally& tally_;
  ns3::Ptr<ns3::ExponentialRandomVariable> gap_;
  ns3::EventId next_;
};

class Simulation {
 public:
  Simulation(const Ns3Backbone& net, double seconds)
      : net_(net), ports_(2 * net.links.size()), address_(net.nodes) {
    tally_.packets.assign(net.demands.size(), 0);
    tally_.sum_ns.assign(net.demands.size(), 0.0);
    nodes_.Create(net.nodes);
    ns3::InternetStackHelper stack;
    const ns3::Ipv4StaticRoutingHelper routing;
    stack.SetRoutingHelper(routing);
    stack.SetIpv6StackInstall(false);
    stack.Install(nodes_);
    build_links();
    build_routes();
    build_sockets();
    for (std::size_t d = 0; d < net.demands.size(); ++d) add_demand(d, net.demands[d], seconds);
  }
  const Tally& tally() const { return tally_; }

 private:
  struct Interface {
    std::uint32_t index = 0;
    ns3::Ipv4Address next_hop;
  };

  void build_links() {
    for (std::size_t l = 0; l < net_.links.size(); ++l) {
      const auto& [a, b, bps, delay_ps] = net_.links[l];
      ns3::PointToPointHelper p2p;
      p2p.SetDeviceAttribute("DataRate", ns3::DataRateValue(ns3::DataRate(bps)));
      p2p.SetChannelAttribute("Delay", ns3::TimeValue(ns3::PicoSeconds(delay_ps)));
      p2p.SetQueue("ns3::DropTailQueue<Packet>", "MaxSize",
                   ns3::QueueSizeValue(ns3::QueueSize("100000000p")));
      const ns3::NetDeviceContainer devices = p2p.Install(nodes_.Get(a), nodes_.Get(b));
      ns3::Ipv4AddressHelper addresses;
      const auto base = static_cast<std::uint32_t>(0x0a000000 + 4 * l);
      addresses.SetBase(ns3::Ipv4Address(base), "255.255.255.252");
      const ns3::Ipv4InterfaceContainer interfaces = addresses.Assign(devices);
      ns3::TrafficControlHelper().Uninstall(devices);
      ports_[2 * l] = {interfaces.Get(0).second, interfaces.GetAddress(1)};
      ports_[2 * l + 1] = {interfaces.Get(1).second, interfaces.GetAddress(0)};
      address_[a] = interfaces.GetAddress(0);
      address_[b] = interfaces.GetAddress(1);
    }
  }

  void build_routes() {
    const ns3::Ipv4StaticRoutingHelper helper;
    for (std::uint32_t at = 0; at < net_.nodes; ++at) {
      const auto table = helper.GetStaticRouting(nodes_.Get(at)->GetObject<ns3::Ipv4>());
      for (std::uint32_t to = 0; to < net_.nodes; ++to) {
        const std::int64_t port = net_.next_port[at * net_.nodes + to];
        if (port < 0) continue;
        const Interface& out = ports_[static_cast<std::size_t>(port)];
        table->AddHostRouteTo(address_[to], out.next_hop, out.index);
      }
    }
  }

  void build_sockets() {
    for (std::uint32_t n = 0; n < nodes_.GetN(); ++n) {
      auto socket = ns3::Socket::CreateSocket(nodes_.Get(n), ns3::UdpSocketFactory::GetTypeId());
      socket->Bind(ns3::InetSocketAddress(ns3::Ipv4Address::GetAny(), udp_port));
      socket->SetRecvCallback(ns3::MakeCallback(&Simulation::receive, this));
      sockets_.push_back(socket);
    }
  }

  void add_demand(std::size_t d, const Ns3Backbone::Demand& demand, double seconds) {
    const double gap_s = wire_bytes * 8.0 / demand.bps;
    auto app =
        ns3::Create<PoissonSender>(d, sockets_[demand.from], address_[demand.to], gap_s, tally_);
    nodes_.Get(demand.from)->AddApplication(app);
    app->SetStartTime(ns3::Seconds(0));
    app->SetStopTime(ns3::Seconds(seconds));
  }

  void receive(ns3::Ptr<ns3::Socket> socket) {
    while (const auto packet = socket->Recv()) {
      std::uint8_t bytes[sizeof(Stamp)];
      packet->CopyData(bytes, sizeof bytes);
      Stamp stamp{};
      std::memcpy(&stamp, bytes, sizeof stamp);
      ++tally_.packets[stamp.demand];
      tally_.sum_ns[stamp.demand] +=
          static_cast<double>(ns3::Simulator::Now().GetNanoSeconds() - stamp.sent_ns);
    }
  }

  const Ns3Backbone& net_;
  ns3::NodeContainer nodes_;
  std::vector<Interface> ports_;
  std::vector<ns3::Ipv4Address> address_;
  std::vector<ns3::Ptr<ns3::Socket>> sockets_;
  Tally tally_;
};

std::uint64_t hops(const Ns3Backbone& net, std::uint32_t from, std::uint32_t to) {
  std::uint64_t n = 0;
  for (; from != to; ++n) {
    const auto port = static_cast<std::size_t>(net.next_port[from * net.nodes + to]);
    const Ns3Backbone::Link& link = net.links[port / 2];
    from = port % 2 == 0 ? link.b : link.a;
  }
  return n;
}

}  // namespace

Ns3Result run_ns3(const Ns3Backbone& backbone, double seconds, std::uint32_t seed) {
  Ns3Result result;
  const auto start = std::chrono::steady_clock::now();
  ns3::RngSeedManager::SetSeed(seed);
  {
    const Simulation simulation(backbone, seconds);
    result.setup_s = seconds_since(start);
    const auto run_start = std::chrono::steady_clock::now();
    ns3::Simulator::Run();
    result.run_s = seconds_since(run_start);
    const Tally& tally = simulation.tally();
    result.sent = tally.sent;
    result.packets = tally.packets;
    for (std::size_t d = 0; d < tally.packets.size(); ++d) {
      const Ns3Backbone::Demand& demand = backbone.demands[d];
      result.received += tally.packets[d];
      result.packet_hops += tally.packets[d] * hops(backbone, demand.from, demand.to);
      const auto n = static_cast<double>(tally.packets[d]);
      result.mean_us.push_back(n > 0 ? tally.sum_ns[d] / n * 1e-3 : 0.0);
    }
    ns3::Simulator::Destroy();
  }
  return result;
}

}  // namespace longhaul::bench
