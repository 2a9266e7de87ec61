// How results are printed here: as wide, coloured and encoded as standard output takes it.
#pragma once

#include "sim/report/style.hpp"

namespace longhaul::cli {

report::Style terminal_style();

}  // namespace longhaul::cli
