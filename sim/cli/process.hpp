// What the program shares with whoever started it: standard streams, signals, exit statuses.
#pragma once

#include <atomic>
#include <string_view>

namespace longhaul::cli {

/// Exit statuses (`longhaul --help`).
enum Status : int {
  status_fine = 0,
  status_expectation_failed = 1,  ///< or a comparison differs
  status_bad_input = 2,           ///< or bad usage
  status_not_finished = 3,        ///< memory, disk, a bug
  status_interrupted = 130
};

/// Makes standard streams that were closed fail when used, so that no file opened later takes their
/// place, and lets writes to a closed pipe return instead of killing. Call first.
void secure_standard_streams();

/// Writes to standard output at once. Throws RunError (a full disk, a closed stream); a reader that
/// has left (EPIPE) is no error: whoever reads has seen enough.
void print(std::string_view text);
/// To standard error; failures are ignored.
void print_error(std::string_view text);

bool stdout_is_terminal();
bool stderr_is_terminal();
/// Columns of the terminal behind file descriptor `fd`, else of $COLUMNS, else 100.
int terminal_width(int fd);
/// The locale's encoding is UTF-8, by LC_ALL, LC_CTYPE and LANG.
bool locale_is_utf8();
/// NO_COLOR (no-color.org): set and not empty.
bool colour_refused();

/// While it lives, the first SIGINT or SIGTERM sets `stop()`; the second ends the program at once
/// with 130.
class InterruptGuard {
 public:
  InterruptGuard();
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;
  const std::atomic<bool>* stop() const;
};

}  // namespace longhaul::cli
