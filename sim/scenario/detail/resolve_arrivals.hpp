// From `arrivals:` as written to models.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "sim/scenario/detail/written.hpp"

namespace longhaul::scenario {

class ArrivalModels {
 public:
  /// Reads `flow_sizes:`; a name that is built in is a mistake.
  ArrivalModels(const WrittenScenario& written, Diagnostics& diagnostics);

  /// Null for packets at an even rate, for traces (read_trace), and after a mistake.
  std::shared_ptr<const ArrivalModel> model(const WrittenArrivals& written,
                                            Diagnostics& diagnostics) const;

  /// A table of `flow_sizes:`, a built-in one, or a size such as "1 MB"; null after a mistake.
  std::shared_ptr<const FlowSizes> flow_sizes(const yaml::Located<std::string>& name,
                                              Diagnostics& diagnostics) const;

 private:
  std::map<std::string, std::shared_ptr<const FlowSizes>> own_;
};

}  // namespace longhaul::scenario
