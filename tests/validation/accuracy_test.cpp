// A part of the table of docs/accuracy.md, on networks that are always there; and the day of the
// global terabit backbone, scaled down to where packets are feasible.
#include "tests/validation/accuracy.hpp"

#include <cmath>
#include <memory>
#include <string>

#include "sim/scenario/read.hpp"
#include "tests/catch.hpp"

using namespace longhaul;

namespace {

std::string source(const std::string& name) {
  return std::string(LONGHAUL_SOURCE_DIR) + "/" + name;
}

/// Within the report's own error bar, or that of two packet runs against each other.
void check_within(const char* what, double hybrid, double packet, double other, double bar) {
  INFO(what << ": hybrid " << hybrid << ", packets " << packet << " and " << other << ", bar "
            << bar);
  CHECK(std::abs(hybrid - packet) <= bar * packet + std::abs(packet - other));
}

/// The scenario with every rate divided by `k` and a day in `day`.
Scenario scaled_down(Scenario s, std::int64_t k, Duration day) {
  NetworkSpec spec = s.network->spec();
  for (Link& l : spec.links) l.capacity.rate = Rate::bps(l.capacity.rate.bps() / k);
  s.network = std::make_shared<const Network>(std::move(spec));
  for (TrafficSpec& t : s.traffic) {
    t.total = Rate::bps(t.total->bps() / k);
    Profile profile = *t.profile;
    profile.speed = 86400 / day.seconds();
    t.profile = std::make_shared<const Profile>(profile);
  }
  s.engine.duration = day;
  s.engine.interval = std::nullopt;
  return s;
}

DurationStats queueing_of(const Measurements& m, const DemandSet& set, std::size_t cls) {
  DurationStats all;
  for (std::size_t i = 0; i < set.demands.size(); ++i)
    if (set.demands[i].cls.index() == cls) all.merge(m.demands[i].queueing);
  return all;
}

}  // namespace

TEST_CASE("hybrid agrees with packets within the bar that its report carries") {
  for (const accuracy::Kind& kind : accuracy::kinds())
    for (const double load : {0.5, 0.9}) {
      INFO(kind.name << " at " << load);
      const auto o =
          accuracy::run_case({source("topologies/abilene.yaml"),
                              source("scenarios/matrices/abilene.csv"), load, &kind, 1e7, 1e7});
      check_within("mean", o.hybrid.mean_s, o.packet.mean_s, o.other_packet.mean_s, o.bar.mean);
      check_within("p99", o.hybrid.p99_s, o.packet.p99_s, o.other_packet.p99_s, o.bar.p99);
      check_within("p99.9", o.hybrid.p999_s, o.packet.p999_s, o.other_packet.p999_s, o.bar.p999);
      if (o.packet.loss > 1e-4)
        check_within("loss", o.hybrid.loss, o.packet.loss, o.other_packet.loss, o.bar.loss);
      CHECK(o.bar.beyond.empty());
      CHECK(o.bar.mean < 0.5);
    }
}

TEST_CASE("hybrid agrees with packets on TCP, for less time and with fewer connections") {
  for (const accuracy::Kind& kind : accuracy::tcp_kinds()) {
    if (!kind.transport->endless()) continue;  // flows take minutes to say anything
    const accuracy::Outcome o =
        accuracy::run_case({source("topologies/abilene.yaml"),
                            source("scenarios/matrices/abilene.csv"), 0.5, &kind, 2e6, 2e6});
    INFO(kind.name);
    check_within("mean", o.hybrid.mean_s, o.packet.mean_s, o.other_packet.mean_s, o.bar.mean);
    check_within("p99", o.hybrid.p99_s, o.packet.p99_s, o.other_packet.p99_s, o.bar.p99);
    check_within("p99.9", o.hybrid.p999_s, o.packet.p999_s, o.other_packet.p999_s, o.bar.p999);
    REQUIRE(o.packet.loss > 1e-4);
    check_within("loss", o.hybrid.loss, o.packet.loss, o.other_packet.loss, o.bar.loss);
    check_within("goodput", o.hybrid.goodput_bps, o.packet.goodput_bps, o.other_packet.goodput_bps,
                 0.1);
    check_within("goodput of the fluid", o.fluid.goodput_bps, o.packet.goodput_bps,
                 o.other_packet.goodput_bps, 0.1);
    CHECK(o.bar.mean > 0);
    CHECK(o.bar.mean < 0.5);
  }
}

TEST_CASE("a day of the global terabit backbone, scaled down, waits as its packets do") {
  const Scenario s =
      scaled_down(load_scenario(source("scenarios/tier1/global-terabit-day.yaml"), {}), 100'000,
                  Duration::s(40));
  const auto set = run::prepare(std::make_shared<const Scenario>(s)).input.demands;
  const Measurements packet = accuracy::measure(s, Fidelity::packet, s.engine.seed, 0);
  const Measurements hybrid = accuracy::measure(s, Fidelity::hybrid, s.engine.seed, 3e7);
  REQUIRE(hybrid.error);
  CHECK(static_cast<double>(hybrid.packets.sent) ==
        Approx(static_cast<double>(packet.packets.sent)).epsilon(0.005));
  for (std::size_t cls = 0; cls < 3; ++cls) {
    INFO(s.classes[cls].name);
    const DurationStats a = queueing_of(hybrid, *set, cls);
    const DurationStats b = queueing_of(packet, *set, cls);
    CHECK(a.mean_ps() == Approx(b.mean_ps()).epsilon(hybrid.error->mean));
    CHECK(a.quantile_ps(0.99) == Approx(b.quantile_ps(0.99)).epsilon(hybrid.error->p99));
    CHECK(a.quantile_ps(0.999) == Approx(b.quantile_ps(0.999)).epsilon(hybrid.error->p999));
  }
  CHECK(hybrid.error->p999 < 0.25);
}
