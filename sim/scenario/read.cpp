#include "sim/scenario/read.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "sim/base/yaml/node.hpp"
#include "sim/scenario/detail/expand_presets.hpp"
#include "sim/scenario/detail/resolve.hpp"
#include "sim/topology/topology.hpp"

namespace longhaul {

namespace {

using scenario::WrittenScenario;

/// Does `root` have a value at `parent.key`?
bool has(const yaml::Node& root, std::string_view parent, std::string_view key) {
  const yaml::Node* map = root.find(parent);
  return map != nullptr && map->find(key) != nullptr;
}

class Reader {
 public:
  Reader(const yaml::Node& root, Diagnostics& diagnostics)
      : root_(root), diagnostics_(diagnostics) {}

  Scenario read() {
    auto written = scenario::scenario_fields().read(root_, diagnostics_);
    if (!written) return std::move(out_);
    out_.name = written->name;
    out_.description = written->description;
    read_topology_of(*written);
    read_engine(written->engine);
    const scenario::WrittenRouting& routing = written->routing;
    out_.routing = RoutingSpec{routing.metric, routing.ecmp, routing.flows, routing.exits};
    read_convergence(routing);
    scenario::resolve_engineering(*written, out_, diagnostics_);
    scenario::add_event_traffic(*written, diagnostics_);
    scenario::resolve_traffic(*written, out_, diagnostics_);
    scenario::resolve_queues(*written, out_, diagnostics_);
    scenario::resolve_guarantees(*written, out_, diagnostics_);
    scenario::resolve_events(*written, end_, out_, diagnostics_);
    scenario::resolve_failures(*written, end_, out_, diagnostics_);
    scenario::resolve_rain(*written, out_, diagnostics_);
    scenario::resolve_planning(*written, out_, diagnostics_);
    scenario::resolve_expectations(*written, out_, diagnostics_);
    return std::move(out_);
  }

 private:
  void read_convergence(const scenario::WrittenRouting& written) {
    const scenario::WrittenConvergence& c = written.convergence;
    routing::ConvergenceSpec& out = out_.convergence;
    out.instant = c.instant;
    if (c.detection.bfd) out.detection = c.bfd_interval * c.bfd_multiplier;
    if (c.detection.time) out.detection = *c.detection.time;
    out.adjacency = c.adjacency;
    out.origination = c.origination;
    out.flooding = c.flooding;
    out.spf_delay = c.spf_delay;
    out.spf_hold = c.spf_hold;
    out.spf_max = c.spf_max;
    out.spf_per_node = c.spf_per_node;
    out.fib_per_prefix = c.fib_per_prefix;
    out.prefixes = static_cast<std::uint32_t>(c.prefixes);
    out.bgp = c.bgp;
    out.local_delay = c.local_delay;
    out.frr = written.frr;
    out_.ttl = static_cast<std::uint32_t>(written.ttl);
  }

  void read_topology_of(const WrittenScenario& written) {
    const yaml::Node& node = written.topology;
    if (node.is_map()) {
      Diagnostics own;
      NetworkSpec spec = read_topology(node, own);
      diagnostics_.add(own.all());
      if (!own.has_errors()) out_.network = std::make_shared<const Network>(std::move(spec));
    } else if (node.is_scalar() && !node.scalar.empty()) {
      load_topology_of(node);
    } else if (root_.find("topology") != nullptr) {
      yaml::wrong_type(node, "the path of a topology file, or a topology", diagnostics_);
    }
  }

  void load_topology_of(const yaml::Node& path) {
    out_.topology_file = yaml::resolve_path(path);
    std::error_code ignored;
    if (!std::filesystem::exists(out_.topology_file, ignored)) {
      path.where.error(diagnostics_, fmt::format("there is no file {}", quote(out_.topology_file)),
                       "paths are relative to the file they are written in");
      return;
    }
    Diagnostics own;
    try {
      NetworkSpec spec = load_topology_spec(out_.topology_file, own);
      if (!own.has_errors()) out_.network = std::make_shared<const Network>(std::move(spec));
    } catch (const InputError& e) {
      own.add(e.diagnostics());
    }
    diagnostics_.add(own.all());
  }

  void read_engine(const scenario::WrittenEngine& written) {
    EngineSpec& engine = out_.engine;
    engine.fidelity = written.fidelity.value;
    engine.seed = written.seed;
    engine.budget = written.budget;
    if (written.warmup) engine.warmup = *written.warmup;
    if (written.duration) engine.duration = written.duration->value;
    if (written.interval) engine.interval = written.interval->value;
    const bool duration_known = written.duration || !has(root_, "engine", "duration");
    const bool warmup_known = written.warmup || !has(root_, "engine", "warmup");
    if (!duration_known || !warmup_known) return;

    // Each is at most 106 days, so the sum could exceed 64 bits.
    const Int128 sum = Int128{engine.warmup.ps()} + engine.duration.ps();
    if (sum > scenario::longest_run.ps()) {
      const yaml::Place& where = written.duration ? written.duration->where : written.where;
      where.error(diagnostics_,
                  "warm-up and duration are more than the 106 days that a run can last",
                  "simulate a shorter time");
      return;
    }
    end_ = Time::zero() + engine.warmup + engine.duration;
    if (engine.interval && *engine.interval > engine.duration) {
      written.interval->where.error(
          diagnostics_, fmt::format("an interval of {} is longer than the duration of {}",
                                    to_text(*engine.interval), to_text(engine.duration)));
    }
  }

  const yaml::Node& root_;
  Diagnostics& diagnostics_;
  Scenario out_;
  std::optional<Time> end_;  ///< of the run, if its lengths could be read
};

std::string stem(const std::string& path) { return std::filesystem::path(path).stem().string(); }

Scenario read_tree(yaml::Node root, const std::vector<std::string>& set_overrides,
                   Diagnostics& diagnostics) {
  for (const std::string& assignment : set_overrides)
    yaml::apply_override(root, assignment, diagnostics);
  const scenario::PresetPlaces presets = scenario::expand_presets(root);
  Diagnostics found;
  Scenario scenario = Reader(root, found).read();
  diagnostics.add(presets.named(found).all());
  diagnostics.throw_if_errors();
  scenario.warnings = diagnostics.all();
  return scenario;
}

/// A scalar from the command line: no line, so that paths are relative to where the user stands.
yaml::Node command_line_value(const std::string& flag, std::string value) {
  yaml::Node node;
  node.kind = yaml::Node::Kind::scalar;
  node.scalar = std::move(value);
  node.where = {std::make_shared<const SourceText>(flag, std::string()), 0, 0};
  return node;
}

yaml::Node map_of(std::vector<std::pair<std::string, yaml::Node>> entries) {
  yaml::Node node;
  node.kind = yaml::Node::Kind::map;
  node.where = entries.front().second.where;
  for (auto& [key, value] : entries) {
    const yaml::Place where = value.where;
    node.entries.push_back({key, where, std::move(value)});
  }
  return node;
}

}  // namespace

Scenario load_scenario(const std::string& path, const std::vector<std::string>& set_overrides) {
  return read_scenario(SourceText::read(path), set_overrides);
}

Scenario read_scenario(SourceText text, const std::vector<std::string>& set_overrides) {
  const std::string file = text.name();
  Diagnostics diagnostics;
  auto root = yaml::load(std::move(text), {}, diagnostics);
  diagnostics.throw_if_errors();
  Scenario scenario = read_tree(std::move(*root), set_overrides, diagnostics);
  scenario.file = file;
  if (scenario.name.empty()) scenario.name = stem(file);
  return scenario;
}

Scenario bare_scenario(const std::string& topology_path, const std::string& matrix_path,
                       double scale, const std::vector<std::string>& set_overrides) {
  yaml::Node matrix =
      map_of({{"file", command_line_value("--matrix", matrix_path)},
              {"scale", command_line_value("--matrix-scale", fmt::format("{}", scale))}});
  yaml::Node traffic;
  traffic.kind = yaml::Node::Kind::list;
  traffic.where = matrix.where;
  traffic.items.push_back(map_of({{"matrix", std::move(matrix)}}));
  yaml::Node root = map_of({{"topology", command_line_value("--topology", topology_path)},
                            {"traffic", std::move(traffic)}});
  Diagnostics diagnostics;
  Scenario scenario = read_tree(std::move(root), set_overrides, diagnostics);
  if (scenario.name.empty()) scenario.name = stem(topology_path);
  return scenario;
}

}  // namespace longhaul
