// A number for everything that decides the results of a run.
#pragma once

#include <cstdint>
#include <initializer_list>

#include "sim/engine/input.hpp"

namespace longhaul::engine {

/// Of `input`, of what in `config` decides results (all but threads, progress, stop and
/// checkpoints), and of `more` that an engine's own config has. Equal ones give equal numbers on
/// every machine; names that no engine looks at (of classes, sizes) are left out. Costs a pass over
/// all routes.
std::uint64_t input_hash(const Input& input, const Config& config,
                         std::initializer_list<std::uint64_t> more = {});

}  // namespace longhaul::engine
