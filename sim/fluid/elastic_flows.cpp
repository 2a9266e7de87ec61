#include "sim/fluid/elastic_flows.hpp"

#include <algorithm>

namespace longhaul::fluid {

namespace {

constexpr double ps_per_s = 1e12;
constexpr std::uint32_t nowhere = UINT32_MAX;

}  // namespace

FlowClass ElasticFlows::add_class(double weight, double ceiling_bps,
                                  std::span<const Crossing> path) {
  Variable v;
  v.weight = weight;
  v.ceiling = ceiling_bps;
  v.multiplicity = 0;
  classes_.emplace_back();
  return rates_.add_variable(v, path);
}

void ElasticFlows::advance(State& c, std::int64_t now) {
  const double served = c.bits_per_ps * static_cast<double>(now - c.since);
  c.service += served;
  c.sent += served * static_cast<double>(c.flows.size() + c.endless);
  c.since = now;
}

void ElasticFlows::count_changed(FlowClass c) {
  rates_.set_multiplicity(c, static_cast<double>(flows(c)));
}

void ElasticFlows::arrive(FlowClass index, double bits, std::int64_t came, std::int64_t now) {
  go_on(index, {bits, bits, came}, now);
}

void ElasticFlows::go_on(FlowClass index, const FlowUnderWay& flow, std::int64_t now) {
  State& c = classes_[index];
  advance(c, now);
  c.flows.push_back({c.service + flow.left, flow.came, flow.bits});
  std::push_heap(c.flows.begin(), c.flows.end());
  ++flows_;
  count_changed(index);
  expect(index, now);
}

void ElasticFlows::add_endless(FlowClass index, std::uint32_t count, std::int64_t now) {
  advance(classes_[index], now);
  classes_[index].endless += count;
  flows_ += count;
  count_changed(index);
}

std::vector<FlowUnderWay> ElasticFlows::take_out(FlowClass index, std::uint32_t& endless,
                                                 std::int64_t now) {
  State& c = classes_[index];
  advance(c, now);
  std::sort_heap(c.flows.begin(), c.flows.end());  // the last to leave first
  std::vector<FlowUnderWay> out;
  for (auto flow = c.flows.rbegin(); flow != c.flows.rend(); ++flow)
    out.push_back({std::max(0.0, flow->leaves - c.service), flow->bits, flow->came});
  endless = c.endless;
  flows_ -= c.flows.size() + c.endless;
  c.flows.clear();
  c.endless = 0;
  count_changed(index);
  expect(index, now);
  return out;
}

void ElasticFlows::settle(std::int64_t now) {
  rates_.update();
  for (const FlowClass c : rates_.changed()) {
    advance(classes_[c], now);
    classes_[c].bits_per_ps = rates_.rate(c) / ps_per_s;
    expect(c, now);
  }
  rates_.forget_changes();
}

bool ElasticFlows::complete(std::int64_t now, DoneFlow& done) {
  if (heap_.empty() || heap_.front().time > now) return false;
  const FlowClass index = heap_.front().of;
  State& c = classes_[index];
  advance(c, now);
  std::pop_heap(c.flows.begin(), c.flows.end());
  const Flow flow = c.flows.back();
  c.flows.pop_back();
  --flows_;
  // Times are whole picoseconds, rounded up: what was sent beyond its end was not.
  c.sent -= std::max(0.0, c.service - flow.leaves);
  done = {index, flow.came, flow.bits};
  count_changed(index);
  expect(index, now);
  return true;
}

double ElasticFlows::sent_bits(FlowClass c, std::int64_t now) {
  advance(classes_[c], now);
  return classes_[c].sent;
}

/// Puts the class where its next departure belongs.
void ElasticFlows::expect(FlowClass index, std::int64_t now) {
  State& c = classes_[index];
  std::int64_t time = INT64_MAX;
  if (!c.flows.empty() && c.bits_per_ps > 0) {
    const double left = std::max(0.0, c.flows.front().leaves - c.service) / c.bits_per_ps;
    // Beyond a hundred days nothing is looked at.
    if (left < 9e18 - static_cast<double>(now)) time = now + static_cast<std::int64_t>(left) + 1;
  }
  const Due due{time, index};
  if (c.place == nowhere) {
    if (time == INT64_MAX) return;
    heap_.push_back(due);
    sift_up(static_cast<std::uint32_t>(heap_.size() - 1), due);
    return;
  }
  const std::uint32_t place = c.place;
  if (time == INT64_MAX) {
    const Due last = heap_.back();
    heap_.pop_back();
    c.place = nowhere;
    if (place == heap_.size()) return;
    if (place > 0 && last.before(heap_[(place - 1) / 2]))
      sift_up(place, last);
    else
      sift_down(place, last);
    return;
  }
  if (due.before(heap_[place]))
    sift_up(place, due);
  else
    sift_down(place, due);
}

void ElasticFlows::put(std::uint32_t place, const Due& due) {
  heap_[place] = due;
  classes_[due.of].place = place;
}

void ElasticFlows::sift_up(std::uint32_t place, const Due& due) {
  while (place > 0) {
    const std::uint32_t parent = (place - 1) / 2;
    if (!due.before(heap_[parent])) break;
    put(place, heap_[parent]);
    place = parent;
  }
  put(place, due);
}

void ElasticFlows::sift_down(std::uint32_t place, const Due& due) {
  const auto n = static_cast<std::uint32_t>(heap_.size());
  while (true) {
    std::uint32_t child = 2 * place + 1;
    if (child >= n) break;
    if (child + 1 < n && heap_[child + 1].before(heap_[child])) ++child;
    if (!heap_[child].before(due)) break;
    put(place, heap_[child]);
    place = child;
  }
  put(place, due);
}

}  // namespace longhaul::fluid
