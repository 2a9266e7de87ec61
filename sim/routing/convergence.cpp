#include "sim/routing/convergence.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

#include "sim/base/random.hpp"
#include "sim/routing/flooding.hpp"
#include "sim/routing/policy.hpp"
#include "sim/routing/table_log.hpp"

namespace longhaul::routing {

namespace {

constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();

/// What some router takes the network for, and what follows from that.
struct View {
  View(const Network& network, LinkStates links)
      : states(std::move(links)), within(network.ports().size()) {
    for (std::size_t p = 0; p < within.size(); ++p)
      within[p] = network.ports()[p].exists && !states.unusable[p] &&
                  far_end_is(network, PortId(p)) == LearntFrom::self;
  }
  LinkStates states;
  std::vector<bool> within;  ///< by PortId: of the IGP, and usable
  std::shared_ptr<const Routes> routes = nullptr;
  /// By constraint, as far as asked for: the ports within it, and the repairs over them.
  std::vector<std::unique_ptr<std::vector<bool>>> allowed = {};
  std::vector<std::unique_ptr<FastReroute>> repairs = {};
};

/// All views that routers have had, each worked out once.
class Views {
 public:
  Views(const Network& network, const RoutingSpec& routing,
        std::span<const PathConstraint> constraints, Frr frr,
        const std::shared_ptr<Segments>& segments)
      : network_(network),
        routing_(routing),
        constraints_(constraints),
        frr_(frr),
        segments_(segments) {}

  View& get(const LinkStates& states) {
    auto& view = views_[{states.unusable, states.metric}];
    if (view == nullptr) {
      view = std::make_unique<View>(network_, states);
      Routes routes = compute_routes(network_, routing_, states, constraints_);
      if (segments_ != nullptr) routes.use(segments_);
      view->routes = std::make_shared<const Routes>(std::move(routes));
      const std::size_t count = std::max<std::size_t>(constraints_.size(), 1);
      view->allowed.resize(count);
      view->repairs.resize(count);
    }
    return *view;
  }

  FastReroute& repairs(View& view, ConstraintId constraint) {
    auto& repairs = view.repairs[constraint.index()];
    if (repairs == nullptr) {
      auto& allowed = view.allowed[constraint.index()];
      allowed = std::make_unique<std::vector<bool>>(view.within);
      if (constraint.index() > 0)
        for (std::size_t p = 0; p < allowed->size(); ++p)
          if (constraints_[constraint.index()].avoid[p]) (*allowed)[p] = false;
      repairs = std::make_unique<FastReroute>(network_, view.states.metric, *allowed, frr_);
    }
    return *repairs;
  }

 private:
  const Network& network_;
  const RoutingSpec& routing_;
  std::span<const PathConstraint> constraints_;
  Frr frr_;
  std::shared_ptr<Segments> segments_;
  std::map<std::pair<std::vector<bool>, std::vector<std::int64_t>>, std::unique_ptr<View>> views_;
};

/// Links that cannot be used by what their routers say (one says no: neither way), and metrics.
LinkStates known_states(const Network& network, const failure::State& state) {
  LinkStates out{std::vector<bool>(network.ports().size()), state.metric};
  for (std::size_t p = 0; p < out.unusable.size(); ++p)
    if (network.ports()[p].exists && (state.down[p] || state.withdrawn[p]))
      out.unusable[p] = out.unusable[Network::reverse(PortId(p)).index()] = true;
  return out;
}

/// One router over time.
class Router {
 public:
  Router(const Network& network, const Flooding& flooding, const ConvergenceSpec& spec,
         Views& views, View& initial, NodeId self, TableLog& log)
      : network_(network),
        flooding_(flooding),
        spec_(spec),
        views_(views),
        self_(self),
        log_(log),
        spf_time_(spec.spf_per_node * nodes_of_provider()),
        installed_(&initial),
        states_(initial.states),
        said_usable_(network.ports().size()),
        heard_(flooding.speakers().size(), 0),
        cells_(initial.routes->plain_count(), Cell{initial.routes.get()}) {
    for (std::size_t p = 0; p < said_usable_.size(); ++p)
      said_usable_[p] = !initial.states.unusable[p];
    for (std::size_t d = 0; d < cells_.size(); ++d)
      if (initial.routes->node(DestinationId(d)) != self) order_.emplace_back(d);
    const auto place = [&](DestinationId d) { return mix((self.index() << 32) + d.index()); };
    std::sort(order_.begin(), order_.end(), [&](DestinationId a, DestinationId b) {
      return place(a) != place(b) ? place(a) < place(b) : a < b;
    });
  }

  void run() {
    const std::vector<News> news = flooding_.heard_by(self_);
    for (std::size_t i = 0; i < news.size() || start_ != never || done_ != never;) {
      const std::int64_t next_news = i < news.size() ? news[i].at.ps() : never;
      if (done_ <= std::min(next_news, start_))
        finish_spf();
      else if (next_news <= start_)
        hear(news[i++]);
      else
        start_spf();
    }
    write_until(never);
  }

 private:
  /// What the table holds for a destination: the router's routes by some view, or a repair of them.
  struct Cell {
    const Routes* routes;
    bool repaired = false;
    std::vector<PortId> ports = {};  ///< of the repair
    std::vector<Leg> legs = {};
  };
  struct Write {
    std::int64_t at;
    DestinationId destination;
  };

  std::int64_t nodes_of_provider() const {
    std::int64_t count = 0;
    for (const Node& n : network_.nodes()) count += n.provider == network_.node(self_).provider;
    return count;
  }

  void hear(const News& news) {
    const Speaker& speaker = flooding_.speakers()[news.speaker];
    bool changed = false;
    for (std::uint32_t& c = heard_[news.speaker]; c < news.claims; ++c) {
      const Claim& claim = speaker.claims[c];
      said_usable_[claim.port.index()] = claim.usable();
      changed = take(claim) || changed;
      if (speaker.node == self_ && spec_.frr != Frr::none) own_port(claim, news.at.ps());
    }
    if (changed) trigger(news.at.ps());
  }

  /// Into the view: a link is used if both its routers say that it works. True if that differs.
  bool take(const Claim& claim) {
    const PortId back = Network::reverse(claim.port);
    const bool usable = said_usable_[claim.port.index()] &&
                        (!network_.port(back).exists || said_usable_[back.index()]);
    bool changed = false;
    for (const PortId p : {claim.port, back}) {
      changed = changed || states_.unusable[p.index()] == usable;
      states_.unusable[p.index()] = !usable;
    }
    changed = changed || states_.metric[claim.port.index()] != claim.metric;
    states_.metric[claim.port.index()] = claim.metric;
    return changed;
  }

  void trigger(std::int64_t now) {
    if (start_ != never) return;
    std::int64_t at = now + spec_.spf_delay.ps();
    if (last_start_ == never || now - last_start_ > 2 * spec_.spf_max.ps()) {
      hold_ = spec_.spf_hold.ps();
    } else {
      at = std::max(at, last_start_ + hold_);
      hold_ = std::min(2 * hold_, spec_.spf_max.ps());
    }
    start_ = done_ == never ? at : std::max(at, done_);
  }

  void start_spf() {
    last_start_ = start_;
    done_ = start_ + spf_time_.ps();
    start_ = never;
    computed_ = &views_.get(states_);
  }

  /// What SPF found different from the table is written, one destination after the other; what an
  /// earlier SPF has not yet written is forgotten.
  void finish_spf() {
    const std::int64_t now = std::exchange(done_, never);
    write_until(now);
    installed_ = computed_;
    const Routes& routes = *installed_->routes;
    writes_.clear();
    next_write_ = 0;
    std::int64_t at = now + (std::exchange(own_link_died_, false) ? spec_.local_delay.ps() : 0);
    for (const DestinationId d : order_) {
      const auto present = ports_of(cells_[d.index()], d);
      const auto next = routes.next(self_, d);
      if (!cells_[d.index()].repaired &&
          std::equal(present.begin(), present.end(), next.begin(), next.end())) {
        cells_[d.index()].routes = &routes;
        continue;
      }
      at += spec_.fib_per_prefix.ps() * spec_.prefixes;
      writes_.push_back({at, d});
    }
  }

  std::span<const PortId> ports_of(const Cell& cell, DestinationId d) const {
    return cell.repaired ? std::span<const PortId>(cell.ports) : cell.routes->next(self_, d);
  }

  void write_until(std::int64_t time) {
    for (; next_write_ < writes_.size() && writes_[next_write_].at <= time; ++next_write_) {
      const Write& w = writes_[next_write_];
      Cell& cell = cells_[w.destination.index()];
      cell = Cell{installed_->routes.get()};
      log_.write(w.at, self_, w.destination, ports_of(cell, w.destination));
      // Routes that do not know yet of a port's end must not bring it back.
      if (!dead_.empty()) protect(w.destination, w.at);
    }
  }

  /// The router sees a link of its own die or come back.
  void own_port(const Claim& claim, std::int64_t now) {
    const auto at = std::find(dead_.begin(), dead_.end(), claim.port);
    if (claim.adjacent) {
      if (at != dead_.end()) dead_.erase(at);
      return;
    }
    if (at != dead_.end()) return;
    write_until(now);
    dead_.push_back(claim.port);
    own_link_died_ = true;
    for (const DestinationId d : order_) protect(d, now);
  }

  /// Takes dead ports out of what the table holds for `d`; if none is left, repairs.
  void protect(DestinationId d, std::int64_t now) {
    Cell& cell = cells_[d.index()];
    const auto ports = ports_of(cell, d);
    std::vector<PortId> left;
    for (const PortId p : ports)
      if (std::find(dead_.begin(), dead_.end(), p) == dead_.end()) left.push_back(p);
    if (left.size() == ports.size()) return;
    // Of several ways the others go on, of a tunnel's too.
    if (!left.empty()) return repair(cell, d, std::move(left), cell.legs, now);
    if (cell.repaired) return;  // one repair does not protect another
    const PortId failed = ports.front();
    const NodeId to = cell.routes->node(d);
    if (network_.node(to).provider != network_.node(self_).provider ||
        far_end_is(network_, failed) != LearntFrom::self)
      return;
    const std::size_t nodes = network_.nodes().size();
    const ConstraintId constraint(d.index() / nodes);
    auto found = views_.repairs(*installed_, constraint).repair(self_, to, failed, dead_);
    if (!found) return;
    if (found->port.valid()) {
      left = {found->port};
    } else {
      const DestinationId first(constraint.index() * nodes + found->legs.front().node.index());
      for (const PortId p : installed_->routes->next(self_, first))
        if (std::find(dead_.begin(), dead_.end(), p) == dead_.end()) left.push_back(p);
    }
    if (!left.empty()) repair(cell, d, std::move(left), std::move(found->legs), now);
  }

  void repair(Cell& cell, DestinationId d, std::vector<PortId> ports, std::vector<Leg> legs,
              std::int64_t now) {
    cell.repaired = true;
    cell.ports = std::move(ports);
    cell.legs = std::move(legs);
    log_.repair(now, self_, d, cell.ports, cell.legs);
  }

  const Network& network_;
  const Flooding& flooding_;
  const ConvergenceSpec& spec_;
  Views& views_;
  const NodeId self_;
  TableLog& log_;
  const Duration spf_time_;
  View* installed_;                   ///< by which it last wrote its table, or began to
  View* computed_ = nullptr;          ///< by the SPF under way
  LinkStates states_;                 ///< as it knows them now
  std::vector<bool> said_usable_;     ///< by PortId: by its own router
  std::vector<std::uint32_t> heard_;  ///< by speaker: claims taken
  std::vector<Cell> cells_;           ///< by plain destination: the table as it is
  std::vector<DestinationId> order_;  ///< in which it writes
  std::vector<Write> writes_;
  std::size_t next_write_ = 0;
  std::vector<PortId> dead_;    ///< its own ports whose end it has seen
  bool own_link_died_ = false;  ///< since the last SPF was done
  std::int64_t start_ = never;  ///< of the SPF to come
  std::int64_t done_ = never;   ///< end of the SPF under way
  std::int64_t last_start_ = never;
  std::int64_t hold_ = 0;
};

}  // namespace

Convergence converge(const Network& network, const RoutingSpec& routing,
                     std::span<const PathConstraint> constraints, const failure::Timeline& timeline,
                     const ConvergenceSpec& spec, const std::shared_ptr<Segments>& segments) {
  Views views(network, routing, constraints, spec.frr, segments);
  const Flooding flooding(network, timeline, spec);
  View& initial = views.get(known_states(network, flooding.known()));
  TableLog log(segments);
  for (std::size_t n = 0; n < network.nodes().size(); ++n)
    Router(network, flooding, spec, views, initial, NodeId(n), log).run();
  Convergence out{initial.routes, log.updates(network, *initial.routes), {}, {}};

  std::vector<Time> times;
  for (const FibUpdate& u : out.updates.all()) times.push_back(u.at);
  std::sort(times.begin(), times.end());
  for (std::size_t s = 0; s < timeline.states.size(); ++s) {
    const failure::State& state = timeline.states[s];
    const Time until = s + 1 < timeline.states.size() ? timeline.states[s + 1].at : Time::max();
    const auto last = std::lower_bound(times.begin(), times.end(), until);
    const bool any = last != times.begin() && *(last - 1) >= state.at;
    out.settled.push_back(any ? *(last - 1) : Time::max());
    out.routes.push_back(views.get(known_states(network, state)).routes);
  }
  return out;
}

}  // namespace longhaul::routing
