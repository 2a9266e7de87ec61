// Whether two specs are the same network, and the first difference if not.
#pragma once

#include <string>

#include "sim/network/network.hpp"
#include "sim/topology/import/import.hpp"

namespace longhaul::test {

/// Empty, or what differs. A provider "default" that is only implied counts as written, and a
/// one-way link has no metric of its way back.
std::string difference(const NetworkSpec& a, const NetworkSpec& b);

/// Reads a text of the given format; throws InputError if it has mistakes.
Imported import_text(const std::string& name, const std::string& text, Format format);

/// "line:column: message" of every mistake, in the order of the text.
std::vector<std::string> import_mistakes(const std::string& text, Format format);
/// The same of warnings, without place.
std::vector<std::string> import_warnings(const std::string& text, Format format);

}  // namespace longhaul::test
