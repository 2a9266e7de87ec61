// Scalars as YAML text, so that reading them back gives the same.
#pragma once

#include <string>
#include <string_view>

namespace longhaul::yaml {

/// `text` plain where that is safe in block and flow style, else in double quotes.
std::string write_scalar(std::string_view text);

}  // namespace longhaul::yaml
