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
  std::optional<engine::Progress> first;  ///< where this run began: not at 0 if it was resumed
  report::Style style;

  void update(const engine::Progress& progress) {
    const auto now = Clock::now();
    if (!first) first = progress;
    if (now - start < first_shown_after || (drawn && now - *drawn < redrawn_every)) return;
    drawn = now;
    const double spent = std::chrono::duration<double>(now - start).count();
    const double share =
        std::clamp(progress.simulated.seconds() / progress.end.seconds(), 0.0, 1.0);
    const double done =
        share - std::clamp(first->simulated.seconds() / first->end.seconds(), 0.0, 1.0);
    const double left = done > 0 ? spent * (1 - share) / done : 0;
    const std::string text = fmt::format(
        "{} {:3.0f} %  {} hops/s  {:.0f} s left", report::bar(style, share, bar_width), share * 100,
        report::amount(static_cast<double>(progress.packet_hops - first->packet_hops) / spent),
        left);
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
  return [state = state_.get()](const engine::Progress& progress) { state->update(progress); };
}

}  // namespace longhaul::cli
