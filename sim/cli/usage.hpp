// Mistakes on the command line, said with what would be right.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace longhaul::cli {

/// The command line names a verb that `root` does not have: the message, with the nearest verb.
/// Empty if all is well.
std::string unknown_verb(const CLI::App& root, const std::vector<std::string>& arguments);

/// What CLI11 found wrong, as a message that ends with where to look.
std::string usage_error(const CLI::App& root, const CLI::ParseError& error);

}  // namespace longhaul::cli
