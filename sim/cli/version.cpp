#include "sim/cli/version.hpp"

#include <fmt/format.h>

#include "longhaul_build.hpp"

namespace longhaul::cli {

namespace {

std::string compiler() {
#if defined(__clang__)
  return fmt::format("clang {}.{}.{}", __clang_major__, __clang_minor__, __clang_patchlevel__);
#elif defined(__GNUC__)
  return fmt::format("GCC {}.{}.{}", __GNUC__, __GNUC_MINOR__, __GNUC_PATCHLEVEL__);
#else
  return "unknown compiler";
#endif
}

}  // namespace

std::string version_text() {
  return fmt::format("longhaul {} (commit {}, {}, {})", LONGHAUL_VERSION, LONGHAUL_COMMIT,
                     compiler(), LONGHAUL_BUILD_TYPE);
}

}  // namespace longhaul::cli
