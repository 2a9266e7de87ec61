// What was built: for bug reports and for reports that must be reproduced.
#pragma once

#include <string>

namespace longhaul::cli {

/// "longhaul 0.1.0 (commit 1a2b3c4, GCC 12.2.0, Release)".
std::string version_text();

}  // namespace longhaul::cli
