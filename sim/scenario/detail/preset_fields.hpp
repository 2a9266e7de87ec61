// `preset:` of a traffic entry.
#pragma once

#include "sim/base/yaml/types.hpp"
#include "sim/scenario/detail/written.hpp"

namespace longhaul::scenario {

/// Users write the name of a preset, which is expanded before entries are read; what is left to
/// read is the part that each of the expanded entries has in it, or a name that is none.
yaml::Type<WrittenPart> preset();

}  // namespace longhaul::scenario
