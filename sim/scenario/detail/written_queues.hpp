// `queues:` as written, and the table that reads it.
#pragma once

#include <optional>
#include <vector>

#include "sim/base/yaml/fields.hpp"
#include "sim/traffic/queueing.hpp"

namespace longhaul::scenario {

/// `drop:`, a rule or a map with its parameters.
struct WrittenDrop {
  yaml::Located<DropRule> rule{DropRule::tail, {}};
  std::optional<yaml::Located<QueueLimit>> min;
  std::optional<yaml::Located<QueueLimit>> max;
  std::optional<yaml::Located<double>> probability;
  std::optional<yaml::Located<double>> weight;
  std::optional<yaml::Located<Duration>> target;
  std::optional<yaml::Located<Duration>> interval;
};

/// A class, or a group of the hierarchy (rate, ceiling and parent only).
struct WrittenClassQueue {
  std::optional<yaml::Located<double>> weight;
  std::optional<yaml::Located<bool>> strict;
  std::optional<yaml::Located<PortRate>> rate;
  std::optional<yaml::Located<PortRate>> ceiling;
  std::optional<yaml::Located<std::string>> parent;
  std::optional<yaml::Located<QueueLimit>> buffer;
  std::optional<yaml::Located<WrittenDrop>> drop;
  bool whole = true;  ///< read without a mistake
};

struct WrittenQueues {
  yaml::Located<Discipline> discipline{Discipline::fifo, {}};
  std::optional<yaml::Located<QueueLimit>> buffer;
  std::optional<yaml::Located<WrittenDrop>> drop;
  std::optional<yaml::Located<bool>> ecn;
  std::vector<yaml::Named<WrittenClassQueue>> classes;
  std::vector<yaml::Named<WrittenClassQueue>> groups;
  bool whole = true;  ///< read without a mistake
};

const yaml::Fields<WrittenQueues>& queue_fields();

}  // namespace longhaul::scenario
