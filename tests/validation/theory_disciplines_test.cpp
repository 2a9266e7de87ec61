// Disciplines against what is proved of them: Cobham's waits, fairness and latency of DRR,
// worst-case fairness and the Parekh-Gallager bound of WFQ, guarantees and ceilings of the
// hierarchy.
#include <algorithm>
#include <map>

#include "tests/catch.hpp"
#include "tests/validation/lab.hpp"
#include "tests/validation/one_port.hpp"
#include "tests/validation/theory.hpp"

namespace longhaul {
namespace {

using namespace lab;
using namespace one_port;

const Rate speed = Rate::gbps(10);

/// Cobham (Operations Research 2, 1954): non-preemptive priorities, in bytes of work:
/// W_k = R / ((1 - s_{k-1}) (1 - s_k)), R = sum load_i E[S_i^2] / (2 E[S_i]), s_k = load_0 + .. +
/// load_k.
std::vector<double> cobham(const std::vector<SizeMix>& mixes, const std::vector<double>& loads) {
  double residual = 0;
  for (std::size_t i = 0; i < loads.size(); ++i)
    residual += loads[i] * theory::mean_square_bytes(mixes[i]) / (2 * theory::mean_bytes(mixes[i]));
  std::vector<double> waits;
  double above = 0;
  for (const double load : loads) {
    waits.push_back(residual / ((1 - above) * (1 - above - load)));
    above += load;
  }
  return waits;
}

void check_cobham(const std::vector<SizeMix>& mixes, const std::vector<double>& loads,
                  double precision) {
  Lab lab;
  const NodeId a = lab.node();
  const NodeId b = lab.node();
  const PortId port = lab.link(a, b, speed);
  double packets_per_second = 0;
  for (std::size_t k = 0; k < loads.size(); ++k) {
    const ClassId cls = k == 0 ? ClassId(0) : lab.cls(static_cast<int>(k));
    const double bps = loads[k] * speed.as_double();
    const DemandId d = lab.demand(a, b, bps, lab.sizes(mixes[k]));
    lab[d].cls = cls;
    packets_per_second += bps / 8 / theory::mean_bytes(mixes[k]);
  }
  packet::Config config = config_for(2e6, packets_per_second);
  config.queueing.discipline = Discipline::strict_priority;
  const std::vector<Measurements> runs = replicate(lab, config, 12);
  const std::vector<double> waits = cobham(mixes, loads);
  for (std::size_t k = 0; k < loads.size(); ++k)
    check_mean(
        "Cobham, class " + std::to_string(k), runs,
        [&](const Measurements& m) { return m.ports[port.index()].classes[k].wait.mean_ps(); },
        waits[k] * ps_per_byte, precision);
}

/// Deterministic words for arrivals made up by a test.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : seed_(seed) {}
  std::uint32_t below(std::uint32_t n) {
    return static_cast<std::uint32_t>(std::uint64_t{philox(seed_, 99, n_++).w[0]} * n >> 32);
  }

 private:
  std::uint64_t seed_;
  std::uint64_t n_ = 0;
};

/// Every packet of class `cls` at time 0.
void backlog(std::vector<Offered>& out, std::uint32_t cls, int packets, std::uint16_t bytes) {
  for (int i = 0; i < packets; ++i) out.push_back({0, cls, bytes});
}

std::vector<TrafficClass> classes(std::size_t n) {
  std::vector<TrafficClass> out;
  for (std::size_t c = 0; c < n; ++c) out.push_back({std::to_string(c), static_cast<int>(c)});
  return out;
}

Queueing weighted(Discipline discipline, const std::vector<double>& weights) {
  Queueing q;
  q.discipline = discipline;
  q.buffer.kind = QueueLimit::Kind::unlimited;
  for (const double w : weights) {
    q.classes.emplace_back();
    q.classes.back().weight = w;
  }
  return q;
}

/// Bytes of each class sent up to the end of each transmission while all are backlogged.
std::vector<std::vector<double>> service(const Outcome& o, std::size_t n, std::size_t packets) {
  std::vector<std::vector<double>> out{std::vector<double>(n, 0.0)};
  for (std::size_t i = 0; i < packets; ++i) {
    out.push_back(out.back());
    out.back()[o.sent[i].packet.cls] += o.sent[i].packet.bytes;
  }
  return out;
}

}  // namespace

TEST_CASE("Strict priority: Cobham's waits", "[theory]") {
  check_cobham({theory::fixed_size(500), theory::fixed_size(500)}, {0.4, 0.4}, 0.04);
  check_cobham({theory::fixed_size(200), theory::imix()}, {0.2, 0.6}, 0.05);
  check_cobham({theory::imix(), theory::exponential_sizes(400), theory::fixed_size(1500)},
               {0.2, 0.3, 0.3}, 0.05);
}

TEST_CASE("DRR: shares and their bound", "[theory]") {
  // Shreedhar and Varghese, theorem 4.2: between any two instants at which both are backlogged,
  // |S_i/f_i - S_j/f_j| <= Q + Max/f_i + Max/f_j, with quanta f_i Q.
  const std::vector<double> f{1, 2, 3.5};
  std::vector<Offered> offered;
  backlog(offered, 0, 20'000, 1500);
  backlog(offered, 1, 80'000, 600);
  backlog(offered, 2, 900'000, 64);
  const Outcome o =
      OnePort<packet::Classful<packet::DrrScheduler>>(weighted(Discipline::drr, f), classes(3))
          .serve(offered);
  constexpr std::size_t packets = 300'000;
  const auto s = service(o, 3, packets);
  const double quantum = 1538;
  const double most = 1500;
  double worst = 0;
  for (std::size_t from = 0; from < packets; from += 997)
    for (std::size_t to = from; to < packets; to += 499)
      for (std::size_t i = 0; i < 3; ++i)
        for (std::size_t j = 0; j < i; ++j) {
          const double unfair =
              std::abs((s[to][i] - s[from][i]) / f[i] - (s[to][j] - s[from][j]) / f[j]);
          worst = std::max(worst, unfair - quantum - most / f[i] - most / f[j]);
        }
  CHECK(worst <= 0);
  for (std::size_t i = 0; i < 3; ++i)
    CHECK(s[packets][i] / (s[packets][0] + s[packets][1] + s[packets][2]) ==
          Approx(f[i] / 6.5).epsilon(1e-3));
}

TEST_CASE("DRR: latency of a class that wakes up", "[theory]") {
  // Stiliadis and Varma (IEEE/ACM ToN 6(5), 1998): a latency-rate server with
  // theta_i = (3 F - 2 q_i) / C, F the sum of quanta: by time t after i became backlogged it has
  // had at least r_i (t - theta_i).
  const std::vector<double> f{1, 1, 2, 4};
  const double quantum = 1538;
  const double frame = 8 * quantum;
  for (std::uint32_t phase = 0; phase < 40; ++phase) {
    std::vector<Offered> offered;
    backlog(offered, 1, 4000, 1500);
    backlog(offered, 2, 4000, 1400);
    backlog(offered, 3, 8000, 1499);
    const std::int64_t wakes = 1'000'000'000 + phase * 500'000;
    for (int i = 0; i < 400; ++i) offered.push_back({wakes, 0, 1537});
    const Outcome o =
        OnePort<packet::Classful<packet::DrrScheduler>>(weighted(Discipline::drr, f), classes(4))
            .serve(offered);
    double bytes = 0;
    int seen = 0;
    for (const Event& e : o.sent) {
      if (e.packet.cls != 0) continue;
      // Just before it is through, only those before count.
      const double elapsed = static_cast<double>(e.end - wakes) / ps_per_byte;
      CHECK(bytes >= f[0] / 8 * (elapsed - (3 * frame - 2 * quantum)) - 1537);
      bytes += e.packet.bytes;
      CHECK(bytes >= f[0] / 8 * (elapsed - (3 * frame - 2 * quantum)));
      ++seen;
    }
    CHECK(seen == 400);
  }
}

TEST_CASE("WFQ: shares and worst-case fairness", "[theory]") {
  // Bennett and Zhang 1997, definition 2 and theorem 4: from any instant at which class i is
  // backlogged to the departure of any packet of it, W_i >= (r_i / C) W - alpha_i with alpha_i =
  // L_i + (L - L_i) r_i / C, L_i the class's largest packet.
  const std::vector<double> w{1, 2, 5};
  const std::vector<double> largest{1500, 600, 64};
  std::vector<Offered> offered;
  backlog(offered, 0, 20'000, 1500);
  backlog(offered, 1, 80'000, 600);
  backlog(offered, 2, 900'000, 64);
  const Outcome o =
      OnePort<packet::Classful<packet::WfqScheduler>>(weighted(Discipline::wfq, w), classes(3))
          .serve(offered);
  constexpr std::size_t packets = 300'000;
  const auto s = service(o, 3, packets);
  std::vector<double> worst(3, 1e9);
  for (std::size_t from = 0; from < packets; from += 4999)
    for (std::size_t to = from + 1; to < packets; ++to) {
      const std::size_t i = o.sent[to - 1].packet.cls;
      const double all = (s[to][0] + s[to][1] + s[to][2]) - (s[from][0] + s[from][1] + s[from][2]);
      const double alpha = largest[i] + (1500 - largest[i]) * w[i] / 8;
      worst[i] = std::min(worst[i], s[to][i] - s[from][i] - w[i] / 8 * all + alpha);
    }
  for (const double margin : worst) CHECK(margin >= 0);
  for (std::size_t i = 0; i < 3; ++i)
    CHECK(s[packets][i] / (s[packets][0] + s[packets][1] + s[packets][2]) ==
          Approx(w[i] / 8).epsilon(1e-3));
}

TEST_CASE("WFQ: every packet within the Parekh-Gallager bound", "[theory]") {
  // Parekh and Gallager (IEEE/ACM ToN 1(3), 1993): traffic of a token bucket (sigma, rho) with a
  // guarantee g >= rho is delayed at most sigma / g + L / C at one node, whatever the others do.
  const std::vector<double> w{1, 3, 4};
  const double sigma = 6000;  // bytes
  int checked = 0;
  double closest = 1e18;
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    Dice dice(seed);
    std::vector<Offered> offered;
    // Class 0 conforms to (sigma, C/8) by a bucket in byte times; its packets are of any size.
    double tokens = sigma;
    std::int64_t now = 0;
    while (offered.size() < 3000) {
      const auto bytes = static_cast<std::uint16_t>(64 + dice.below(1437));
      // Sometimes a pause that fills the bucket, else as fast as it lets.
      const double wait =
          std::max(0.0, (bytes - tokens) * 8) + (dice.below(50) == 0 ? 50'000.0 : 0.0);
      const auto step = static_cast<std::int64_t>(std::ceil(wait));
      now += step * ps_per_byte;
      tokens = std::min(sigma, tokens + static_cast<double>(step) / 8) - bytes;
      offered.push_back({now, 0, bytes});
    }
    const std::int64_t end = now;
    // The others together offer twice the link, in bursts.
    for (std::uint32_t cls : {1U, 2U})
      for (std::int64_t t = 0; t < end;) {
        const std::uint32_t burst = 1 + dice.below(40);
        std::int64_t bytes = 0;
        for (std::uint32_t i = 0; i < burst; ++i) {
          const auto size = static_cast<std::uint16_t>(dice.below(3) == 0 ? 1500 : 64);
          offered.push_back({t, cls, size});
          bytes += size;
        }
        t += bytes * ps_per_byte;
      }
    std::stable_sort(offered.begin(), offered.end(),
                     [](const Offered& a, const Offered& b) { return a.time < b.time; });
    const Outcome o =
        OnePort<packet::Classful<packet::WfqScheduler>>(weighted(Discipline::wfq, w), classes(3))
            .serve(offered);
    const auto bound = static_cast<std::int64_t>((sigma * 8 + 1500) * ps_per_byte);
    for (const Event& e : o.sent) {
      if (e.packet.cls != 0) continue;
      CHECK(e.end - e.packet.time <= bound);
      closest = std::min(closest, static_cast<double>(bound - (e.end - e.packet.time)) /
                                      static_cast<double>(bound));
      ++checked;
    }
  }
  CHECK(checked == 30 * 3000);
  CHECK(closest < 0.1);  // the bound is nearly reached: the test has teeth
}

TEST_CASE("Hierarchical: guarantees, borrowing and ceilings", "[theory]") {
  // Guarantees of 20 % and 10 % (in a group of 50 %), 10 % alone; the last may have 30 % at most.
  Queueing q = weighted(Discipline::hierarchical, {1, 1, 1});
  q.groups.emplace_back();
  q.groups[0].guaranteed.share = 0.5;
  q.classes[0].guaranteed.share = 0.2;
  q.classes[1].guaranteed.share = 0.1;
  q.classes[2].guaranteed.share = 0.1;
  q.classes[0].parent = q.classes[1].parent = 0;
  q.classes[2].ceiling.share = 0.3;
  using Tree = OnePort<packet::Classful<packet::HierarchicalScheduler>>;
  // All of one priority: who shares what is left does so by guarantee.
  const std::vector<TrafficClass> alike{{"0", 0}, {"1", 0}, {"2", 0}};
  const auto shares = [&](const std::vector<std::uint32_t>& backlogged) {
    std::vector<Offered> offered;
    for (const std::uint32_t c : backlogged) backlog(offered, c, 100'000, 1000);
    const Outcome o = Tree(q, alike).serve(offered);
    // Over the first 50,000 packet times: everybody is still backlogged.
    const std::int64_t until = std::int64_t{50'000} * 1000 * ps_per_byte;
    std::vector<double> sent(3, 0.0);
    for (const Event& e : o.sent)
      if (e.end <= until) sent[e.packet.cls] += 1.0 / 50'000;
    return sent;
  };
  const auto all = shares({0, 1, 2});
  CHECK(all[0] + all[1] + all[2] == Approx(1).epsilon(1e-3));
  CHECK(all[0] >= 0.2);
  CHECK(all[1] >= 0.1);
  CHECK(all[2] >= 0.1);
  CHECK(all[0] + all[1] >= 0.5 - 1e-3);
  CHECK(all[2] <= 0.3 + 1e-2);
  const auto alone = shares({2});
  // 40 ms at the ceiling, and its burst of 1 ms.
  CHECK(alone[2] == Approx(0.3 * 41 / 40).epsilon(1e-3));
  const auto two = shares({1, 2});
  CHECK(two[2] <= 0.3 + 1e-2);
  CHECK(two[1] + two[2] == Approx(1).epsilon(1e-3));  // it borrows from its group, then the link
  const auto group = shares({0, 1});
  CHECK(group[0] + group[1] == Approx(1).epsilon(1e-3));
}

TEST_CASE("Hierarchical: no span of time holds more than a ceiling lets", "[theory]") {
  Queueing q = weighted(Discipline::hierarchical, {1, 1});
  q.classes[0].ceiling.share = 0.25;
  q.classes[0].strict = true;
  Dice dice(7);
  // Either class in turn, at 40 % of the link: class 0 empties its bucket, which then fills.
  std::vector<Offered> offered;
  for (std::int64_t t = 0; offered.size() < 40'000; t += dice.below(3'000'000))
    offered.push_back({t, static_cast<std::uint32_t>(offered.size() / 4000 % 2),
                       static_cast<std::uint16_t>(64 + dice.below(1437))});
  const Outcome o =
      OnePort<packet::Classful<packet::HierarchicalScheduler>>(q, classes(2)).serve(offered);
  CHECK(o.sent.size() == offered.size());
  std::vector<std::int64_t> starts;
  std::vector<double> sum{0};
  for (const Event& e : o.sent) {
    if (e.packet.cls != 0) continue;
    starts.push_back(e.start);
    sum.push_back(sum.back() + e.packet.bytes);
  }
  // Burst: 1 ms at a quarter of the link, and the packet that is let go with it.
  const double burst = 1e9 / ps_per_byte / 4 + 1500;
  double worst = 0;
  for (std::size_t i = 0; i < starts.size(); i += 7)
    for (std::size_t j = i; j < starts.size(); j += 3)
      worst = std::max(worst, sum[j + 1] - sum[i] -
                                  static_cast<double>(starts[j] - starts[i]) / ps_per_byte / 4);
  CHECK(worst <= burst);
  CHECK(worst > burst - 3000);  // it is made use of
}

}  // namespace longhaul
