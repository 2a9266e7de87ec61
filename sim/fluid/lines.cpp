#include "sim/fluid/lines.hpp"

#include <algorithm>
#include <tuple>

namespace longhaul::fluid {

namespace {

constexpr double ps_per_s = 1e12;
/// A port to which this much of its rate comes is one that may fill: sums of doubles are not exact.
constexpr double nearly_full = 1 - 1e-9;
/// Where some port may fill, those this full get queues too: what comes from it may fill them.
constexpr double rather_full = 0.97;

double seconds(std::int64_t ps) { return static_cast<double>(ps) / ps_per_s; }

/// The highest factor of the states of a model.
double most_of_model(const ArrivalModel* model) {
  if (model == nullptr) return 1;
  if (const auto* mmpp = std::get_if<Mmpp>(model)) {
    const std::vector<double> factors = rate_factors(*mmpp);
    return *std::max_element(factors.begin(), factors.end());
  }
  if (const auto* on_off = std::get_if<OnOff>(model))
    return static_cast<double>(on_off->on.ps() + on_off->off.ps()) /
           static_cast<double>(on_off->on.ps());
  return 1;
}

/// Whether packets for the destination take the same next hops from all these nodes.
bool same_next(const Routes& a, const Routes& b, const std::vector<NodeId>& nodes,
               DestinationId destination) {
  return std::all_of(nodes.begin(), nodes.end(), [&](NodeId node) {
    const auto x = a.next(node, destination);
    const auto y = b.next(node, destination);
    return std::equal(x.begin(), x.end(), y.begin(), y.end());
  });
}

}  // namespace

bool by_chance(const ArrivalModel* model) {
  return model != nullptr &&
         (std::holds_alternative<Mmpp>(*model) || std::holds_alternative<OnOff>(*model));
}

std::vector<bool> steady_demands(const engine::Input& input) {
  std::vector<bool> out;
  for (const Demand& d : input.demands->demands) {
    const DestinationId destination = input.routes->destination(d.to, d.constraint);
    const auto nodes = nodes_of_way(*input.network, *input.routes, d.from, destination);
    const bool whole = std::all_of(nodes.begin(), nodes.end(), [&](NodeId node) {
      return node == d.to || !input.routes->next(node, destination).empty();
    });
    out.push_back(whole && std::all_of(input.changes.begin(), input.changes.end(),
                                       [&](const engine::RouteChange& change) {
                                         return same_next(*input.routes, *change.routes, nodes,
                                                          destination);
                                       }));
  }
  return out;
}

Lines::Lines(const engine::Input& input, const engine::Config& config,
             std::vector<std::int64_t> looks)
    : input_(input),
      config_(config),
      measure_from_(config.warmup.ps()),
      end_((config.warmup + config.duration).ps()),
      looks_(std::move(looks)),
      used_(input.network->ports().size(), false),
      bits_(0, measure_from_, config.interval_ps(), end_),
      peaks_(0, end_) {}

Lines::Group& Lines::group_of(DemandId demand, std::uint64_t stream) {
  const DemandSet& set = *input_.demands;
  const Demand& d = set.demands[demand.index()];
  const ArrivalModel* model = set.arrival_model(d);
  const Profile* profile = set.profile(d);
  const auto& at = input_.network->node(d.from).at;
  const ProfileAt key{profile != nullptr ? d.profile.value() : UINT32_MAX,
                      at && profile != nullptr ? at->longitude : 0.0};
  const bool random = by_chance(model);
  if (!random) {
    const auto [it, added] = group_by_profile_.emplace(key, groups_.size());
    if (!added) return groups_[it->second];
  }
  groups_.push_back({RatePath(random ? model : nullptr, profile, key.second, config_.seed, stream),
                     random, random ? most_of_model(model) * most_of(profile, key) : 0});
  return groups_.back();
}

/// The highest factor of a profile in this run.
double Lines::most_of(const Profile* profile, const ProfileAt& key) {
  if (profile == nullptr) return 1;
  const auto [it, added] = most_by_profile_.emplace(key, 0);
  if (!added) return it->second;
  RatePath path(nullptr, profile, key.second, 0, 0);
  for (it->second = path.factor(); path.end() < end_;) {
    path.next();
    it->second = std::max(it->second, path.factor());
  }
  return it->second;
}

void Lines::add(DemandId demand, const Ways& ways, const std::vector<bool>& queues,
                std::uint64_t stream) {
  const Demand& d = input_.demands->demands[demand.index()];
  const double mean_bits = 8 * input_.demands->sizes[d.sizes.index()].mean_bytes();
  Group& group = group_of(demand, stream);
  Member member{demand.value(), static_cast<std::uint32_t>(ends_.size()), 0};
  for (const Reach& r : reach(*input_.network, ways, ways.start[demand.index()], 0, queues)) {
    if (r.what == Reach::What::queue) continue;
    wait_for(r.delay);
    if (r.what == Reach::What::end) {
      ends_.push_back({r.delay, r.share});
      ++member.ends;
      continue;
    }
    const Hop& hop = ways.hops[r.hop];
    const double bps = d.rate.as_double() * r.share;
    group.parts.push_back({hop.port.value(), 1, r.delay, bps * hop.framing, bps / mean_bits});
    use(hop.port.value(), r.delay);
  }
  group.members.push_back(member);
}

void Lines::seal() {
  if (!any()) return;
  const std::size_t ports = used_.size();
  bits_ = RateSums(ports, measure_from_, config_.interval_ps(), end_);
  peaks_ = Peaks(ports, end_);
  packets_per_s_.assign(ports, 0.0);
  packets_.assign(ports, 0.0);
  at_looks_.assign(ports * looks_.size(), 0.0);
  for (Group& group : groups_) {
    std::vector<Part>& parts = group.parts;
    std::stable_sort(parts.begin(), parts.end(), [](const Part& a, const Part& b) {
      return std::tie(a.port, a.delay) < std::tie(b.port, b.delay);
    });
    std::size_t n = 0;
    for (std::size_t i = 1; i < parts.size(); ++i) {
      if (parts[i].port != parts[n].port || parts[i].delay != parts[n].delay) {
        parts[++n] = parts[i];
        continue;
      }
      parts[n].hops += parts[i].hops;
      parts[n].bps += parts[i].bps;
      parts[n].packets_per_s += parts[i].packets_per_s;
    }
    parts.resize(std::min(parts.size(), n + 1));
    parts.shrink_to_fit();
    if (!group.random) continue;
    for (const Part& part : parts)
      if (part.delay < end_) peaks_.add(part.port, part.delay, part.bps * group.most);
  }
}

/// The integral of the factor over the measured period up to `until`.
double Lines::sent_s(const Step& step, std::int64_t until) const {
  const std::int64_t from = std::max(step.time, measure_from_);
  return until > from ? step.sent_s + step.factor * seconds(until - from) : step.sent_s;
}

double Lines::sent_s(const Group& group, std::int64_t until) const {
  const auto after =
      std::upper_bound(group.last.begin(), group.last.end(), until,
                       [](std::int64_t time, const Step& step) { return time < step.time; });
  return after == group.last.begin() ? 0.0 : sent_s(*(after - 1), until);
}

void Lines::bring(std::uint32_t port, std::int64_t time, double bps, double packets_per_s,
                  std::int64_t reached) {
  if (time >= std::min(reached, end_)) return;
  add_up(port, time, bps, packets_per_s);
  peaks_.add(port, time, bps);
}

void Lines::add_up(std::uint32_t port, std::int64_t time, double bps, double packets_per_s) {
  bits_.add(port, time, bps);
  packets_per_s_[port] += packets_per_s;
  packets_[port] -= packets_per_s * seconds(std::max(time, measure_from_) - measure_from_);
  if (looks_.empty()) return;
  const auto look = std::upper_bound(looks_.begin(), looks_.end(), time);
  if (look != looks_.end())
    at_looks_[port * looks_.size() + static_cast<std::size_t>(look - looks_.begin())] += bps;
}

/// From the group's present time on its factor is another.
void Lines::change(Group& group, double factor, std::int64_t reached) {
  const std::int64_t time = group.next;
  const double change = factor - group.now.factor;
  group.now = {time, sent_s(group.now, time), factor};
  for (const Part& part : group.parts) {
    const std::int64_t there = time + part.delay;
    if (there >= reached) continue;
    add_up(part.port, there, part.bps * change, part.packets_per_s * change);
    if (!group.random) peaks_.add(part.port, there, part.bps * change);
    rate_changes_ += part.hops;
  }
}

void Lines::go_on(Group& group, std::int64_t until, std::int64_t reached) {
  while (group.next < until) {
    while (group.path.end() <= group.next) group.path.next();
    if (group.path.factor() != group.now.factor) {
      change(group, group.path.factor(), reached);
      if (reached < never) group.last.push_back(group.now);
    }
    group.next = group.path.end();
  }
}

void Lines::advance(std::int64_t now) {
  for (Group& group : groups_) go_on(group, std::min(now, end_) - longest_, never);
}

void Lines::finish(std::int64_t reached) {
  reached_ = reached;
  for (Group& group : groups_) {
    group.last = {group.now};
    go_on(group, reached, reached);
  }
}

std::vector<std::uint32_t> Lines::overfull() const {
  std::vector<std::uint32_t> near;
  bool over = false;
  for (std::uint32_t p = 0; p < used_.size(); ++p) {
    if (!used_[p]) continue;
    const double share = peaks_.most(p) / input_.network->ports()[p].rate().as_double();
    over = over || share > nearly_full;
    if (share > rather_full) near.push_back(p);
  }
  return over ? near : std::vector<std::uint32_t>{};
}

void Lines::add_to(FluidQueue& queue, std::uint32_t port) const {
  if (!any() || !used_[port] || reached_ <= measure_from_) return;
  const double packets = packets_per_s_[port] * seconds(reached_ - measure_from_) + packets_[port];
  queue.add_passed(bits_.volumes(port, reached_), std::max(0.0, packets));
}

std::vector<Lines::Volumes> Lines::volumes() const {
  std::vector<Volumes> out(input_.demands->demands.size());
  for (const Group& group : groups_)
    for (const Member& member : group.members) {
      const double bps = input_.demands->demands[member.demand].rate.as_double();
      Volumes& v = out[member.demand];
      v.sent = bps * sent_s(group, reached_);
      for (std::uint32_t e = member.first_end; e < member.first_end + member.ends; ++e)
        v.delivered += bps * ends_[e].share * sent_s(group, reached_ - ends_[e].delay);
    }
  return out;
}

double Lines::arriving_bps(std::uint32_t port, std::size_t look) const {
  double rate = 0;
  for (std::size_t i = 0; i <= look; ++i) rate += at_looks_[port * looks_.size() + i];
  return std::max(0.0, rate);
}

}  // namespace longhaul::fluid
