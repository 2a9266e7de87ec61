#include "sim/scenario/detail/written.hpp"
#include "sim/scenario/read.hpp"
#include "sim/topology/topology.hpp"

namespace longhaul {

std::string scenario_schema() {
  return yaml::json_schema(scenario::scenario_fields().doc(), "longhaul scenario");
}

std::string scenario_reference() { return yaml::reference_page(scenario::scenario_fields().doc()); }

std::string topology_schema() { return topology_json_schema(); }

}  // namespace longhaul
