// Arrivals at a changing rate: what their definitions, closed forms and published laws say of them.
//
// Method as in tests/validation: independent replications by seed, Student's interval of a figure
// of theirs at 99.99 % must hold the theory's, and must be narrow, or the test could not fail.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "sim/base/random.hpp"
#include "sim/packet/source.hpp"
#include "sim/stats/interval.hpp"
#include "sim/traffic/rate_path.hpp"
#include "tests/catch.hpp"

using namespace longhaul;
using namespace longhaul::packet;

namespace {

constexpr double confidence = 0.9999;
constexpr std::int64_t ms = 1'000'000'000;

const SizeTable& thousand() {
  static const SizeTable sizes(SizeMix{"1000 B", {{1000, 1}}});
  return sizes;
}

/// 1000-byte packets, `per_ms` of them in a millisecond on average.
StreamSpec spec_of(double per_ms, const ArrivalModel* model, const Profile* profile = nullptr,
                   std::uint64_t seed = 1, Arrivals kind = Arrivals::poisson) {
  const double gap = 1e9 / per_ms;
  return {kind, gap, &thousand(), seed, 77, 1U << 16, 64, 3, model, profile, 8e15 / gap};
}

std::vector<Packet> packets_of(const StreamSpec& spec, std::int64_t until, bool ahead = true) {
  ArrivalStream stream(spec, ahead);
  std::vector<Packet> out;
  stream.take_until(until, out);
  return out;
}

std::int64_t count(const std::vector<Packet>& packets, std::int64_t from, std::int64_t until) {
  return std::count_if(packets.begin(), packets.end(),
                       [&](const Packet& p) { return p.time >= from && p.time < until; });
}

bool same(const std::vector<Packet>& a, const std::vector<Packet>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Packet& x, const Packet& y) {
    return x.time == y.time && x.flow == y.flow && x.size == y.size;
  });
}

void check_interval(const std::vector<double>& samples, double theory, double precision) {
  const MeanInterval interval = mean_interval(samples, confidence);
  INFO(interval.mean << " +- " << interval.half_width << " should hold " << theory);
  CHECK(interval.contains(theory));
  CHECK(interval.half_width < precision);
}

const ArrivalModel two_states = Mmpp{{{0.5, Duration::us(20'000)}, {3.0, Duration::us(5'000)}}};
const ArrivalModel four_states = Mmpp{{{0, Duration::us(900), {0, 1, 0, 0}},
                                       {1, Duration::us(300), {1, 0, 1, 1}},
                                       {2, Duration::us(2000), {0, 1, 0, 3}},
                                       {7, Duration::us(100), {1, 0, 0, 0}}}};
const ArrivalModel on_off = OnOff{Duration::us(1000), Duration::us(3000), 0, 5};
const ArrivalModel pareto = OnOff{Duration::us(300), Duration::us(200), 1.6, 20};

}  // namespace

TEST_CASE("the exponential function is libm's to 1e-14, Pareto variates to 1e-12") {
  double worst = 0;
  for (double x = 0; x < 708; x += 0.0137)
    worst = std::max(worst, std::abs(exp_from(x) / std::exp(x) - 1));
  CHECK(worst < 1e-14);
  CHECK(exp_from(0) == 1);
  CHECK(std::isinf(exp_from(710)));
  worst = 0;
  for (std::uint64_t i = 0; i < 100'000; ++i) {
    const Words w = philox(5, 6, i);
    const std::uint64_t bits = static_cast<std::uint64_t>(w.w[0]) << 32 | w.w[1];
    const double u = 1.0 - static_cast<double>(bits >> 12) * std::ldexp(1.0, -52);
    for (const double alpha : {1.05, 1.4, 1.95})
      worst = std::max(
          worst,
          std::abs(exp_from(exponential_from_bits(bits) / alpha) / std::pow(u, -1 / alpha) - 1));
  }
  CHECK(worst < 1e-12);
}

TEST_CASE("at a constant rate, a profile changes no packet") {
  Profile flat;
  CHECK(same(packets_of(spec_of(5, nullptr), 900 * ms),
             packets_of(spec_of(5, nullptr, &flat), 900 * ms)));
  // And up to a flash crowd, the packets are those without it.
  Profile crowd;
  crowd.crowds.push_back(
      {Duration::ms(500), Duration::zero(), Duration::ms(100), Duration::zero(), 4});
  CHECK(same(packets_of(spec_of(5, nullptr), 500 * ms),
             packets_of(spec_of(5, nullptr, &crowd), 500 * ms)));
}

TEST_CASE("packets depend neither on batches nor on the windows they are taken in") {
  const ArrivalModel flows = FlowArrivals{
      std::make_shared<FlowSizes>("few", std::vector<FlowSizes::Point>{{100, 0}, {30'000, 1}}),
      Rate::mbps(20)};
  Profile day;
  day.diurnal.emplace();
  day.speed = 1e6;
  for (const ArrivalModel* model : {&two_states, &four_states, &on_off, &pareto, &flows})
    for (const Profile* profile :
         {static_cast<const Profile*>(nullptr), static_cast<const Profile*>(&day)})
      for (const Arrivals kind : {Arrivals::poisson, Arrivals::cbr}) {
        const StreamSpec spec = spec_of(5, model, profile, 3, kind);
        const std::vector<Packet> whole = packets_of(spec, 400 * ms);
        CHECK(whole.size() > 100);
        CHECK(std::is_sorted(whole.begin(), whole.end(),
                             [](const Packet& a, const Packet& b) { return a.time < b.time; }));
        CHECK(same(whole, packets_of(spec, 400 * ms, false)));
        ArrivalStream stream(spec, true);
        std::vector<Packet> parts;
        for (std::int64_t t = 0; t <= 400 * ms; t += ms / 3) stream.take_until(t, parts);
        stream.take_until(400 * ms, parts);
        CHECK(same(whole, parts));
      }
}

TEST_CASE("every model keeps the demand's mean rate, from the start on") {
  const ArrivalModel elephants = FlowArrivals{find_flow_sizes("imix-flows"), Rate::gbps(1)};
  const ArrivalModel fixed =
      FlowArrivals{std::make_shared<FlowSizes>(FlowSizes::fixed("5 kB", 5000)), Rate::mbps(50)};
  for (const ArrivalModel* model :
       {&two_states, &four_states, &on_off, &pareto, &elephants, &fixed}) {
    INFO("model " << model->index());
    std::vector<double> early;
    std::vector<double> late;
    for (std::uint64_t seed = 1; seed <= 400; ++seed) {
      const auto packets = packets_of(spec_of(50, model, nullptr, seed), 60 * ms);
      double bytes[2] = {};
      for (const Packet& p : packets) bytes[p.time < 20 * ms ? 0 : 1] += p.size;
      early.push_back(bytes[0] / 1e6);  // of 20 ms at 50 packets of 1000 B each
      late.push_back(bytes[1] / 2e6);
    }
    check_interval(early, 1, 0.35);
    check_interval(late, 1, 0.3);
  }
}

TEST_CASE("the dispersion of an MMPP's counts is Fischer and Meier-Hellstern's") {
  // Var N(t) / E N(t) of the 2-state MMPP, stationary (Heffes and Lucantoni 1986, section III;
  // Fischer and Meier-Hellstern 1993).
  const double leave_1 = 1 / 20.0;  // per ms
  const double leave_2 = 1 / 5.0;
  const double per_ms = 10;
  const auto factors = rate_factors(std::get<Mmpp>(two_states));
  const double rate_1 = factors[0] * per_ms;
  const double rate_2 = factors[1] * per_ms;
  CHECK(rate_1 * 0.8 + rate_2 * 0.2 == Approx(per_ms));
  const double sum = leave_1 + leave_2;
  const double a = 2 * leave_1 * leave_2 * (rate_1 - rate_2) * (rate_1 - rate_2) /
                   (sum * sum * (rate_1 * leave_2 + rate_2 * leave_1));
  constexpr int groups = 30;
  constexpr int members = 400;
  for (const double t : {0.5, 5.0, 50.0}) {
    INFO("t = " << t << " ms");
    const double theory = 1 + a - a / (sum * t) * (1 - std::exp(-sum * t));
    std::vector<double> idc;
    for (int g = 0; g < groups; ++g) {
      double squares = 0;
      for (int i = 0; i < members; ++i) {
        const auto seed = static_cast<std::uint64_t>(g * members + i + 1);
        const auto until = static_cast<std::int64_t>((t + 3) * ms);
        // Not from the start on: stationarity is part of what is tested.
        const auto n = count(packets_of(spec_of(per_ms, &two_states, nullptr, seed), until, false),
                             3 * ms, until);
        const double off = static_cast<double>(n) - per_ms * t;
        squares += off * off / members;
      }
      idc.push_back(squares / (per_ms * t));
    }
    check_interval(idc, theory, 0.2 * theory);
  }
}

TEST_CASE("the sum of Pareto on/off sources is self-similar with H = (3 - alpha) / 2") {
  // The variance of the count in [0, T) grows as T^2H (Taqqu, Willinger and Sherman 1997).
  // Variances are over replications about the known mean, so that no long series biases them; each
  // group of replications gives one slope, from 64 to 1024 mean cycles. The tolerance tells alphas
  // apart that differ by 0.2.
  constexpr int groups = 24;
  constexpr int members = 100;
  const auto cycle = Duration::us(100);
  for (const double alpha : {1.2, 1.4, 1.6, 1.8}) {
    INFO("alpha " << alpha);
    const ArrivalModel model = OnOff{cycle / 2, cycle / 2, alpha, 4};
    std::vector<double> hurst;
    for (int g = 0; g < groups; ++g) {
      std::vector<double> variance(5);
      for (int i = 0; i < members; ++i) {
        const auto seed = static_cast<std::uint64_t>(g * members + i + 1);
        ArrivalStream stream(spec_of(50, &model, nullptr, seed), true);
        std::vector<Packet> packets;
        std::size_t n = 0;
        for (std::size_t k = 0; k < variance.size(); ++k) {
          const std::int64_t until = cycle.ps() << (6 + k);
          packets.clear();
          stream.take_until(until, packets);
          n += packets.size();
          const double off = static_cast<double>(n) - static_cast<double>(until) / 1e9 * 50;
          variance[k] += off * off / members;
        }
      }
      // Least squares of log2 variance on k = -2 .. 2.
      double slope = 0;
      for (std::size_t k = 0; k < variance.size(); ++k)
        slope += (static_cast<double>(k) - 2) * std::log2(variance[k]) / 10;
      hurst.push_back(slope / 2);
    }
    check_interval(hurst, (3 - alpha) / 2, 0.09);
  }
}

TEST_CASE("periods are exponential or Pareto with the mean asked for") {
  // One source at a very high rate shows its periods.
  for (const double alpha : {0.0, 1.9}) {
    const OnOff model{Duration::us(10), Duration::us(30), alpha, 1};
    OnOffPath path(model, 1, 2);
    std::vector<double> on;
    path.next();
    for (int i = 0; i < 200'000; ++i) {
      const std::int64_t from = path.end();
      path.next();
      if (path.factor() == 0) continue;
      on.push_back(static_cast<double>(path.end() - from) / 1e7);
    }
    INFO("alpha " << alpha);
    std::sort(on.begin(), on.end());
    const auto quantile = [&](double q) {
      return on[static_cast<std::size_t>(q * static_cast<double>(on.size()))];
    };
    for (const double q : {0.1, 0.5, 0.9, 0.99}) {
      const double theory =
          alpha == 0 ? -std::log(1 - q) : (alpha - 1) / alpha * std::pow(1 - q, -1 / alpha);
      CHECK(quantile(q) == Approx(theory).epsilon(0.03));
    }
  }
}

TEST_CASE("flows are cut into packets that follow at the flow's rate") {
  const ArrivalModel model =
      FlowArrivals{std::make_shared<FlowSizes>(FlowSizes::fixed("2500 B", 2500)), Rate::mbps(8)};
  StreamSpec spec = spec_of(0.01, &model);  // rarely two at a time
  spec.flows = 1U << 16;
  const auto packets = packets_of(spec, 20'000 * ms);
  REQUIRE(packets.size() > 30);
  std::size_t whole = 0;
  for (std::size_t i = 0; i < packets.size(); ++i) {
    // The packets of one flow; most are whole, some were under way at the start or are not over.
    std::vector<Packet> flow;
    for (const Packet& p : packets)
      if (p.flow == packets[i].flow) flow.push_back(p);
    if (flow.size() != 3 || flow[0].time != packets[i].time) continue;
    ++whole;
    CHECK(flow[1].time - flow[0].time == ms);  // 1000 B at 8 Mb/s
    CHECK(flow[2].time - flow[0].time == 2 * ms);
    CHECK(flow[0].size == 1000);
    CHECK(flow[1].size == 1000);
    CHECK(flow[2].size == 500);
  }
  CHECK(whole > 50);
}

TEST_CASE("traces are replayed as they are") {
  const ArrivalModel once = PacketTrace{{{0, 1, 64}, {5, 2, 1500}, {5, 1, 700}, {9, 3, 40}}, 0};
  const ArrivalModel again = PacketTrace{{{0, 1, 64}, {5, 2, 1500}, {5, 1, 700}, {9, 3, 40}}, 12};
  const auto packets = packets_of(spec_of(1, &once), 1000);
  REQUIRE(packets.size() == 4);
  CHECK(packets[1].time == 5);
  CHECK(packets[1].size == 1500);
  CHECK(packets[2].size == 700);
  CHECK(packets[0].flow == packets[2].flow);
  const auto repeated = packets_of(spec_of(1, &again), 1200);
  REQUIRE(repeated.size() == 400);
  for (std::size_t i = 0; i < repeated.size(); ++i) {
    CHECK(repeated[i].time == packets[i % 4].time + 12 * static_cast<std::int64_t>(i / 4));
    CHECK(repeated[i].size == packets[i % 4].size);
  }
  const ArrivalModel flows = FlowTrace{{{0, 2500, 1}, {ms, 900, 2}}, 0, Rate::mbps(8)};
  const auto cut = packets_of(spec_of(1, &flows), 10 * ms);
  REQUIRE(cut.size() == 4);
  const std::int64_t times[] = {0, ms, ms, 2 * ms};
  const int sizes[] = {1000, 900, 1000, 500};  // at one time, a flow that starts comes first
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(cut[i].time == times[i]);
    CHECK(cut[i].size == sizes[i]);
  }
}

TEST_CASE("counts follow a profile, bin by bin") {
  Profile profile;
  profile.diurnal = Profile::Diurnal{20, 0.2};
  profile.weekend = 0.5;
  profile.growth = 0.3;
  profile.start_s = 4 * 86'400;  // Friday
  profile.speed = 86'400 / 0.1;  // a day in 100 ms
  profile.crowds.push_back(
      {Duration::ms(130), Duration::ms(5), Duration::ms(20), Duration::ms(10), 5});
  const ProfileSteps steps(profile, 0);
  constexpr int bins = 80;
  constexpr std::int64_t bin = 4 * ms;
  std::vector<double> counts(bins);
  constexpr int seeds = 20;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed)
    for (const Packet& p : packets_of(spec_of(500, nullptr, &profile, seed), bins * bin))
      counts[static_cast<std::size_t>(p.time / bin)] += 1;
  double chi_square = 0;
  double most = 0;
  for (std::size_t b = 0; b < bins; ++b) {
    const auto from = static_cast<std::int64_t>(b) * bin;
    const double theory = steps.mean(from, from + bin) * 500 * 4 * seeds;
    most = std::max(most, steps.mean(from, from + bin));
    chi_square += (counts[b] - theory) * (counts[b] - theory) / theory;
  }
  // 80 degrees of freedom: 99.99 % of such sums lie below 134 (and above 40).
  CHECK(chi_square < 134);
  CHECK(chi_square > 40);
  CHECK(most > 1.2);  // the crowd was there, on a weekend morning
}

TEST_CASE("packets that crowd in a window are sorted stably") {
  PacketTrace crowd{{}, 0};
  for (int i = 0; i < 40'000; ++i) crowd.packets.push_back({i / 4, 0, 100});
  const ArrivalModel model = crowd;
  Source source;
  StreamSpec spec = spec_of(1, &model);
  for (const std::uint32_t demand : {0U, 1U, 2U}) {
    spec.flow_base = demand << 16;
    spec.flows = 1;
    source.add(ArrivalStream(spec, true));
  }
  const auto& sorted = source.produce(0, 1'000'000'000);
  REQUIRE(sorted.size() == 120'000);
  for (std::size_t i = 1; i < sorted.size(); ++i) {
    REQUIRE(sorted[i - 1].time <= sorted[i].time);
    if (sorted[i - 1].time == sorted[i].time)
      REQUIRE(sorted[i - 1].packet->flow <= sorted[i].packet->flow);
  }
}

TEST_CASE("streams go on for 106 days") {
  // Times once stuck at 2^62 ps, 53 days.
  constexpr std::int64_t day = 86'400 * 1000 * ms;
  for (const Arrivals kind : {Arrivals::poisson, Arrivals::cbr})
    for (const bool ahead : {true, false}) {
      const auto packets = packets_of(spec_of(1e-6, nullptr, nullptr, 1, kind), 106 * day, ahead);
      const double expected = 106 * 86'400 / 1000.0;
      CHECK(static_cast<double>(packets.size()) == Approx(expected).epsilon(0.05));
      CHECK(packets.back().time > 105 * day);
    }
}
