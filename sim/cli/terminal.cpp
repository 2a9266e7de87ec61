#include "sim/cli/terminal.hpp"

#include <unistd.h>

#include "sim/cli/process.hpp"

namespace longhaul::cli {

report::Style terminal_style() {
  report::Style style;
  style.width = terminal_width(STDOUT_FILENO);
  style.colour = stdout_is_terminal() && !colour_refused();
  style.utf8 = locale_is_utf8();
  return style;
}

}  // namespace longhaul::cli
