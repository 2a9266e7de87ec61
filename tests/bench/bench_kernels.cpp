// What a packet-hop is made of, kernel by kernel: time per item (a packet, a value, a network).
// Run with --benchmark_filter=NAME for one.
#include <benchmark/benchmark.h>

#include <vector>

#include "sim/base/random.hpp"
#include "sim/packet/lane.hpp"
#include "sim/packet/merge.hpp"
#include "sim/packet/source.hpp"
#include "sim/routing/loads.hpp"
#include "sim/stats/histogram.hpp"
#include "tests/bench/networks.hpp"

namespace longhaul::bench {
namespace {

using packet::Key;
using packet::Packet;

void items(benchmark::State& state, std::size_t per_iteration) {
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(per_iteration));
  // Reported as time per item; Google Benchmark prints it with a unit prefix.
  state.counters["per_item"] = benchmark::Counter(
      static_cast<double>(per_iteration),
      benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

// The loop variable of Google Benchmark's idiom is never read.
// NOLINTBEGIN(clang-analyzer-deadcode.DeadStores)

/// Random words and exponentials of a batch of packets.
void random_words(benchmark::State& state) {
  RandomBatch out;
  std::uint64_t number = 0;
  for (auto _ : state) {
    fill_random(1, 42, number, out);
    number += random_batch;
    benchmark::DoNotOptimize(out);
  }
  items(state, random_batch);
}
BENCHMARK(random_words);

/// A source of `range` demands: arrivals drawn and sorted, a window of 4096 packets at a time.
void source(benchmark::State& state) {
  const auto demands = static_cast<std::size_t>(state.range(0));
  const SizeMix mix{"imix", {{64, 7}, {594, 4}, {1518, 1}}};
  const packet::SizeTable sizes(mix);
  packet::Source source;
  const double gap_ps = 1e6;  // of all together
  for (std::size_t d = 0; d < demands; ++d)
    source.add(packet::ArrivalStream({Arrivals::poisson, gap_ps * static_cast<double>(demands),
                                      &sizes, 1, d, static_cast<std::uint32_t>(d << 6), 64, 0},
                                     true));
  constexpr std::int64_t window = 4096 * 1'000'000LL;
  std::int64_t now = 0;
  std::size_t packets = 0;
  for (auto _ : state) {
    packets += source.produce(now, now + window).size();
    now += window;
  }
  items(state, packets / static_cast<std::size_t>(state.iterations()));
}
BENCHMARK(source)->Arg(1)->Arg(10)->Arg(100)->Arg(1000);

/// Merging `range` runs, 4096 keys in all.
void merge(benchmark::State& state) {
  const auto runs = static_cast<std::size_t>(state.range(0));
  constexpr std::size_t keys = 4096;
  std::vector<std::vector<Key>> lanes(runs);
  std::uint64_t dice = 0;
  for (auto& lane : lanes) {
    std::int64_t time = 0;
    for (std::size_t i = 0; i < keys / runs; ++i) {
      time += static_cast<std::int64_t>(mix(++dice) % (1000 * runs));
      lane.push_back({time, nullptr});
    }
  }
  packet::MergeBuffer buffer;
  for (auto _ : state) {
    Key* at = buffer.reserve(keys);
    for (const auto& lane : lanes) {
      at = std::copy(lane.begin(), lane.end(), at);
      buffer.ends.push_back(at);
    }
    benchmark::DoNotOptimize(buffer.merge());
  }
  items(state, keys / runs * runs);
}
BENCHMARK(merge)->Arg(1)->Arg(2)->Arg(4)->Arg(16);

/// A packet written to a lane, read from it, its memory given back.
void lane(benchmark::State& state) {
  packet::ChunkReserve reserve;
  packet::ChunkPool pool(reserve);
  packet::Lane lane;
  constexpr std::size_t packets = 4096;
  std::vector<Key> keys(packets);
  Packet p{};
  for (auto _ : state) {
    for (std::size_t i = 0; i < packets; ++i) {
      ++p.time;
      lane.append(p, pool);
    }
    benchmark::DoNotOptimize(lane.collect(lane.written(), p.time + 1, keys.data()));
    lane.release(pool);
  }
  items(state, packets);
}
BENCHMARK(lane);

/// A value added to a histogram of latencies.
void histogram(benchmark::State& state) {
  std::vector<std::int64_t> values;
  for (std::uint64_t i = 0; i < 4096; ++i)
    values.push_back(static_cast<std::int64_t>(mix(i) % 10'000'000));
  Histogram h;
  for (auto _ : state)
    for (const std::int64_t v : values) h.add(v);
  benchmark::DoNotOptimize(h.count());
  items(state, values.size());
}
BENCHMARK(histogram);

/// A whole run over `range` links in a row, per packet. The difference of two lengths is what a hop
/// costs that has no source, sink or merging: reading a lane, serving, counting, writing a lane.
void packet_over_links_in_a_row(benchmark::State& state) {
  const auto input =
      line(Rate::gbps(10), static_cast<std::size_t>(state.range(0)), Duration::ms(1));
  packet::Config config;
  config.warmup = Duration::ms(1);
  config.duration = Duration::ms(1999);
  config.queueing.buffer.kind = packet::Buffer::Kind::unlimited;
  std::uint64_t sent = 0;
  for (auto _ : state) sent = packet::run(input, config).packets.sent;
  items(state, sent);
}
BENCHMARK(packet_over_links_in_a_row)->Arg(1)->Arg(2)->Arg(9)->Unit(benchmark::kMillisecond);

/// All shortest paths of a network of `range` nodes.
void routes(benchmark::State& state) {
  const auto input = random_backbone(static_cast<std::size_t>(state.range(0)), Rate::gbps(10), 1);
  RoutingSpec spec;
  spec.metric = Metric::delay;
  for (auto _ : state) benchmark::DoNotOptimize(compute_routes(*input.network, spec));
}
BENCHMARK(routes)->Arg(30)->Arg(100)->Arg(750)->Unit(benchmark::kMillisecond);

/// Expected loads of all pairs of a network of `range` nodes.
void loads(benchmark::State& state) {
  const auto input = random_backbone(static_cast<std::size_t>(state.range(0)), Rate::gbps(10));
  for (auto _ : state)
    benchmark::DoNotOptimize(expected_loads(*input.network, *input.routes, *input.demands));
}
BENCHMARK(loads)->Arg(30)->Arg(100)->Arg(750)->Unit(benchmark::kMillisecond);

// NOLINTEND(clang-analyzer-deadcode.DeadStores)

}  // namespace
}  // namespace longhaul::bench

BENCHMARK_MAIN();
