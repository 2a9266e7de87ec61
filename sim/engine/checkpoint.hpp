// Checkpoints: the state of a run in a file, from which it can be continued to the same result.
//
// A file is a header (magic, version of the format, version of the program, engine, a hash of the
// input, the simulated time) and the engine's state, each with a checksum. It is written under
// another name beside its own, brought to disk and then renamed: whenever the program or the
// machine dies, the file is the last one that was complete.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>

#include "sim/base/units.hpp"

namespace longhaul::engine {

/// What is said of a checkpoint.
struct CheckpointNote {
  std::string file;
  Time simulated = Time::zero();
  Time end = Time::zero();
  std::uint64_t bytes = 0;
  double seconds = 0;  ///< that writing took
  std::string error;   ///< why it could not be written; empty if it was
};

/// Where, when and from what; part of every engine's Config. No result depends on it.
struct CheckpointConfig {
  std::string file;                   ///< to write; empty: none
  Duration every = Duration::s(300);  ///< of wall-clock time; and whenever a run is stopped
  std::string resume;                 ///< to continue from; empty: from the start
  std::string program;                ///< version of the program: files of others are refused
  std::function<void(const CheckpointNote&)> wrote;  ///< after each, by one thread at a time
  /// Asked now and then by one thread at a time, wherever one could be written: whether to, beside
  /// the clock.
  std::function<bool()> wanted;
  bool used() const { return !file.empty() || !resume.empty(); }
};

/// Throws InputError if `file` could not be written, before hours are spent on what it is to hold.
void require_writable_checkpoint(const std::string& file);

/// The checkpoints of one run.
class Checkpoints {
 public:
  /// `engine` and `input_hash` tell whether a file belongs to this run (sim/engine/input_hash.hpp).
  Checkpoints(CheckpointConfig config, std::string engine, std::uint64_t input_hash);

  /// Whether any are written.
  bool writes() const { return !config_.file.empty(); }
  /// Whether it is time for one.
  bool due() const;
  /// Writes one; `save` writes the state. What fails is told to config.wrote, and the file is then
  /// as it was: a full disk does not end a run.
  void write(Time simulated, Time end, const std::function<void(std::ostream&)>& save);
  /// `load` reads the state that config.resume holds; returns false, and does nothing, if there is
  /// none to resume from. Throws InputError if that file is missing, damaged or of another run.
  bool resume(const std::function<void(std::istream&)>& load) const;

 private:
  using Clock = std::chrono::steady_clock;
  CheckpointConfig config_;
  std::string engine_;
  std::uint64_t input_hash_;
  Clock::time_point last_ = Clock::now();
};

}  // namespace longhaul::engine
