#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "sim/base/text.hpp"
#include "sim/scenario/detail/lookup.hpp"
#include "sim/scenario/detail/resolve.hpp"

namespace longhaul::scenario {

namespace {

/// What is down as the events pass, to find those that change nothing.
class Story {
 public:
  explicit Story(std::size_t links) : causes_(links, 0) {}

  bool all_down(const EventSpec& event) const {
    return std::all_of(event.links.begin(), event.links.end(),
                       [&](LinkId l) { return causes_[l.index()] > 0; });
  }
  bool failed(const EventSpec& event) const { return failed_.count(event.what) != 0; }

  void fail(const EventSpec& event) {
    failed_.insert(event.what);
    for (const LinkId link : event.links) ++causes_[link.index()];
  }
  void restore(const EventSpec& event) {
    const bool as_failed = failed_.erase(event.what) != 0;
    for (const LinkId link : event.links) {
      int& causes = causes_[link.index()];
      causes = as_failed ? std::max(0, causes - 1) : 0;
    }
  }

 private:
  std::vector<int> causes_;
  std::set<std::string> failed_;
};

struct Placed {
  EventSpec event;
  yaml::Place where;
};

std::vector<Placed> read_events(const WrittenScenario& written, std::optional<Time> end,
                                const Network* network, Diagnostics& diagnostics) {
  std::vector<Placed> out;
  for (const WrittenEvent& event : written.events) {
    const Time at = Time::zero() + event.at.value;
    if (end && at >= *end) {
      event.at.where.error(diagnostics,
                           fmt::format("{} is after the end of the run, which is at {}",
                                       to_text(event.at.value), to_text(*end - Time::zero())),
                           "times count from the start of the run, warm-up included");
    }
    if (event.storm) continue;  // resolve_rain() reads it
    const bool fails = event.fail.has_value();
    if (fails == event.restore.has_value() || network == nullptr) continue;  // already reported
    const Name& name = fails ? *event.fail : *event.restore;
    const Found<Target> target = find_target(*network, name.value);
    if (!target) {
      name.where.error(diagnostics, target.error, target.hint);
      continue;
    }
    if (target.value.links.empty()) {
      name.where.error(diagnostics, fmt::format("{} has no links", quote(name.value)));
      continue;
    }
    out.push_back({EventSpec{at, fails ? EventSpec::Kind::fail : EventSpec::Kind::restore,
                             target.value.links, target.value.name},
                   name.where});
  }
  return out;
}

}  // namespace

void resolve_events(const WrittenScenario& written, std::optional<Time> end, Scenario& out,
                    Diagnostics& diagnostics) {
  std::vector<Placed> events = read_events(written, end, out.network.get(), diagnostics);
  std::stable_sort(events.begin(), events.end(),
                   [](const Placed& a, const Placed& b) { return a.event.at < b.event.at; });
  Story story(out.network == nullptr ? 0 : out.network->links().size());
  for (const Placed& placed : events) {
    const EventSpec& event = placed.event;
    if (event.kind == EventSpec::Kind::fail) {
      if (story.failed(event) || story.all_down(event)) {
        placed.where.error(diagnostics,
                           fmt::format("{} has already failed by {}", quote(event.what),
                                       to_text(event.at - Time::zero())));
      }
      story.fail(event);
    } else {
      if (!story.failed(event) && !story.all_down(event)) {
        placed.where.error(diagnostics, fmt::format("{} has not failed by {}", quote(event.what),
                                                    to_text(event.at - Time::zero())));
      }
      story.restore(event);
    }
    out.events.push_back(event);
  }
}

}  // namespace longhaul::scenario
