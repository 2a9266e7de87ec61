// Runs the built program as a user does.
#pragma once

#include <fcntl.h>
#include <poll.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/scratch.hpp"

namespace longhaul::tests {

struct Outcome {
  int status = -1;  ///< exit status; 128 + signal when killed by one
  std::string out;
  std::string err;
  bool printed(const std::string& text) const { return out.find(text) != std::string::npos; }
  bool complained(const std::string& text) const { return err.find(text) != std::string::npos; }
};

/// How to start it, besides the arguments.
struct Setting {
  std::vector<std::pair<std::string, std::string>> environment;
  std::string stdout_to;  ///< a path instead of a pipe
  bool stdout_closed = false;
  bool reader_leaves = false;  ///< nobody reads the pipe
  std::string directory;       ///< to start in
  std::optional<int> signal;   ///< sent `signal_after` the start
  std::chrono::milliseconds signal_after{0};
  std::string signal_once_there;  ///< a file; the signal is sent `signal_after` it is there
};

namespace detail {

[[noreturn]] inline void become(const std::vector<std::string>& arguments, const Setting& setting,
                                int out, int err) {
  if (setting.stdout_closed)
    ::close(STDOUT_FILENO);
  else
    ::dup2(setting.stdout_to.empty() ? out : ::open(setting.stdout_to.c_str(), O_WRONLY),
           STDOUT_FILENO);
  ::dup2(err, STDERR_FILENO);
  if (!setting.directory.empty() && ::chdir(setting.directory.c_str()) != 0) ::_exit(126);
  for (const auto& [name, value] : setting.environment) ::setenv(name.c_str(), value.c_str(), 1);
  std::vector<char*> argv{const_cast<char*>("longhaul")};
  for (const auto& a : arguments) argv.push_back(const_cast<char*>(a.c_str()));
  argv.push_back(nullptr);
  ::execv(LONGHAUL_PROGRAM, argv.data());
  ::_exit(127);
}

/// Reads both pipes to their ends.
inline void drain(std::array<int, 2> from, std::array<std::string*, 2> to) {
  std::array<char, 65536> buffer{};
  while (from[0] >= 0 || from[1] >= 0) {
    std::array<pollfd, 2> waiting{{{from[0], POLLIN, 0}, {from[1], POLLIN, 0}}};
    ::poll(waiting.data(), 2, -1);
    for (std::size_t i = 0; i < 2; ++i) {
      if (from[i] < 0 || waiting[i].revents == 0) continue;
      const ssize_t n = ::read(from[i], buffer.data(), buffer.size());
      if (n > 0) {
        to[i]->append(buffer.data(), static_cast<std::size_t>(n));
      } else {
        ::close(from[i]);
        from[i] = -1;
      }
    }
  }
}

}  // namespace detail

inline Outcome program(const std::vector<std::string>& arguments, const Setting& setting = {}) {
  std::array<int, 2> out{};
  std::array<int, 2> err{};
  if (::pipe2(out.data(), O_CLOEXEC) != 0 || ::pipe2(err.data(), O_CLOEXEC) != 0)
    throw std::runtime_error("pipe");
  const pid_t child = ::fork();
  if (child == 0) detail::become(arguments, setting, out[1], err[1]);
  ::close(out[1]);
  ::close(err[1]);
  if (setting.reader_leaves) {
    ::close(out[0]);
    out[0] = -1;
  }
  std::thread killer;
  if (setting.signal)
    killer = std::thread([&] {
      for (int i = 0; i < 6000 && !setting.signal_once_there.empty() &&
                      !std::filesystem::exists(setting.signal_once_there);
           ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
      std::this_thread::sleep_for(setting.signal_after);
      ::kill(child, *setting.signal);
    });
  Outcome outcome;
  detail::drain({out[0], err[0]}, {&outcome.out, &outcome.err});
  if (killer.joinable()) killer.join();
  int status = 0;
  ::waitpid(child, &status, 0);
  outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return outcome;
}

inline std::string read_file(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace longhaul::tests
