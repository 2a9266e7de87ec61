// The error rule (docs/decisions): bad input ends a run by one exception, `InputError`, which
// carries every mistake found with its place; what could not be finished (memory, disk) is a
// `RunError`. Expected outcomes are return values. Programmer errors are assertions.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <vector>

namespace longhaul {

/// A place in a text a user wrote. Lines and columns count from 1; 0 means "the file as a whole".
struct SourceLocation {
  std::string file;
  int line = 0;
  int column = 0;
};

/// One mistake in the input.
struct Diagnostic {
  SourceLocation where;
  std::string message;      ///< what is wrong, and what was expected
  std::string hint;         ///< what would be right, e.g. the nearest name; may be empty
  std::string source_line;  ///< the offending line as written; may be empty
  bool warning = false;     ///< said, but does not fail
};

/// "file:line:column: error: message", then the line with a caret, then the hint.
std::string format(const Diagnostic& diagnostic);

/// Bad input: exit status 2. Holds every mistake, in the order of the text.
class InputError : public std::runtime_error {
 public:
  explicit InputError(std::vector<Diagnostic> diagnostics);
  /// One mistake without a place in a file (a command-line flag).
  explicit InputError(std::string message, std::string hint = {});
  const std::vector<Diagnostic>& diagnostics() const { return diagnostics_; }

 private:
  std::vector<Diagnostic> diagnostics_;
};

/// A run that could not be finished (memory, disk, a bug): exit status 3.
class RunError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Collects mistakes so that all of a file are reported, not only the first.
class Diagnostics {
 public:
  void error(SourceLocation where, std::string message, std::string hint = {},
             std::string source_line = {});
  void warning(SourceLocation where, std::string message, std::string hint = {},
               std::string source_line = {});
  void add(const std::vector<Diagnostic>& more);
  bool has_errors() const;
  const std::vector<Diagnostic>& all() const { return all_; }
  /// Throws InputError with all that was collected, ordered by file, line and column, if any is an
  /// error.
  void throw_if_errors() const;

 private:
  std::vector<Diagnostic> all_;  ///< at most 1000; later errors are only counted
  std::size_t errors_not_kept_ = 0;
};

}  // namespace longhaul
