#include "sim/engine/memory.hpp"

#include <sys/resource.h>

namespace longhaul::engine {

std::uint64_t peak_memory() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

}  // namespace longhaul::engine
