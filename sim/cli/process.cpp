#include "sim/cli/process.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string>

#include "sim/base/error.hpp"

namespace longhaul::cli {

namespace {

/// A signal handler can reach nothing else: the one mutable global of the program.
std::atomic<bool> interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free);

constexpr std::array signals{SIGINT, SIGTERM};

extern "C" void on_signal(int) {
  if (interrupted.exchange(true)) ::_exit(status_interrupted);
}

void handle(int signal, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  ::sigemptyset(&action.sa_mask);
  ::sigaction(signal, &action, nullptr);
}

int write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(fd, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  return 0;
}

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

}  // namespace

void secure_standard_streams() {
  for (int fd = 0; fd <= 2; ++fd) {
    if (::fcntl(fd, F_GETFD) != -1 || errno != EBADF) continue;
    // open() takes the lowest free descriptor, which is `fd`; opened the wrong way round, using it
    // fails.
    if (::open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY) < 0) std::abort();
  }
  handle(SIGPIPE, SIG_IGN);
}

void print(std::string_view text) {
  const int error = write_all(STDOUT_FILENO, text);
  if (error != 0 && error != EPIPE)
    throw RunError(std::string("cannot write to standard output: ") + std::strerror(error));
}

void print_error(std::string_view text) { write_all(STDERR_FILENO, text); }

bool stdout_is_terminal() { return ::isatty(STDOUT_FILENO) == 1; }
bool stderr_is_terminal() { return ::isatty(STDERR_FILENO) == 1; }

int terminal_width(int fd) {
  constexpr int narrowest = 40;
  constexpr int widest = 200;
  struct winsize size {};
  int width = 0;
  if (::isatty(fd) == 1 && ::ioctl(fd, TIOCGWINSZ, &size) == 0) width = size.ws_col;
  if (width == 0) {
    const std::string columns = environment("COLUMNS");
    std::from_chars(columns.data(), columns.data() + columns.size(), width);
  }
  return width <= 0 ? 100 : std::clamp(width, narrowest, widest);
}

bool locale_is_utf8() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    std::string value = environment(name);
    if (value.empty()) continue;  // the first that is set decides (POSIX)
    std::transform(value.begin(), value.end(), value.begin(),
                   [](unsigned char c) { return c < 128 ? std::tolower(c) : c; });
    return value.find("utf-8") != std::string::npos || value.find("utf8") != std::string::npos;
  }
  return false;
}

bool colour_refused() { return !environment("NO_COLOR").empty(); }

InterruptGuard::InterruptGuard() {
  interrupted = false;
  for (const int signal : signals) handle(signal, on_signal);
}

InterruptGuard::~InterruptGuard() {
  for (const int signal : signals) handle(signal, SIG_DFL);
}

const std::atomic<bool>* InterruptGuard::stop() const { return &interrupted; }

}  // namespace longhaul::cli
