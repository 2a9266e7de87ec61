// Whole runs of the packet engine: sources, routing, queues and full statistics included. Prints
// the tables of docs/performance.md.
//
//   bench_packet [--reps N] [--patience SECONDS] [--only abilene|nodes|rates|metro|memory]
//
// --patience waits for other programs to be idle before each repetition. The column "others" is the
// share of the machine that they took all the same, at the median.
#include <fmt/format.h>

#include <cstdio>
#include <cstring>
#include <exception>
#include <string>
#include <thread>
#include <vector>

#include "tests/bench/measure.hpp"
#include "tests/bench/networks.hpp"

namespace longhaul::bench {
namespace {

constexpr auto wall = &Sample::wall_ns;
constexpr auto cpu = &Sample::cpu_ns;

Case make(std::string name, packet::Input input, double hops, unsigned threads,
          double least_s = 0) {
  const packet::Config config = config_for(input, hops, threads, least_s);
  return {std::move(name), std::move(input), config, 1};
}

void heading(const char* what) {
  fmt::print(
      "\n| {} | threads | wall ns/hop, least | median | CPU ns/hop, least | median | hops | "
      "simulated ms | memory MB | others | speed-up, least | median |\n"
      "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n",
      what);
}

/// A row a case; cases of two threads or two copies are compared with the last one of neither.
void rows(const std::vector<Case>& cases, const std::vector<Samples>& results) {
  const Samples* single = nullptr;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const Samples& s = results[i];
    const packet::Config& config = cases[i].config;
    std::string speedup = " | ";
    if (config.threads == 1 && cases[i].copies == 1)
      single = &s;
    else if (single != nullptr)
      speedup = fmt::format("{:.2f} | {:.2f}", single->least(wall) / s.least(wall),
                            single->median(wall) / s.median(wall));
    fmt::print(
        "| {} | {} | {:.1f} | {:.1f} | {:.1f} | {:.1f} | {:.1f} M | {:.0f} | {:.0f} | {:.0f} % | "
        "{} |\n",
        cases[i].name, cases[i].copies > 1 ? "1 + 1" : std::to_string(config.threads),
        s.least(wall), s.median(wall), s.least(cpu), s.median(cpu), s.median(&Sample::hops) * 1e-6,
        (config.warmup + config.duration).seconds() * 1e3, s.median(&Sample::memory_bytes) * 1e-6,
        100 * s.median(&Sample::others), speedup);
  }
  std::fflush(stdout);
}

void abilene_table(const Rounds& rounds) {
  const packet::Input input = abilene(Rate::gbps(10));
  std::vector<Case> cases{make("Abilene 10 Gb/s", input, 30e6, 1),
                          make("Abilene 10 Gb/s", input, 30e6, 2),
                          make("two such runs side by side", input, 30e6, 1)};
  cases.back().copies = 2;
  heading("backbone");
  rows(cases, measure(cases, rounds));
}

void nodes_table(const Rounds& rounds) {
  std::vector<Case> cases;
  for (const std::size_t nodes : {10U, 30U, 100U, 300U, 750U}) {
    const auto input = random_backbone(nodes, Rate::gbps(10), 10);
    for (const unsigned threads : {1U, 2U})
      cases.push_back(
          make(fmt::format("{} nodes, {} demands", nodes, input.demands->demands.size()), input,
               nodes > 200 ? 60e6 : 30e6, threads));
  }
  for (const std::size_t nodes : {100U, 300U, 750U}) {
    const auto input = random_backbone(nodes, Rate::gbps(10));
    cases.push_back(
        make(fmt::format("{} nodes, all {} pairs", nodes, input.demands->demands.size()), input,
             60e6, 1));
  }
  heading("10 Gb/s, mean degree 3");
  rows(cases, measure(cases, rounds));
}

void rates_table(const Rounds& rounds) {
  std::vector<Case> cases;
  for (const int gbps : {1, 10, 100, 400}) {
    const auto input = random_backbone(30, Rate::gbps(gbps));
    for (const unsigned threads : {1U, 2U})
      cases.push_back(make(fmt::format("30 nodes, {} Gb/s", gbps), input, 30e6, threads, 0.05));
  }
  heading("links");
  rows(cases, measure(cases, rounds));
}

void metro_table(const Rounds& rounds) {
  // Each network with metro links of 10 us stands below the same one with trunks only: the metro
  // links as long as the others.
  std::vector<Case> cases;
  for (const int gbps : {10, 100}) {
    const double hops = gbps > 10 ? 100e6 : 40e6;
    const Rate rate = Rate::gbps(gbps);
    cases.push_back(
        make(fmt::format("6 trunks of 30 ms, {} Gb/s", gbps), trunks(rate), hops, 1, 0.3));
    for (const std::size_t around : {3U, 9U}) {
      const std::string rings = fmt::format("and 6 rings of {} links, {} Gb/s", around + 1, gbps);
      cases.push_back(make(rings + ", also of 30 ms",
                           trunks_and_metros(rate, around, Duration::ms(30)), hops, 1, 0.3));
      for (const unsigned threads : {1U, 2U})
        cases.push_back(make(rings + ", of 10 us",
                             trunks_and_metros(rate, around, Duration::us(10)), hops, threads,
                             0.3));
    }
  }
  heading("backbone");
  rows(cases, measure(cases, rounds));
}

void memory_table(const Rounds& rounds) {
  // The same traffic over links 100 times as long: what more it needs is packets in flight.
  std::vector<Case> cases;
  for (const int gbps : {10, 100, 400})
    for (const int us : {500, 50'000})
      cases.push_back(make(fmt::format("{} Gb/s", gbps),
                           line(Rate::gbps(gbps), 4, Duration::us(us)), 1, 1, 0.25));
  for (Case& c : cases) {
    c.config.duration = c.config.warmup + c.config.duration;
    c.config.warmup = Duration::zero();
  }
  const auto results = measure(cases, rounds);
  fmt::print(
      "\n| 4 links in a row | in flight, links of 0.5 ms | of 50 ms | memory MB | memory MB | "
      "bytes "
      "a packet in flight |\n| --- | --- | --- | --- | --- | --- |\n");
  for (std::size_t i = 0; i < cases.size(); i += 2) {
    const auto figure = [&](std::size_t at, double Sample::*f) { return results[at].median(f); };
    const double packets = figure(i + 1, &Sample::in_flight) - figure(i, &Sample::in_flight);
    const double bytes = figure(i + 1, &Sample::memory_bytes) - figure(i, &Sample::memory_bytes);
    fmt::print("| {} | {:.0f} | {:.0f} | {:.1f} | {:.1f} | {:.1f} |\n", cases[i].name,
               figure(i, &Sample::in_flight), figure(i + 1, &Sample::in_flight),
               figure(i, &Sample::memory_bytes) * 1e-6, figure(i + 1, &Sample::memory_bytes) * 1e-6,
               bytes / packets);
  }
}

struct Table {
  const char* name;
  void (*print)(const Rounds& rounds);
};
constexpr Table tables[] = {{"abilene", abilene_table},
                            {"nodes", nodes_table},
                            {"rates", rates_table},
                            {"metro", metro_table},
                            {"memory", memory_table}};

int run(int argc, char** argv) {
  Rounds rounds;
  std::string only;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--reps" && i + 1 < argc) {
      rounds.repetitions = std::stoi(argv[++i]);
    } else if (word == "--patience" && i + 1 < argc) {
      rounds.patience_s = std::stod(argv[++i]);
    } else if (word == "--only" && i + 1 < argc) {
      only = argv[++i];
    } else {
      fmt::print(stderr,
                 "usage: bench_packet [--reps N] [--patience SECONDS] "
                 "[--only abilene|nodes|rates|metro|memory]\n");
      return 2;
    }
  }
  fmt::print("{} processors; {} repetitions of each case, taking turns\n",
             std::thread::hardware_concurrency(), rounds.repetitions);
  for (const Table& table : tables)
    if (only.empty() || only == table.name) table.print(rounds);
  return 0;
}

}  // namespace
}  // namespace longhaul::bench

int main(int argc, char** argv) {
  try {
    return longhaul::bench::run(argc, argv);
  } catch (const std::exception& e) {
    fmt::print(stderr, "bench_packet: {}\n", e.what());
    return 1;
  }
}
