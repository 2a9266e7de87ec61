#include "sim/report/expectations.hpp"

#include <algorithm>

#include "sim/report/aggregate.hpp"
#include "sim/report/services.hpp"
#include "sim/scenario/selection.hpp"

namespace longhaul::report {

namespace {

using Metric = Expectation::Metric;

Quantity quantity_of(Metric metric) {
  switch (metric) {
    case Metric::max_link_utilization:
    case Metric::loss:
    case Metric::availability:
      return Quantity::fraction;
    case Metric::mos:
      return Quantity::score;
    case Metric::throughput:
      return Quantity::bits_per_second;
    case Metric::max_queue:
      return Quantity::bytes;
    default:
      return Quantity::seconds;
  }
}

bool holds(double value, Expectation::Op op, double bound) {
  switch (op) {
    case Expectation::Op::less:
      return value < bound;
    case Expectation::Op::less_equal:
      return value <= bound;
    case Expectation::Op::greater:
      return value > bound;
    case Expectation::Op::greater_equal:
      return value >= bound;
  }
  return false;
}

/// A figure of links. Waits of several ports are taken together; loss is that of all their
/// arrivals.
std::optional<double> link_value(const Expectation& e, const run::Result& result) {
  const Measurements& m = result.measurements;
  double most_used = 0;
  double longest_queue = 0;
  std::uint64_t sent_bytes = 0;
  std::uint64_t arrived = 0;
  std::uint64_t dropped = 0;
  DurationStats wait;
  for (const PortId id : matching_ports(e, *result.scenario->network)) {
    const PortMeasurement& port = m.ports[id.index()];
    most_used = std::max(most_used, port.utilization_mean);
    longest_queue = std::max(longest_queue, static_cast<double>(port.queue_bytes_max));
    sent_bytes += port.sent_bytes;
    arrived += port.arrived_packets;
    dropped += port.dropped_packets;
    wait.merge(port.wait);
  }
  const DurationSummary waits = summarize(wait);
  switch (e.metric) {
    case Metric::max_link_utilization:
      return most_used;
    case Metric::max_queue:
      return longest_queue;
    case Metric::loss:
      return ratio(dropped, arrived);
    case Metric::throughput:
      return bits_per_second(sent_bytes, m.measured);
    default:
      break;
  }
  if (waits.count == 0) return std::nullopt;
  switch (e.metric) {
    case Metric::mean_queueing:
      return waits.mean;
    case Metric::p50_queueing:
      return waits.p50;
    case Metric::p99_queueing:
      return waits.p99;
    case Metric::p999_queueing:
      return waits.p999;
    default:
      return std::nullopt;  // a link has no latency or jitter of its own
  }
}

/// Of the worst of the demands.
std::optional<double> worst_value(const Expectation& e, const run::Result& result) {
  const auto worst =
      worst_pair(result, e.metric, matching_demands(e, *result.scenario->network, *result.demands));
  return worst ? std::optional(worst->value) : std::nullopt;
}

std::optional<double> demand_value(const Expectation& e, const run::Result& result) {
  if (e.metric == Metric::mos || e.metric == Metric::availability) return worst_value(e, result);
  const Measurements& m = result.measurements;
  DemandAggregate all;
  for (const DemandId id : matching_demands(e, *result.scenario->network, *result.demands))
    all.add(m.demands[id.index()]);
  if (all.demands() == 0) return std::nullopt;
  if (e.metric == Metric::throughput) return all.delivered_bps(m.measured);
  if (all.sent_packets() == 0) return std::nullopt;
  if (e.metric == Metric::loss) return all.loss();
  if (all.delivered_packets() == 0) return std::nullopt;
  const DurationSummary latency = all.latency();
  const DurationSummary queueing = all.queueing();
  switch (e.metric) {
    case Metric::mean_latency:
      return latency.mean;
    case Metric::p50_latency:
      return latency.p50;
    case Metric::p90_latency:
      return latency.p90;
    case Metric::p99_latency:
      return latency.p99;
    case Metric::p999_latency:
      return latency.p999;
    case Metric::max_latency:
      return latency.max;
    case Metric::mean_queueing:
      return queueing.mean;
    case Metric::p50_queueing:
      return queueing.p50;
    case Metric::p99_queueing:
      return queueing.p99;
    case Metric::p999_queueing:
      return queueing.p999;
    case Metric::jitter:
      return all.jitter_s();
    default:
      return std::nullopt;
  }
}

}  // namespace

std::vector<ExpectationRow> evaluate_expectations(const run::Result& result) {
  std::vector<ExpectationRow> rows;
  for (const Expectation& e : result.scenario->expectations) {
    ExpectationRow row;
    row.text = e.text;
    row.bound = e.bound;
    row.quantity = quantity_of(e.metric);
    row.promise = e.promise;
    row.value = is_link_metric(e) ? link_value(e, result) : demand_value(e, result);
    row.pass = row.value && holds(*row.value, e.op, e.bound);
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace longhaul::report
