// `arrivals:`, `profile:` and `flow_sizes:` as written.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/base/yaml/fields.hpp"
#include "sim/traffic/demand.hpp"

namespace longhaul::scenario {

struct WrittenMmppState {
  double rate = 0;
  Duration mean = Duration::zero();
  std::optional<yaml::Located<std::vector<double>>> to;
};

struct WrittenMmpp {
  std::string model;
  std::vector<WrittenMmppState> states;
  Arrivals packets = Arrivals::poisson;
};

struct WrittenOnOff {
  std::string model;
  Duration on = Duration::zero();
  Duration off = Duration::zero();
  bool pareto = false;
  std::optional<yaml::Located<double>> alpha;
  std::optional<yaml::Located<double>> hurst;
  std::int64_t sources = 1;
  Arrivals packets = Arrivals::poisson;
};

struct WrittenFlows {
  std::string model;
  yaml::Located<std::string> sizes{{}, {}};
  Rate flow_rate = Rate::zero();
};

struct WrittenTrace {
  std::string model;
  yaml::Node file;
  std::optional<yaml::Located<Duration>> time_unit;
  std::optional<yaml::Located<Rate>> flow_rate;
  bool repeat = false;
  double speed = 1;
};

/// `arrivals:`, a word or one of the models.
struct WrittenArrivals {
  Arrivals packets = Arrivals::poisson;  ///< how they follow each other while the rate is the same
  std::optional<WrittenMmpp> mmpp;
  std::optional<WrittenOnOff> on_off;
  std::optional<WrittenFlows> flows;
  std::optional<WrittenTrace> trace;
  yaml::Place where;
};

/// One point of a table of flow sizes.
struct WrittenFlowSize {
  Size size = Size::zero();
  yaml::Located<double> share{0, {}};
  yaml::Place where;
};

yaml::Type<WrittenArrivals> arrivals();
yaml::Type<Profile> profile();
yaml::Type<std::vector<WrittenFlowSize>> flow_size_points();

/// The built-in tables, for messages: "web-search, data-mining".
std::string flow_size_names();

}  // namespace longhaul::scenario
