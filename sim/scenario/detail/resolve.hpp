// From a scenario as written to one that can run: names become ids, rules between fields are
// checked. Every mistake goes into the diagnostics with its place; nothing throws.
#pragma once

#include <vector>

#include "sim/scenario/detail/written.hpp"
#include "sim/scenario/scenario.hpp"

namespace longhaul::scenario {

/// `routing: metrics:` into the network of `out`, and `segments:` and `controller:`. Goes first.
void resolve_engineering(const WrittenScenario& written, Scenario& out, Diagnostics& diagnostics);

/// Classes, packet sizes and traffic of `out`, whose network is set or null if it could not be
/// read. Demands that no cable or no policy can carry are reported.
void resolve_traffic(const WrittenScenario& written, Scenario& out, Diagnostics& diagnostics);

/// Disciplines and buffers; classes and sizes must have been resolved.
void resolve_queues(const WrittenScenario& written, Scenario& out, Diagnostics& diagnostics);

/// Guarantees of services: what queues keep of them; classes of hierarchical queues without a rate
/// get theirs. Traffic and queues must have been resolved.
void resolve_guarantees(const WrittenScenario& written, Scenario& out, Diagnostics& diagnostics);

/// Moves the traffic that events add into `written.added`, with the time when it is there.
void add_event_traffic(WrittenScenario& written, Diagnostics& diagnostics);

/// Events in time order, without storms and added traffic. `end` of the run, if it is known.
void resolve_events(const WrittenScenario& written, std::optional<Time> end, Scenario& out,
                    Diagnostics& diagnostics);

/// How often things fail by themselves; the network must have been read.
void resolve_failures(const WrittenScenario& written, std::optional<Time> end, Scenario& out,
                      Diagnostics& diagnostics);

/// Storms of `events:` and the files of `rain:`.
void resolve_rain(const WrittenScenario& written, Scenario& out, Diagnostics& diagnostics);

/// Growth and prices; classes must have been resolved.
void resolve_planning(const WrittenScenario& written, Scenario& out, Diagnostics& diagnostics);

/// Expectations; traffic must have been resolved. Lines that speak of no demand or link of the
/// scenario are mistakes, looked for only if nothing else is wrong.
void resolve_expectations(const WrittenScenario& written, Scenario& out, Diagnostics& diagnostics);

/// The demands of a scenario with every `max_utilization` taken as reached: who sends to whom, not
/// how much.
DemandSet demand_pairs(const Scenario& scenario);

}  // namespace longhaul::scenario
