// What a run takes of the machine.
#pragma once

#include <cstdint>

namespace longhaul::engine {

/// The most memory that this process has had so far, in bytes.
std::uint64_t peak_memory();

}  // namespace longhaul::engine
