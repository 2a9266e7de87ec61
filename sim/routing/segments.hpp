// Segments: what DestinationIds stand for beyond a node under a constraint (class Routes). A packet
// for the segment (via, then) is forwarded as one for `via` and turns into one for `then` there;
// lists of segments are nested: (a, (b, to)). This is segment routing with node and adjacency
// segments (RFC 8402), without its header.
#pragma once

#include <cassert>
#include <map>
#include <span>
#include <tuple>
#include <vector>

#include "sim/base/ids.hpp"

namespace longhaul {

/// All segments of a run, shared by its routes, so that an id means the same in all of them.
/// Declare, then only read: not for use by two threads while somebody declares.
class Segments {
 public:
  /// Their ids follow those of `nodes` nodes under each of `constraints` constraints, none
  /// included.
  Segments(std::size_t nodes, std::size_t constraints)
      : nodes_(nodes), first_(nodes * constraints) {}

  /// To the node of `via` (under its constraint), there turned into `then`. The same arguments give
  /// the same id. `then` must be known and no policy.
  DestinationId through(DestinationId via, DestinationId then) {
    return declare({via, PortId::none(), then});
  }
  /// To `from`, the near end of `port`; from there over `port`, whether it works or not, as `then`.
  DestinationId over(PortId port, NodeId from, DestinationId then) {
    return declare({DestinationId(from.index()), port, then});
  }
  /// Through `vias` one after the other, then to `to`.
  DestinationId list(std::span<const NodeId> vias, DestinationId to) {
    for (std::size_t i = vias.size(); i-- > 0;) to = through(DestinationId(vias[i].index()), to);
    return to;
  }
  /// A name for the way of some traffic to `to`: the routes of each time say which segments it
  /// stands for (Routes::bind), and it is plain `to` where they do not. A fresh id each time.
  DestinationId policy(DestinationId to) {
    segments_.push_back({DestinationId::none(), PortId::none(), to});
    return DestinationId(first_ + segments_.size() - 1);
  }

  struct Segment {
    DestinationId via;   ///< below first(); none: a policy
    PortId port;         ///< none: a node segment
    DestinationId then;  ///< declared before; a policy's end
    bool is_policy() const { return !via.valid(); }
  };
  /// The least id that is a segment's.
  std::size_t first() const { return first_; }
  std::size_t nodes() const { return nodes_; }
  std::size_t size() const { return segments_.size(); }
  const Segment& operator[](DestinationId id) const { return segments_[id.index() - first_]; }

 private:
  DestinationId declare(const Segment& s) {
    assert(s.via.index() < first_ && s.then.index() < first_ + segments_.size());
    assert(s.then.index() < first_ || !(*this)[s.then].is_policy());
    const auto [at, fresh] = known_.try_emplace({s.via, s.port, s.then}, first_ + segments_.size());
    if (fresh) segments_.push_back(s);
    return at->second;
  }

  std::size_t nodes_;
  std::size_t first_;
  std::vector<Segment> segments_;
  std::map<std::tuple<DestinationId, PortId, DestinationId>, DestinationId> known_;
};

}  // namespace longhaul
