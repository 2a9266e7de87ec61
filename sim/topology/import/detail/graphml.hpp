// What the writer of GraphML and its reader agree on.
#pragma once

#include <string>
#include <string_view>

namespace longhaul::import {

/// The graph's datum that marks a file of ours.
inline constexpr const char* graphml_marker = "longhaul.graphml";

/// A backslash before a backslash, and "\xHH" for bytes that XML 1.0 forbids or changes: control
/// characters, bytes that are no UTF-8, U+FFFE and U+FFFF.
std::string graphml_escaped(std::string_view text);
/// The text again.
std::string graphml_unescaped(std::string_view text);

}  // namespace longhaul::import
