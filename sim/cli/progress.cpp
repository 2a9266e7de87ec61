#include "sim/cli/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <optional>

#include "sim/cli/process.hpp"
#include "sim/report/style.hpp"

namespace longhaul::cli {

namespace {

using Clock = std::chrono::steady_clock;
constexpr auto first_shown_after = std::chrono::seconds(1);
constexpr auto redrawn_every = std::chrono::milliseconds(100);
constexpr std::size_t bar_width = 24;

}  // namespace

struct ProgressBar::State {
  Clock::time_point start = Clock::now();
  std::optional<Clock::time_point> drawn;
  std::optional<double> first_share;  ///< where this run began: not at 0 if it was resumed
  double first_count = 0;
  report::Style style;

  /// `share` of the way is done; `count` of `unit` so far tells the rate.
  void update(double share, double count, const char* unit) {
    const auto now = Clock::now();
    share = std::clamp(share, 0.0, 1.0);
    if (!first_share) {
      first_share = share;
      first_count = count;
    }
    if (now - start < first_shown_after || (drawn && now - *drawn < redrawn_every)) return;
    drawn = now;
    const double spent = std::chrono::duration<double>(now - start).count();
    const double done = share - *first_share;
    const double left = done > 0 ? spent * (1 - share) / done : 0;
    const std::string text =
        fmt::format("{} {:3.0f} %  {} {}/s  {:.0f} s left", report::bar(style, share, bar_width),
                    share * 100, report::amount((count - first_count) / spent), unit, left);
    print_error("\r" + report::cut(style, text, static_cast<std::size_t>(style.width) - 1) +
                "\033[K");
  }
};

ProgressBar::ProgressBar() {
  if (!stderr_is_terminal()) return;
  state_ = std::make_unique<State>();
  state_->style = {terminal_width(STDERR_FILENO), false, locale_is_utf8()};
}

ProgressBar::~ProgressBar() {
  if (state_ && state_->drawn) print_error("\r\033[K");
}

std::function<void(const engine::Progress&)> ProgressBar::callback() {
  if (!state_) return nullptr;
  return [state = state_.get()](const engine::Progress& progress) {
    state->update(progress.simulated.seconds() / progress.end.seconds(),
                  static_cast<double>(progress.packet_hops), "hops");
  };
}

std::function<void(std::uint64_t, std::uint64_t)> ProgressBar::counter(const char* unit) {
  if (!state_) return nullptr;
  return [state = state_.get(), unit](std::uint64_t done, std::uint64_t total) {
    state->update(static_cast<double>(done) / static_cast<double>(total), static_cast<double>(done),
                  unit);
  };
}

}  // namespace longhaul::cli
