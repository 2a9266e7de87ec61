// The packet sizes that a scenario's traffic uses.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/scenario/detail/written.hpp"

namespace longhaul::scenario {

/// Turns `size:` into mixes, each once, in the order of their first use.
class Sizes {
 public:
  /// Reads `sizes:`; a name that is built in is a mistake.
  Sizes(const WrittenScenario& written, Diagnostics& diagnostics);

  /// A mix of `sizes:`, a built-in one, or a size such as "400 B". Reports what is none of them.
  SizeMixId use(const Name& name, Diagnostics& diagnostics);
  SizeMixId use_default();
  /// A mix that is neither written nor built in: the sizes of a trace.
  SizeMixId use(SizeMix mix) { return add(std::move(mix)); }

  const std::vector<SizeMix>& used() const { return used_; }

 private:
  SizeMixId add(SizeMix mix);
  std::optional<SizeMix> find(const std::string& name) const;

  std::map<std::string, SizeMix> own_;
  std::vector<SizeMix> used_;
};

}  // namespace longhaul::scenario
