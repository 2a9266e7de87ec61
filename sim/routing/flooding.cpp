#include "sim/routing/flooding.hpp"

#include <algorithm>
#include <limits>
#include <queue>
#include <tuple>

#include "sim/routing/policy.hpp"

namespace longhaul::routing {

namespace {

constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();

}  // namespace

Flooding::Flooding(const Network& network, const failure::Timeline& timeline,
                   const ConvergenceSpec& spec)
    : network_(network), working_(network.links().size()), heard_(network.nodes().size()) {
  first_ = 1;
  while (first_ < timeline.states.size() && timeline.states[first_].at <= Time::ps(1)) ++first_;
  known_ = &timeline.states[first_ - 1];
  std::vector<std::vector<Claim>> by_port(network.ports().size());
  for (std::size_t l = 0; l < network.links().size(); ++l)
    follow(LinkId(l), timeline, spec, by_port);
  speak(by_port);
  for (std::uint32_t s = 0; s < speakers_.size(); ++s) flood(s, spec);
  for (auto& news : heard_)
    std::sort(news.begin(), news.end(), [](const News& a, const News& b) {
      return std::tie(a.at, a.speaker, a.claims) < std::tie(b.at, b.speaker, b.claims);
    });
}

std::vector<News> Flooding::heard_by(NodeId node) const { return heard_[node.index()]; }

/// Both ends hear each other, as far as the link has both directions.
bool Flooding::link_is_up(LinkId link, const failure::State& state) const {
  for (const PortId p : {Network::forward(link), Network::backward(link)})
    if (network_.port(p).exists && state.down[p.index()]) return false;
  return true;
}

/// The link's ups and downs: when it carries LSPs, and what its ends say of it.
void Flooding::follow(LinkId link, const failure::Timeline& timeline, const ConvergenceSpec& spec,
                      std::vector<std::vector<Claim>>& by_port) {
  const auto& states = timeline.states;
  struct Detected {
    Time at;
    bool up;
  };
  std::vector<Detected> detected;
  bool known = link_is_up(link, *known_);
  bool up = known;
  std::vector<Working>& working = working_[link.index()];
  if (up) working.push_back({0, never});
  for (std::size_t s = first_; s < states.size(); ++s) {
    const bool now = link_is_up(link, states[s]);
    if (now == up) continue;
    up = now;
    // Until when it stays so.
    std::size_t last = s + 1;
    while (last < states.size() && link_is_up(link, states[last]) == up) ++last;
    const Time until = last < states.size() ? states[last].at : Time::max();
    const Time seen = states[s].at + (up ? spec.adjacency : spec.detection);
    const bool noticed = up != known && seen < until;
    if (noticed) detected.push_back({seen, known = up});
    if (!up) {
      if (!working.empty())
        working.back().until = std::min(working.back().until, states[s].at.ps());
    } else if (noticed || known) {
      // A failure too short to be noticed leaves the adjacency as it was.
      working.push_back({noticed ? seen.ps() : states[s].at.ps(), never});
    }
  }
  for (const PortId p : {Network::forward(link), Network::backward(link)}) {
    if (!network_.port(p).exists) continue;
    Claim claim{Time::zero(), p, link_is_up(link, *known_), known_->withdrawn[p.index()],
                known_->metric[p.index()]};
    std::vector<Claim>& claims = by_port[p.index()];
    auto next = detected.begin();
    const auto say = [&] {
      if (!claims.empty() && claims.back().at == claim.at)
        claims.back() = claim;
      else
        claims.push_back(claim);
    };
    for (std::size_t s = first_; s <= states.size(); ++s) {
      const Time at = s < states.size() ? states[s].at : Time::max();
      for (; next != detected.end() && next->at <= at; ++next) {
        claim.at = next->at;
        claim.adjacent = next->up;
        say();
      }
      if (s == states.size()) break;
      const bool withdrawn = states[s].withdrawn[p.index()];
      const Cost metric = states[s].metric[p.index()];
      if (withdrawn == claim.withdrawn && metric == claim.metric) continue;
      claim.at = at;
      claim.withdrawn = withdrawn;
      claim.metric = metric;
      say();
    }
  }
}

void Flooding::speak(std::vector<std::vector<Claim>>& by_port) {
  for (std::size_t n = 0; n < network_.nodes().size(); ++n)
    for (const bool by_igp : {true, false}) {
      Speaker speaker{NodeId(n), by_igp, {}};
      for (const PortId p : network_.ports_from(NodeId(n)))
        if (network_.port(p).exists && (far_end_is(network_, p) == LearntFrom::self) == by_igp)
          speaker.claims.insert(speaker.claims.end(), by_port[p.index()].begin(),
                                by_port[p.index()].end());
      if (speaker.claims.empty()) continue;
      std::stable_sort(speaker.claims.begin(), speaker.claims.end(),
                       [](const Claim& a, const Claim& b) { return a.at < b.at; });
      speakers_.push_back(std::move(speaker));
    }
}

/// When the link carries what is to be sent at `earliest`: a neighbour that comes back gets all
/// that it missed.
std::int64_t Flooding::sends_at(LinkId link, std::int64_t earliest) const {
  for (const Working& w : working_[link.index()])
    if (earliest < w.until) return std::max(earliest, w.from);
  return never;
}

void Flooding::flood(std::uint32_t number, const ConvergenceSpec& spec) {
  const Speaker& speaker = speakers_[number];
  const ProviderId provider = network_.node(speaker.node).provider;
  std::vector<std::int64_t> arrival(network_.nodes().size());
  using Entry = std::pair<std::int64_t, std::size_t>;
  for (std::size_t c = 0; c < speaker.claims.size();) {
    const Time at = speaker.claims[c].at;
    while (c < speaker.claims.size() && speaker.claims[c].at == at) ++c;
    const auto told = static_cast<std::uint32_t>(c);
    heard_[speaker.node.index()].push_back({at, number, told});
    for (std::size_t n = 0; n < network_.nodes().size(); ++n)
      if (NodeId(n) != speaker.node &&
          (!speaker.by_igp || network_.nodes()[n].provider != provider))
        heard_[n].push_back({at + spec.bgp, number, told});
    if (!speaker.by_igp) continue;
    std::fill(arrival.begin(), arrival.end(), never);
    std::priority_queue<Entry, std::vector<Entry>, std::greater<>> heap;
    arrival[speaker.node.index()] = (at + spec.origination).ps();
    heap.emplace(arrival[speaker.node.index()], speaker.node.index());
    while (!heap.empty()) {
      const auto [time, n] = heap.top();
      heap.pop();
      if (time != arrival[n]) continue;
      const NodeId node(n);
      if (node != speaker.node) heard_[n].push_back({Time::ps(time), number, told});
      for (const PortId p : network_.ports_from(node)) {
        const Port& port = network_.port(p);
        if (!port.exists || far_end_is(network_, p) != LearntFrom::self) continue;
        const std::int64_t sent = sends_at(port.link, time);
        if (sent == never) continue;
        const std::int64_t there = sent + port.delay.ps() + spec.flooding.ps();
        if (there >= arrival[port.to.index()]) continue;
        arrival[port.to.index()] = there;
        heap.emplace(there, port.to.index());
      }
    }
  }
}

}  // namespace longhaul::routing
