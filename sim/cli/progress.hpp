// A progress bar on standard error: rate and time left.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "sim/engine/input.hpp"

namespace longhaul::cli {

/// Shows itself once the run has lasted a second, and only on a terminal; takes itself away when it
/// ends.
class ProgressBar {
 public:
  ProgressBar();
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  /// For run::Options; null where nothing would be shown. Must not outlive the bar.
  std::function<void(const engine::Progress&)> callback();
  /// For what is counted, so much done of a total; the same otherwise. `unit` is a plural.
  std::function<void(std::uint64_t done, std::uint64_t total)> counter(const char* unit);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace longhaul::cli
