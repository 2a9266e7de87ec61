// Demands whose fluid meets no queue: what they bring to ports is added up, without events
// (docs/models/fluid.md).
//
// Where no port of a way can fill, a change of the source's rate at t is the same change at each of
// those ports, at t and what lies between. So each change is added to sums as soon as the source
// has made it, demand by demand, in any order of times. Demands that change at the same times by
// the same factors are a group, and what they bring to a port over ways of one length is one part.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "sim/base/archive_fwd.hpp"
#include "sim/engine/input.hpp"
#include "sim/fluid/queue.hpp"
#include "sim/fluid/sums.hpp"
#include "sim/fluid/ways.hpp"
#include "sim/traffic/rate_path.hpp"

namespace longhaul::fluid {

/// Whether the rate changes by chance.
bool by_chance(const ArrivalModel* model);

/// True for demands whose way is the same under all routes of the input, and has no dead end.
std::vector<bool> steady_demands(const engine::Input& input);

class Lines {
 public:
  /// `looks`: times (ps, ascending) at which rates will be asked for.
  Lines(const engine::Input& input, const engine::Config& config, std::vector<std::int64_t> looks);

  /// A steady demand and its way, up to the first of the `queues` on it.
  void add(DemandId demand, const Ways& ways, const std::vector<bool>& queues,
           std::uint64_t stream);
  /// Some way takes so long (ps).
  void wait_for(std::int64_t delay) { longest_ = std::max(longest_, delay); }
  /// Others will bring() something to this port, at most `delay` after it left them.
  void use(std::uint32_t port, std::int64_t delay) {
    used_[port] = true;
    wait_for(delay);
  }
  /// The longest way from a source or a queue to a port or an end, ps.
  std::int64_t longest() const { return longest_; }
  /// All were added; before anything below.
  void seal();
  bool any() const { return !groups_.empty(); }

  /// What changed at ports before `now` is added, and nothing that changes later: sources are as
  /// far behind `now` as the longest way is long.
  void advance(std::int64_t now);
  /// The same to the last, up to `reached`; once, after all others.
  void finish(std::int64_t reached);

  /// From `time`, which may be ahead, on so much more comes to a port; nothing if that is not
  /// before `reached`.
  void bring(std::uint32_t port, std::int64_t time, double bps, double packets_per_s,
             std::int64_t reached);
  void count_changes(std::uint64_t n) { rate_changes_ += n; }
  /// What comes to a port from now on by events, and is not in here.
  void note(std::uint32_t port, std::int64_t time, double bps) { peaks_.note(port, time, bps); }
  /// If more may have come to some ports with a part in here than they can send: these, and those
  /// to which nearly as much came. What is here of them is wrong then. After finish().
  std::vector<std::uint32_t> overfull() const;

  /// After finish().
  void add_to(FluidQueue& queue, std::uint32_t port) const;
  struct Volumes {
    double sent = 0;
    double delivered = 0;
  };
  /// Bits that were sent in the measured period, by DemandId; nothing of demands not in here.
  std::vector<Volumes> volumes() const;
  /// Bits a second that come to each port just before a look.
  double arriving_bps(std::uint32_t port, std::size_t look) const;
  /// Of a demand at a port.
  std::uint64_t rate_changes() const { return rate_changes_; }

  template <class Archive>
  void serialize(Archive& archive) {
    for (Group& group : groups_) archive(group);
    archive(bits_, peaks_, packets_per_s_, packets_, at_looks_, rate_changes_);
  }

 private:
  /// What a unit of a group's factor is at a port.
  struct Part {
    std::uint32_t port;
    std::uint32_t hops;  ///< of demands, in this part
    std::int64_t delay;  ///< ps from the source
    double bps;          ///< on the wire
    double packets_per_s;
  };
  /// What of a demand arrives at its end after a time.
  struct End {
    std::int64_t delay;
    double share;
  };
  struct Member {
    std::uint32_t demand;
    std::uint32_t first_end;
    std::uint32_t ends;
  };
  /// From `time` on.
  struct Step {
    std::int64_t time;
    double sent_s;  ///< the integral of the factor over the measured period, up to `time`
    double factor;
  };
  struct Group {
    RatePath path;
    bool random;            ///< its factor is one of many soon after each other
    double most;            ///< a bound of the factor
    std::int64_t next = 0;  ///< when the path's present segment began, still to be added
    Step now = {0, 0, 0};
    std::vector<Part> parts{};
    std::vector<Member> members{};
    std::vector<Step> last{};  ///< of the time that finish() went through

    template <class Archive>
    void serialize(Archive& archive) {
      archive(path, next, raw(now));
    }
  };

  using ProfileAt = std::pair<std::uint32_t, double>;  ///< and longitude
  Group& group_of(DemandId demand, std::uint64_t stream);
  double most_of(const Profile* profile, const ProfileAt& key);
  void go_on(Group& group, std::int64_t until, std::int64_t reached);
  void change(Group& group, double factor, std::int64_t reached);
  void add_up(std::uint32_t port, std::int64_t time, double bps, double packets_per_s);
  double sent_s(const Step& step, std::int64_t until) const;
  double sent_s(const Group& group, std::int64_t until) const;

  const engine::Input& input_;
  const engine::Config& config_;
  const std::int64_t measure_from_;
  const std::int64_t end_;
  const std::vector<std::int64_t> looks_;
  std::vector<Group> groups_;
  std::map<ProfileAt, std::size_t> group_by_profile_;
  std::map<ProfileAt, double> most_by_profile_;
  std::vector<End> ends_;
  std::vector<bool> used_;    ///< by PortId: has a part
  std::int64_t longest_ = 0;  ///< ps
  std::int64_t reached_ = 0;
  RateSums bits_;
  Peaks peaks_;
  std::vector<double> packets_per_s_;  ///< by PortId
  std::vector<double> packets_;        ///< by PortId: less those not yet come at `reached`
  std::vector<double> at_looks_;       ///< by PortId and look: changes since the look before
  std::uint64_t rate_changes_ = 0;
};

}  // namespace longhaul::fluid
