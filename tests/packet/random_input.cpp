#include "tests/packet/random_input.hpp"

#include <algorithm>
#include <string>

namespace longhaul::packet {

namespace {

NetworkPtr random_network(Dice& dice) {
  NetworkSpec spec;
  spec.name = "random";
  const std::size_t n = 2 + dice.roll(8);
  for (std::size_t i = 0; i < n; ++i) {
    Node node;
    node.id = "n" + std::to_string(i);
    spec.nodes.push_back(node);
  }
  // One rate and delay for most links makes arrivals coincide to the picosecond.
  const std::int64_t rates[] = {1'000'000'000, 10'000'000'000, 9'953'280'000, 3'200'000'000,
                                100'000'000};
  const std::int64_t delays_us[] = {0, 0, 1, 5, 10, 100, 1000};
  const std::int64_t common_rate = rates[dice.roll(5)];
  const std::int64_t common_delay = delays_us[dice.roll(7)];
  const auto add = [&](std::size_t a, std::size_t b) {
    Link link;
    link.id = "l" + std::to_string(spec.links.size());
    link.a = NodeId(a);
    link.b = NodeId(b);
    link.capacity = {dice.chance(15) ? 3U : 1U,
                     Rate::bps(dice.chance(70) ? common_rate : rates[dice.roll(5)])};
    link.delay = Duration::us(dice.chance(60) ? common_delay : delays_us[dice.roll(7)]);
    link.framing = dice.chance(50) ? Framing::none : Framing::ethernet;
    link.metric_ab = link.metric_ba =
        dice.chance(80) ? 10 : 1 + static_cast<std::int64_t>(dice.roll(20));
    link.one_way = false;
    spec.links.push_back(link);
  };
  for (std::size_t i = 1; i < n; ++i) add(i, dice.chance(50) ? i - 1 : dice.roll(i));
  if (n > 2 && dice.chance(70)) add(n - 1, 0);
  for (std::uint64_t extra = dice.roll(n); extra > 0; --extra) {
    const std::size_t a = dice.roll(n);
    const std::size_t b = dice.roll(n);
    if (a != b) add(a, b);
  }
  return std::make_shared<Network>(spec);
}

std::shared_ptr<DemandSet> random_demands(Dice& dice, const Network& net) {
  auto set = std::make_shared<DemandSet>();
  set->classes = {{"a", 0}, {"b", 1}};
  set->sizes = {{"thousand", {{1000, 1.0}}},
                {"imix", {{64, 7}, {594, 4}, {1518, 1}}},
                {"pair", {{500, 1}, {1000, 2}}}};
  const std::size_t n = net.nodes().size();
  std::int64_t least = net.links()[0].capacity.total().bps();
  for (const Link& l : net.links()) least = std::min(least, l.capacity.total().bps());
  const std::size_t count = 1 + dice.roll(30);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t from = dice.roll(n);
    const std::size_t to = dice.roll(n);
    if (from == to) continue;
    // Some cases overload, some idle.
    const std::int64_t rate = least / static_cast<std::int64_t>(count) *
                              (1 + static_cast<std::int64_t>(dice.roll(6))) / 2;
    set->demands.push_back({NodeId(from), NodeId(to), ClassId(dice.roll(2)),
                            Rate::bps(std::max<std::int64_t>(rate, 1)),
                            dice.chance(50) ? Arrivals::cbr : Arrivals::poisson,
                            SizeMixId(dice.roll(3))});
    if (dice.chance(15)) set->demands.back().constraint = ConstraintId(1);
  }
  if (set->demands.empty())
    set->demands.push_back(
        {NodeId(0), NodeId(1), ClassId(0), Rate::bps(least / 2), Arrivals::poisson, SizeMixId(0)});
  return set;
}

/// Gives some demands arrivals at a changing rate, with times that fit a run of `whole`.
void add_uneven_arrivals(Dice& dice, Duration whole, DemandSet& set) {
  const auto part = [&] { return whole / (2 + static_cast<std::int64_t>(dice.roll(60))); };
  const auto weight = [&] { return static_cast<double>(1 + dice.roll(5)); };
  for (int i = 0; i < 2; ++i) {
    Mmpp mmpp;
    const std::size_t states = 2 + dice.roll(3);
    for (std::size_t s = 0; s < states; ++s)
      mmpp.states.push_back({weight() - 1, part() + Duration::ps(1)});
    mmpp.states[0].rate = 3;
    if (dice.chance(50))
      for (std::size_t s = 0; s < states; ++s)
        for (std::size_t t = 0; t < states; ++t)
          mmpp.states[s].to.push_back(s == t ? 0.0 : weight());
    set.arrival_models.push_back(std::make_shared<ArrivalModel>(mmpp));
  }
  for (const double alpha : {0.0, 1.2, 1.8})
    set.arrival_models.push_back(std::make_shared<ArrivalModel>(
        OnOff{part() + Duration::ps(1), part() + Duration::ps(1), alpha,
              static_cast<std::uint32_t>(1 + dice.roll(20))}));
  const Rate rate = Rate::mbps(1 + static_cast<std::int64_t>(dice.roll(1000)));
  set.arrival_models.push_back(std::make_shared<ArrivalModel>(FlowArrivals{
      std::make_shared<FlowSizes>("few", std::vector<FlowSizes::Point>{{200, 0.5}, {20'000, 1}}),
      rate}));
  PacketTrace packets{{}, whole.ps() / 3};
  FlowTrace flows{{}, dice.chance(50) ? whole.ps() / 2 : 0, rate};
  for (std::int64_t time = 0; time < packets.period_ps;) {
    packets.packets.push_back({time, static_cast<std::uint32_t>(dice.roll(9)),
                               static_cast<std::uint16_t>(64 + dice.roll(1400))});
    flows.flows.push_back({time, static_cast<std::int64_t>(1 + dice.roll(9000)),
                           static_cast<std::uint32_t>(dice.roll(9))});
    time += static_cast<std::int64_t>(dice.roll(static_cast<std::uint64_t>(whole.ps() / 20)));
  }
  set.arrival_models.push_back(std::make_shared<ArrivalModel>(packets));
  set.arrival_models.push_back(std::make_shared<ArrivalModel>(flows));
  Profile profile;
  profile.start_s = static_cast<double>(dice.roll(604'800));
  profile.speed = 100'000 / whole.seconds();
  if (dice.chance(70)) profile.diurnal = Profile::Diurnal{20, 0.1};
  if (dice.chance(50)) profile.weekend = 0.5;
  if (dice.chance(50)) profile.growth = 0.3;
  profile.crowds.push_back({part(), part(), part(), part(), 10});
  set.profiles.push_back(std::make_shared<Profile>(profile));
  for (Demand& d : set.demands) {
    if (dice.chance(60)) d.model = ArrivalModelId(dice.roll(set.arrival_models.size()));
    if (dice.chance(30)) d.profile = ProfileId(0);
  }
}

Buffer random_buffer(Dice& dice) {
  switch (dice.roll(4)) {
    case 0:
      return {Buffer::Kind::unlimited, 0};
    case 1:
      return {Buffer::Kind::time,
              static_cast<std::int64_t>(
                  Duration::us(20 + static_cast<std::int64_t>(dice.roll(500))).ps())};
    case 2:
      return {Buffer::Kind::bytes, 2000 + static_cast<std::int64_t>(dice.roll(30'000))};
    default:
      return {Buffer::Kind::packets, 1 + static_cast<std::int64_t>(dice.roll(12))};
  }
}

DropSpec random_drop(Dice& dice, DropRule rule) {
  DropSpec drop;
  drop.rule = rule;
  drop.ecn = dice.chance(70);
  const auto least = static_cast<std::int64_t>(500 + dice.roll(6000));
  const QueueLimit::Kind kind = dice.chance(50) ? QueueLimit::Kind::bytes : QueueLimit::Kind::time;
  const std::int64_t unit = kind == QueueLimit::Kind::bytes ? 1 : 8000;  // at 1 Gb/s
  drop.red.least = {kind, least * unit};
  drop.red.most = {kind, (least * 2 + static_cast<std::int64_t>(dice.roll(8000))) * unit};
  drop.red.probability = 0.02 + 0.1 * static_cast<double>(dice.roll(9));
  drop.red.weight = dice.chance(50) ? 0.2 : 0.02;
  drop.codel.target = Duration::us(1 + static_cast<std::int64_t>(dice.roll(50)));
  drop.codel.interval = Duration::us(20 + static_cast<std::int64_t>(dice.roll(500)));
  return drop;
}

/// None, and one that leaves out a few links.
std::vector<PathConstraint> random_constraints(Dice& dice, const Network& net) {
  std::vector<PathConstraint> out(2);
  out[1].avoid.assign(net.ports().size(), false);
  for (std::size_t p = 0; p < net.ports().size(); ++p) out[1].avoid[p] = dice.chance(15);
  return out;
}

/// Fails and restores links, some for a moment, at times that may fall on window edges.
void add_failures(Dice& dice, const RoutingSpec& routing,
                  const std::vector<PathConstraint>& constraints, RandomCase& c) {
  const Network& net = *c.input.network;
  const std::int64_t end = (c.config.warmup + c.config.duration).ps();
  std::vector<bool> down(net.ports().size(), false);
  const std::size_t changes = 1 + dice.roll(4);
  std::int64_t time = 0;
  for (std::size_t i = 0; i < changes; ++i) {
    time += 1 + static_cast<std::int64_t>(dice.roll(static_cast<std::uint64_t>(end / 3)));
    if (dice.chance(30)) time -= time % 1'000'000;
    if (time <= 0 || time >= end || (i > 0 && time <= c.input.changes.back().at.ps())) continue;
    const std::size_t link = dice.roll(net.links().size());
    down[2 * link] = down[2 * link + 1] = !down[2 * link];
    c.input.changes.push_back(
        {Time::ps(time), std::make_shared<Routes>(compute_routes(net, routing, {down}, constraints)),
         down, std::make_shared<Reachability>(net, down)});
  }
}

/// Rates of some links change at times that tie with arrivals and windows, now and then at once.
void add_rate_steps(Dice& dice, RandomCase& c) {
  const Network& net = *c.input.network;
  const std::int64_t end = (c.config.warmup + c.config.duration).ps();
  c.input.rate_steps.resize(net.ports().size());
  for (std::size_t p = 0; p < net.ports().size(); ++p) {
    if (!net.ports()[p].exists || dice.chance(40)) continue;
    const std::int64_t own = net.ports()[p].member_rate.bps();
    const auto some_rate = [&] {
      return Rate::bps(own * (1 + static_cast<std::int64_t>(dice.roll(16))) / 12);
    };
    const auto level = [&] { return static_cast<std::uint32_t>(dice.roll(4)); };
    auto& steps = c.input.rate_steps[p];
    steps.push_back({Time::zero(), dice.chance(50) ? Rate::bps(own) : some_rate(), level()});
    const std::uint64_t count = dice.roll(12);
    std::int64_t time = 0;
    for (std::uint64_t i = 0; i < count; ++i) {
      time += 1 + static_cast<std::int64_t>(dice.roll(static_cast<std::uint64_t>(end / 6)));
      if (dice.chance(50)) time += 1'000'000 - time % 1'000'000;
      steps.push_back({Time::ps(time), some_rate(), level()});
    }
  }
}

PortRate random_share(Dice& dice, std::uint64_t most_percent) {
  PortRate rate;
  rate.share = 0.01 * static_cast<double>(1 + dice.roll(most_percent));
  return rate;
}

}  // namespace

void add_tcp(std::uint64_t seed, RandomCase& c) {
  // Greedy senders would fill it for ever.
  if (c.config.queueing.buffer.kind == QueueLimit::Kind::unlimited)
    c.config.queueing.buffer = {QueueLimit::Kind::bytes, 50'000};
  Dice dice(seed * 77 + 5);
  auto set = std::make_shared<DemandSet>(*c.input.demands);
  const CongestionControl kinds[] = {CongestionControl::newreno, CongestionControl::cubic,
                                     CongestionControl::bbr};
  const Duration whole = c.config.warmup + c.config.duration;
  for (int i = 0; i < 4; ++i) {
    Transport t;
    t.protocol = kinds[dice.roll(3)];
    t.connections = static_cast<std::uint32_t>(1 + dice.roll(5));
    t.segment_bytes = dice.chance(50) ? 1448 : 448;
    t.delayed_ack_segments = static_cast<std::uint32_t>(1 + dice.roll(3));
    t.delayed_ack = whole / static_cast<std::int64_t>(20 + dice.roll(200));
    t.least_timeout = whole / static_cast<std::int64_t>(10 + dice.roll(100));
    t.start = whole / 4;
    if (dice.chance(50))
      t.sizes = std::make_shared<FlowSizes>(
          FlowSizes::fixed("some", static_cast<std::int64_t>(1 + dice.roll(60'000))));
    set->transports.push_back(std::make_shared<const Transport>(t));
  }
  for (Demand& d : set->demands) {
    if (!dice.chance(60)) continue;
    d.transport = TransportId(dice.roll(4));
    d.model = ArrivalModelId::none();
    d.profile = ProfileId::none();
    d.ecn = dice.chance(50);
  }
  c.input.demands = set;
}

Queueing random_queueing(std::uint64_t seed, Discipline discipline, DropRule rule, RandomCase& c) {
  Dice dice(seed * 31 + static_cast<std::uint64_t>(discipline) * 7 +
            static_cast<std::uint64_t>(rule));
  auto set = std::make_shared<DemandSet>(*c.input.demands);
  set->classes = {{"a", 1}, {"b", 0}, {"c", 1}, {"d", 2}};
  for (Demand& d : set->demands) {
    d.cls = ClassId(dice.roll(4));
    d.ecn = dice.chance(50);
  }
  c.input.demands = set;
  Queueing q;
  q.discipline = discipline;
  q.buffer = random_buffer(dice);
  if (rule != DropRule::tail && dice.chance(70)) q.buffer = {QueueLimit::Kind::bytes, 60'000};
  q.drop = random_drop(dice, rule);
  q.classes.resize(4);
  q.groups.resize(2);
  q.groups[0].ceiling = random_share(dice, 100);
  q.groups[0].guaranteed = random_share(dice, 50);
  q.groups[1].parent = 0;
  if (dice.chance(50)) q.groups[1].guaranteed = random_share(dice, 30);
  for (ClassQueueing& own : q.classes) {
    own.weight = static_cast<double>(1 + dice.roll(8)) / 2.0;
    own.strict = dice.chance(20);
    if (dice.chance(70)) own.guaranteed = random_share(dice, 40);
    if (dice.chance(50)) own.ceiling = random_share(dice, 100);
    if (dice.chance(60)) own.parent = dice.roll(2);
    if (dice.chance(30)) own.buffer = random_buffer(dice);
    if (dice.chance(30)) own.drop = random_drop(dice, rule);
  }
  if (discipline == Discipline::drr || discipline == Discipline::wfq)
    q.classes[3].strict = false;  // some weight remains
  return q;
}

void add_random_buckets(std::uint64_t seed, RandomCase& c) {
  Dice dice(seed ^ 0xb0c4'e75ULL);
  auto set = std::make_shared<DemandSet>(*c.input.demands);
  const Duration whole = c.config.warmup + c.config.duration;
  for (Demand& d : set->demands) {
    if (dice.chance(33)) continue;
    d.bucket = static_cast<std::int32_t>(set->buckets.size());
    TokenBucketSpec spec;
    spec.action =
        dice.chance(50) ? TokenBucketSpec::Action::shape : TokenBucketSpec::Action::police;
    spec.share = 0.01 * static_cast<double>(30 + dice.roll(120));
    if (dice.chance(30)) spec.rate = Rate::bps(1 + d.rate.bps() * 7 / 9);
    // Some bursts are smaller than packets.
    spec.burst_bytes = static_cast<std::int64_t>(1 + dice.roll(dice.chance(20) ? 1000 : 20'000));
    spec.max_delay = whole / static_cast<std::int64_t>(1 + dice.roll(20));
    set->buckets.push_back(spec);
  }
  c.input.demands = set;
}

RandomCase random_case(std::uint64_t seed) {
  Dice dice(seed);
  RandomCase c;
  c.input.network = random_network(dice);
  const auto demands = random_demands(dice, *c.input.network);
  c.input.demands = demands;
  RoutingSpec routing;
  const Metric metrics[] = {Metric::hops, Metric::given, Metric::delay};
  const Ecmp modes[] = {Ecmp::per_flow, Ecmp::per_flow, Ecmp::per_packet, Ecmp::off};
  routing.metric = metrics[dice.roll(3)];
  routing.ecmp = modes[dice.roll(4)];
  routing.flows = 1U << dice.roll(7);
  const auto constraints = random_constraints(dice, *c.input.network);
  c.input.routes =
      std::make_shared<Routes>(compute_routes(*c.input.network, routing, {}, constraints));
  if (dice.chance(80)) c.input.cables = std::make_shared<Reachability>(*c.input.network);
  c.config.seed = seed * 7919;
  c.config.least_packets_per_thread =
      0;  // so many threads as asked for, however little there is to do
  c.config.ecmp = routing.ecmp;
  c.config.flows = routing.flows;
  c.config.queueing.buffer = random_buffer(dice);
  // Some thousand packets a case, whatever the rates.
  double packets_per_s = 0;
  for (const Demand& d : c.input.demands->demands)
    packets_per_s +=
        d.rate.as_double() / 8.0 / c.input.demands->sizes[d.sizes.index()].mean_bytes();
  const Duration whole = Duration::from_seconds(3000.0 / packets_per_s);
  c.config.warmup = dice.chance(70) ? whole / 5 : Duration::zero();
  c.config.duration = whole - c.config.warmup;
  if (seed % 3 == 0) add_failures(dice, routing, constraints, c);
  if (seed % 2 == 1) add_uneven_arrivals(dice, whole, *demands);
  return c;
}

RandomCase random_case_of_rates(std::uint64_t seed) {
  RandomCase c = random_case(seed);
  Dice dice(seed ^ 0x5eed'0f'7a7e5ULL);
  add_rate_steps(dice, c);
  return c;
}

namespace {

/// Lists of up to three segments to each node that some demand sends to, and some demands steered
/// into them.
std::shared_ptr<Segments> add_segments(Dice& dice, const Network& net, DemandSet& set) {
  const std::size_t nodes = net.nodes().size();
  auto segments = std::make_shared<Segments>(nodes, 2);
  for (Demand& d : set.demands) {
    DestinationId to(d.to.index());
    for (std::uint64_t i = dice.roll(4); i > 0; --i) {
      const PortId port(dice.roll(net.ports().size()));
      to = dice.chance(30) && net.port(port).exists
               ? segments->over(port, net.port(port).from, to)
               : segments->through(DestinationId(dice.roll(nodes)), to);
    }
    if (to.index() >= nodes && dice.chance(60)) d.steered = to;
  }
  return segments;
}

/// Each a change of one router and destination.
std::shared_ptr<const routing::FibUpdates> random_updates(Dice& dice, const RandomCase& c,
                                                          const Routes& initial,
                                                          const Routes& other) {
  const Network& net = *c.input.network;
  const auto end = static_cast<std::uint64_t>((c.config.warmup + c.config.duration).ps());
  auto updates = std::make_shared<routing::FibUpdates>();
  const std::size_t count = net.nodes().size() * (5 + dice.roll(40));
  for (std::size_t i = 0; i < count; ++i) {
    const NodeId node(dice.roll(net.nodes().size()));
    const DestinationId to(dice.roll(initial.destination_count()));
    if (initial.delivers(node, to)) continue;
    auto time = static_cast<std::int64_t>(1 + dice.roll(end));
    if (dice.chance(30)) time += 1'000'000 - time % 1'000'000;
    DestinationId turned = initial.turned(node, to);
    std::vector<PortId> ports;
    const auto routes = dice.chance(70) ? other.next(node, to) : initial.next(node, to);
    if (dice.chance(70)) ports.assign(routes.begin(), routes.end());
    if (dice.chance(15)) ports = {net.ports_from(node).begin(), net.ports_from(node).end()};
    ports.erase(
        std::remove_if(ports.begin(), ports.end(), [&](PortId p) { return !net.port(p).exists; }),
        ports.end());
    // As a repair: into any list that ends where it should.
    if (dice.chance(30)) {
      const DestinationId list(dice.roll(initial.destination_count()));
      if (initial.node(list) == initial.node(to)) turned = list;
    }
    updates->add(Time::ps(time), node, to, turned, ports);
  }
  updates->sort(net.nodes().size());
  return updates;
}

}  // namespace

RandomCase random_case_of_tables(std::uint64_t seed) {
  RandomCase c = random_case(seed);
  Dice dice(seed ^ 0x7ab1e5ULL);
  const Network& net = *c.input.network;
  auto set = std::make_shared<DemandSet>(*c.input.demands);
  const auto segments = add_segments(dice, net, *set);
  c.input.demands = set;
  const auto with_segments = [&](const Routes& routes) {
    auto copy = std::make_shared<Routes>(routes);
    copy->use(segments);
    return copy;
  };
  c.input.routes = with_segments(*c.input.routes);
  for (auto& change : c.input.changes) change.routes = with_segments(*change.routes);
  RoutingSpec routing;
  routing.metric = dice.chance(50) ? Metric::hops : Metric::given;
  std::vector<bool> down(net.ports().size(), false);
  for (std::size_t l = 0; l < net.links().size(); ++l)
    down[2 * l] = down[2 * l + 1] = dice.chance(25);
  const auto other =
      with_segments(compute_routes(net, routing, {down}, std::vector<PathConstraint>(2)));
  if (dice.chance(80)) c.input.forwarding = random_updates(dice, c, *c.input.routes, *other);
  c.config.ttl = static_cast<std::uint32_t>(2 + dice.roll(12));
  return c;
}

}  // namespace longhaul::packet
