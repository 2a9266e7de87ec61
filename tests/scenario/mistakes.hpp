// What a scenario's reader says of mistakes, held against what a test wants.
#pragma once

#include <string>
#include <vector>

#include "sim/scenario/read.hpp"
#include "tests/catch.hpp"

namespace longhaul::tests {

/// Each of `expected` is "line:column: " and a part of the message.
inline void check_messages(const std::vector<Diagnostic>& found,
                           const std::vector<std::string>& expected) {
  for (const Diagnostic& d : found) UNSCOPED_INFO(format(d));
  REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    const std::size_t colon = expected[i].find(": ") + 2;
    const std::string place =
        std::to_string(found[i].where.line) + ":" + std::to_string(found[i].where.column) + ": ";
    CHECK(found[i].where.file == "t.yaml");
    CHECK(place == expected[i].substr(0, colon));
    CHECK(format(found[i]).find(expected[i].substr(colon)) != std::string::npos);
  }
}

/// Reads `text` as the scenario t.yaml.
inline void check_mistakes(const std::string& text, const std::vector<std::string>& expected) {
  INFO(text);
  std::vector<Diagnostic> errors;
  try {
    (void)read_scenario(SourceText("t.yaml", text));
  } catch (const InputError& e) {
    errors = e.diagnostics();
  }
  check_messages(errors, expected);
}

}  // namespace longhaul::tests
