#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <span>
#include <utility>

#include "sim/traffic/traffic_spec.hpp"

namespace longhaul {

namespace {

/// A pair and its share of the total, in any unit.
struct Share {
  NodeId from;
  NodeId to;
  double weight;
};

/// What an entry without a total is scaled to before its load is looked at. Large, so that rounding
/// to bit/s is far below the precision of a utilization.
constexpr Rate trial_total = Rate::gbps(1'000'000);

/// Sorted by pair, each pair once, none from a node to itself, no zero.
void tidy(std::vector<Share>& shares) {
  std::erase_if(shares, [](const Share& s) { return s.from == s.to || s.weight <= 0; });
  std::stable_sort(shares.begin(), shares.end(), [](const Share& a, const Share& b) {
    return std::pair(a.from, a.to) < std::pair(b.from, b.to);
  });
  std::size_t kept = 0;
  for (const Share& share : shares) {
    const bool again =
        kept > 0 && shares[kept - 1].from == share.from && shares[kept - 1].to == share.to;
    if (again) {
      shares[kept - 1].weight += share.weight;
    } else {
      shares[kept++] = share;
    }
  }
  shares.erase(shares.begin() + static_cast<std::ptrdiff_t>(kept), shares.end());
}

std::vector<NodeId> participants(const Network& network, const TrafficSpec& spec) {
  std::vector<NodeId> nodes = spec.among;
  if (nodes.empty()) {
    for (std::size_t i = 0; i < network.nodes().size(); ++i) nodes.emplace_back(i);
  }
  std::sort(nodes.begin(), nodes.end());
  nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
  return nodes;
}

/// Node weights times a power of two, which is exact, so that no product or sum of them overflows.
std::vector<double> scaled_weights(const Network& network) {
  double most = 0;
  for (const Node& node : network.nodes()) most = std::max(most, node.weight);
  const int exponent = most > 0 ? std::ilogb(most) : 0;
  std::vector<double> weights;
  weights.reserve(network.nodes().size());
  for (const Node& node : network.nodes()) weights.push_back(std::scalbn(node.weight, -exponent));
  return weights;
}

std::vector<Share> explicit_shares(const TrafficSpec& spec) {
  std::vector<Share> shares;
  shares.reserve(spec.entries.size());
  for (const MatrixEntry& entry : spec.entries)
    shares.push_back({entry.from, entry.to, entry.rate.as_double()});
  return shares;
}

std::vector<Share> pair_shares(const Network& network, const TrafficSpec& spec) {
  const std::vector<NodeId> nodes = participants(network, spec);
  const bool gravity = spec.matrix == TrafficSpec::Matrix::gravity;
  const std::vector<double> weights = scaled_weights(network);
  std::vector<Share> shares;
  shares.reserve(nodes.size() * nodes.size());
  for (const NodeId from : nodes) {
    for (const NodeId to : nodes) {
      const double weight = gravity ? weights[from.index()] * weights[to.index()] : 1.0;
      shares.push_back({from, to, weight});
    }
  }
  return shares;
}

/// A pair of hubs gets both shares: each is a node to the other.
std::vector<Share> hub_shares(const Network& network, const TrafficSpec& spec) {
  const std::vector<double> weights = scaled_weights(network);
  std::vector<Share> shares;
  for (const NodeId node : participants(network, spec)) {
    for (const NodeId hub : spec.hubs) {
      const double weight = weights[node.index()];
      if (spec.direction != TrafficSpec::Direction::from_hubs)
        shares.push_back({node, hub, weight});
      if (spec.direction != TrafficSpec::Direction::to_hubs) shares.push_back({hub, node, weight});
    }
  }
  return shares;
}

std::vector<Share> make_shares(const Network& network, const TrafficSpec& spec) {
  std::vector<Share> shares;
  switch (spec.matrix) {
    case TrafficSpec::Matrix::explicit_:
      shares = explicit_shares(spec);
      break;
    case TrafficSpec::Matrix::gravity:
    case TrafficSpec::Matrix::uniform:
      shares = pair_shares(network, spec);
      break;
    case TrafficSpec::Matrix::hub:
      shares = hub_shares(network, spec);
      break;
  }
  tidy(shares);
  return shares;
}

/// Splits `total` in proportion to the weights so that the parts add up to it exactly: each is
/// rounded down, and what is left goes, a bit/s each, to those that lost most (Hamilton's method;
/// equal losses in order).
std::vector<std::int64_t> apportion(const std::vector<Share>& shares, Rate total) {
  const double weights = std::accumulate(shares.begin(), shares.end(), 0.0,
                                         [](double sum, const Share& s) { return sum + s.weight; });
  std::vector<std::int64_t> parts(shares.size());
  std::vector<std::pair<double, std::size_t>> lost(shares.size());
  std::int64_t left = total.bps();
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const double exact = total.as_double() * (shares[i].weight / weights);
    const double down = std::floor(exact);
    parts[i] = static_cast<std::int64_t>(down);
    lost[i] = {exact - down, i};
    left -= parts[i];
  }
  if (left < 0 || static_cast<std::size_t>(left) >= shares.size()) {
    // Totals beyond 2^53 bit/s: the doubles' own error, a part in 10^16, goes to the largest.
    const auto largest = std::max_element(parts.begin(), parts.end());
    *largest += left;
    return parts;
  }
  std::sort(lost.begin(), lost.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  });
  for (std::size_t i = 0; i < static_cast<std::size_t>(left); ++i) parts[lost[i].second] += 1;
  return parts;
}

/// The position of `item` in `list`, at its end if it was not there; none for null.
template <class Id, class T>
Id shared_id(std::vector<std::shared_ptr<const T>>& list, const std::shared_ptr<const T>& item) {
  if (item == nullptr) return Id::none();
  const auto found = std::find(list.begin(), list.end(), item);
  if (found != list.end()) return Id(static_cast<std::size_t>(found - list.begin()));
  list.push_back(item);
  return Id(list.size() - 1);
}

void append(DemandSet& out, const TrafficSpec& spec, const std::vector<Share>& shares, Rate total) {
  const std::vector<std::int64_t> parts = apportion(shares, total);
  const auto model = shared_id<ArrivalModelId>(out.arrival_models, spec.model);
  const auto profile = shared_id<ProfileId>(out.profiles, spec.profile);
  const auto transport = shared_id<TransportId>(out.transports, spec.transport);
  const auto bucket = spec.bucket ? static_cast<std::int32_t>(out.buckets.size()) : -1;
  if (spec.bucket) out.buckets.push_back(*spec.bucket);
  for (std::size_t i = 0; i < shares.size(); ++i) {
    if (parts[i] <= 0) continue;
    out.demands.push_back(Demand{shares[i].from, shares[i].to, spec.cls, Rate::bps(parts[i]),
                                 spec.arrivals, spec.sizes, model, profile, spec.constraint,
                                 spec.ecn, transport, bucket, spec.service, spec.voice});
  }
}

Rate rounded(double bps) {
  const double most = static_cast<double>(max_total_rate.bps());
  return Rate::bps(static_cast<std::int64_t>(std::floor(std::min(bps, most) + 0.5)));
}

/// One entry of a group, and between which parts of the whole its own lies.
struct Slice {
  const TrafficSpec* spec;
  std::vector<Share> shares;
  double from;
  double to;

  /// Of a whole. The slices of a group add up to it to the bit/s, since their ends meet.
  Rate of(double bps) const { return rounded(bps * to) - rounded(bps * from); }
};

std::vector<Slice> slices(const Network& network, std::span<const TrafficSpec> group) {
  std::vector<Slice> out;
  double from = 0;
  for (const TrafficSpec& spec : group) {
    out.push_back({&spec, make_shares(network, spec), from, from + spec.share});
    from += spec.share;
    if (!spec.each) continue;
    for (Share& share : out.back().shares) share.weight = 1;
  }
  std::erase_if(out, [](const Slice& slice) { return slice.shares.empty(); });
  return out;
}

/// Of the group, before `scale`; every entry says the same.
double written_total(const Slice& slice) {
  if (slice.spec->each)
    return slice.spec->each->as_double() * static_cast<double>(slice.shares.size());
  if (slice.spec->total) return slice.spec->total->as_double();
  if (slice.spec->matrix != TrafficSpec::Matrix::explicit_) return 0;
  // Whole bit/s, so the sum is exact up to 2^53.
  double total = 0;
  for (const Share& share : slice.shares) total += share.weight;
  return total;
}

}  // namespace

const char* to_string(TrafficSpec::Direction direction) {
  static constexpr std::array words{"both", "from-hubs", "to-hubs"};
  return words[static_cast<std::size_t>(direction)];
}

DemandSet build_demands(const Network& network, const std::vector<TrafficClass>& classes,
                        const std::vector<SizeMix>& sizes, const std::vector<TrafficSpec>& traffic,
                        const std::function<double(const DemandSet&)>& max_utilization) {
  DemandSet out{classes, sizes, {}, {}, {}};
  for (std::size_t first = 0, last = 0; first < traffic.size(); first = last) {
    last = first + 1;
    while (last < traffic.size() && traffic[first].group != 0 &&
           traffic[last].group == traffic[first].group)
      ++last;
    const std::vector<Slice> group =
        slices(network, std::span(traffic).subspan(first, last - first));
    if (group.empty()) continue;
    double total = written_total(group.front());
    if (const auto target = traffic[first].target_utilization) {
      // Loads are linear in the scale: one look at a trial is enough.
      DemandSet trial{classes, sizes, {}, {}, {}};
      for (const Slice& slice : group)
        append(trial, *slice.spec, slice.shares, slice.of(trial_total.as_double()));
      const double reached = max_utilization(trial);
      if (!(reached > 0)) continue;
      total = trial_total.as_double() * (*target / reached);
    }
    for (const Slice& slice : group)
      append(out, *slice.spec, slice.shares, slice.of(total * slice.spec->scale));
  }
  return out;
}

}  // namespace longhaul
