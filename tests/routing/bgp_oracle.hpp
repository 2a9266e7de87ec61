// BGP by brute force: speakers tell each other their best paths until nobody changes his mind; then
// every router's next ports from all-pairs distances among the speaker's routers. Knows nothing of
// how sim/routing does it. A speaker is a provider, or one of the pieces that failures cut it into:
// those have the same number, and refuse paths that hold it. Several equally good paths are told as
// one, with the numbers of all of them (an AS_SET, RFC 4271). With cold potato, of the exits that
// are left each speaker keeps those from which the rest of the way is shortest.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "sim/network/network.hpp"
#include "tests/routing/build.hpp"

namespace longhaul::test {

class BgpOracle {
 public:
  /// Speakers wake in an order drawn from `seed`; the outcome must not depend on it.
  BgpOracle(const Network& net, const std::vector<bool>& down, std::uint64_t seed,
            bool cold_potato = false)
      : net_(net), cold_potato_(cold_potato) {
    for (std::size_t p = 0; p < net.ports().size(); ++p) {
      if (!down[p]) ports_.push_back(p);
    }
    floyd_warshall();
    std::size_t speakers = 0;
    for (std::size_t n = 0; n < net.nodes().size(); ++n) {
      std::size_t first = 0;  // of the routers that n can talk to inside
      while (distance_[n][first] == far) ++first;
      speaker_.push_back(first == n ? speakers++ : speaker_[first]);
    }
    for (std::size_t speaker = 0; speaker < speakers; ++speaker) converge(speaker, speakers, seed);
  }

  std::vector<std::size_t> next(std::size_t at, std::size_t to) const {
    if (at == to) return {};
    const std::size_t me = as_of(at);
    std::vector<std::size_t> exits;
    if (me != as_of(to)) exits = exits_towards(me, to);
    // Distance of a router to its goal: the destination inside, or the nearest exit.
    const auto to_goal = [&](std::size_t from) {
      std::int64_t best = far;
      if (me == as_of(to)) best = distance_[from][to];
      for (const std::size_t exit : exits) best = std::min(best, distance_[from][from_of(exit)]);
      return best;
    };
    std::vector<std::size_t> result;
    for (const std::size_t p : ports_) {
      if (from_of(p) != at) continue;
      const bool leaves = std::find(exits.begin(), exits.end(), p) != exits.end();
      const bool inner = as_of(to_of(p)) == me && to_goal(at) < far && to_goal(at) > 0 &&
                         to_goal(at) == metric(p) + to_goal(to_of(p));
      if (leaves || inner) result.push_back(p);
    }
    return result;
  }

 private:
  /// Ports by which `me` sends to the node `to` in another speaker.
  std::vector<std::size_t> exits_towards(std::size_t me, std::size_t to) const {
    std::vector<std::size_t> exits = exits_.at({as_of(to), me});
    if (!cold_potato_) return exits;
    std::int64_t least = far;
    for (const std::size_t exit : exits) least = std::min(least, rest_over(exit, to));
    std::erase_if(exits, [&](std::size_t e) { return least >= far || rest_over(e, to) > least; });
    return exits;
  }

  std::int64_t rest_over(std::size_t exit, std::size_t to) const {
    return metric(exit) + rest_from(to_of(exit), to);
  }

  /// Length of the way from `at` to `to`, other speakers included.
  std::int64_t rest_from(std::size_t at, std::size_t to) const {
    if (as_of(at) == as_of(to)) return distance_[at][to];
    const auto [known, fresh] = rest_.try_emplace({at, to}, far);
    if (!fresh) return known->second;
    std::int64_t least = far;
    std::int64_t nearest = far;
    for (const std::size_t exit : exits_towards(as_of(at), to)) {
      least = std::min(least, rest_over(exit, to));
      nearest = std::min(nearest, distance_[at][from_of(exit)]);
    }
    return rest_[{at, to}] = std::min(far, nearest + least);
  }

  enum Kind { none, by_provider, by_peer, by_customer, own };  // the greater the better
  struct Best {
    Kind kind = none;
    std::size_t length = 0;
    std::set<std::size_t> numbers = {};  // of all providers on the way, oneself included
    bool operator==(const Best&) const = default;
    bool as_good_as(const Best& o) const { return kind == o.kind && length == o.length; }
    bool better_than(const Best& o) const {
      return kind != o.kind ? kind > o.kind : length < o.length;
    }
  };

  std::size_t from_of(std::size_t p) const { return net_.ports()[p].from.index(); }
  std::size_t to_of(std::size_t p) const { return net_.ports()[p].to.index(); }
  std::size_t as_of(std::size_t node) const { return speaker_[node]; }
  std::size_t number_of(std::size_t node) const { return net_.nodes()[node].provider.index(); }
  std::int64_t metric(std::size_t p) const { return *net_.links()[p / 2].metric_ab; }

  /// What routes heard over port p (they flow against it) count as at its sender.
  Kind heard_over(std::size_t p) const {
    const Link& link = net_.links()[p / 2];
    if (link.relation == Relation::peer) return by_peer;
    return link.customer.index() == number_of(from_of(p)) ? by_provider : by_customer;
  }

  /// The paths that `me` hears now and does not refuse, port by port.
  std::vector<std::pair<std::size_t, Best>> heard(std::size_t me,
                                                  const std::vector<Best>& best) const {
    std::vector<std::pair<std::size_t, Best>> offers;
    for (const std::size_t p : ports_) {
      const std::size_t teller = as_of(to_of(p));
      if (as_of(from_of(p)) != me || number_of(from_of(p)) == number_of(to_of(p))) continue;
      const Best& told = best[teller];
      const bool i_pay_him = heard_over(p) == by_provider;
      const bool exported = told.kind == own || told.kind == by_customer || i_pay_him;
      if (told.kind == none || !exported) continue;
      if (told.numbers.count(number_of(from_of(p))) > 0) continue;
      Best offer{heard_over(p), told.length + 1, told.numbers};
      offer.numbers.insert(number_of(from_of(p)));
      offers.emplace_back(p, offer);
    }
    return offers;
  }

  void converge(std::size_t destination, std::size_t speakers, std::uint64_t seed) {
    std::vector<Best> best(speakers);
    for (std::size_t n = 0; n < net_.nodes().size(); ++n) {
      if (as_of(n) == destination) best[destination] = {own, 0, {number_of(n)}};
    }
    Dice dice(seed ^ destination);
    for (std::size_t quiet = 0; quiet < 40 * speakers;) {
      const std::size_t me = dice.roll(speakers);
      ++quiet;
      if (me == destination) continue;
      Best chosen;
      for (const auto& [port, offer] : heard(me, best)) {
        if (offer.better_than(chosen)) {
          chosen = offer;
        } else if (offer.as_good_as(chosen)) {
          chosen.numbers.insert(offer.numbers.begin(), offer.numbers.end());
        }
      }
      if (chosen == best[me]) continue;
      best[me] = chosen;
      quiet = 0;
    }
    for (std::size_t me = 0; me < speakers; ++me) {
      std::vector<std::size_t>& exits = exits_[{destination, me}];
      if (me == destination) continue;
      for (const auto& [port, offer] : heard(me, best)) {
        if (offer.as_good_as(best[me])) exits.push_back(port);
      }
    }
  }

  void floyd_warshall() {
    const std::size_t n = net_.nodes().size();
    distance_.assign(n, std::vector<std::int64_t>(n, far));
    for (std::size_t i = 0; i < n; ++i) distance_[i][i] = 0;
    for (const std::size_t p : ports_) {
      if (number_of(from_of(p)) != number_of(to_of(p))) continue;
      auto& d = distance_[from_of(p)][to_of(p)];
      d = std::min(d, metric(p));
    }
    for (std::size_t k = 0; k < n; ++k) {
      for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < n; ++j) {
          distance_[i][j] = std::min(distance_[i][j], distance_[i][k] + distance_[k][j]);
        }
      }
    }
  }

  static constexpr std::int64_t far = std::int64_t{1} << 40;
  const Network& net_;
  bool cold_potato_;
  mutable std::map<std::pair<std::size_t, std::size_t>, std::int64_t> rest_;  // (at, to)
  std::vector<std::size_t> ports_;    // those that work
  std::vector<std::size_t> speaker_;  // of each router
  std::vector<std::vector<std::int64_t>> distance_;
  std::map<std::pair<std::size_t, std::size_t>, std::vector<std::size_t>> exits_;  // (to, at)
};

}  // namespace longhaul::test
