#include "sim/packet/tcp/window.hpp"

#include <algorithm>
#include <bit>
#include <limits>

namespace longhaul::packet::tcp {

namespace {

constexpr double seconds_per_ps = 1e-12;
// RFC 9438, 4.1, 4.6.
constexpr double cubic_c = 0.4;
constexpr double cubic_beta = 0.7;
constexpr double cubic_alpha = 3.0 * (1.0 - cubic_beta) / (1.0 + cubic_beta);
// draft-cardwell-iccrg-bbr-congestion-control-00: 2/ln 2, its inverse, 10 rounds, 10 s, 200 ms, 4.
constexpr double high_gain = 2.885;
constexpr double drain_gain = 1.0 / high_gain;
constexpr double probe_gain = 2.0;
constexpr std::uint64_t bandwidth_rounds = 10;
constexpr std::int64_t least_rtt_lasts = 10'000'000'000'000;
constexpr std::int64_t probe_rtt_lasts = 200'000'000'000;
constexpr double least_window = 4;
constexpr int phases = 8;
constexpr double phase_gains[phases] = {1.25, 0.75, 1, 1, 1, 1, 1, 1};

}  // namespace

double cube_root(double x) {
  if (x <= 0) return 0;
  // A third of the exponent, then Newton; four steps square an error of 5 % four times.
  constexpr std::uint64_t bias = 0x2A9F7893782DA1CEULL;
  double y = std::bit_cast<double>(std::bit_cast<std::uint64_t>(x) / 3 + bias);
  for (int i = 0; i < 5; ++i) y -= (y * y * y - x) / (3.0 * y * y);
  return y;
}

void MaxFilter::update(std::uint64_t window, std::uint64_t time, double value) {
  const Sample sample{time, value};
  if (value >= samples_[0].value || time - samples_[2].time > window) {
    samples_[0] = samples_[1] = samples_[2] = sample;
    return;
  }
  if (value >= samples_[1].value)
    samples_[1] = samples_[2] = sample;
  else if (value >= samples_[2].value)
    samples_[2] = sample;
  const std::uint64_t age = time - samples_[0].time;
  if (age > window) {
    samples_[0] = samples_[1];
    samples_[1] = samples_[2];
    samples_[2] = sample;
    if (time - samples_[0].time > window) {
      samples_[0] = samples_[1];
      samples_[1] = samples_[2];
    }
  } else if (samples_[1].time == samples_[0].time && age > window / 4) {
    samples_[1] = samples_[2] = sample;
  } else if (samples_[2].time == samples_[1].time && age > window / 2) {
    samples_[2] = sample;
  }
}

Window::Window(const Transport& spec, std::uint32_t dice)
    : kind_(spec.protocol),
      window_(spec.initial_window),
      threshold_(std::numeric_limits<double>::max()),
      dice_(dice),
      initial_(spec.initial_window) {
  if (kind_ != CongestionControl::bbr) return;
  bbr_ = std::make_unique<BbrState>();
  bbr_->pacing_gain = bbr_->window_gain = high_gain;
}

void Window::acknowledged(const AckEvent& event) {
  if (bbr_ || event.limited || event.acked == 0) return;
  auto acked = static_cast<double>(event.acked);
  if (window_ < threshold_) {  // slow start, by what was acknowledged (RFC 3465, RFC 5681)
    const double step = std::min(acked, threshold_ - window_);
    window_ += step;
    acked -= step;
  }
  if (acked > 0) {
    if (kind_ == CongestionControl::cubic)
      cubic(event, acked);
    else
      window_ += acked / window_;
  }
  window_ = std::min(window_, static_cast<double>(most_outstanding));
}

void Window::cubic(const AckEvent& event, double acked) {
  if (epoch_ < 0) {
    epoch_ = event.now;
    if (most_ <= window_) {
      most_ = window_;
      k_ = 0;
    } else {
      k_ = cube_root((most_ - window_) / cubic_c);
    }
    reno_ = window_;
  }
  const double t = static_cast<double>(event.now - epoch_) * seconds_per_ps;
  const double rtt = static_cast<double>(event.rtt) * seconds_per_ps;
  const auto at = [&](double when) {
    const double d = when - k_;
    return cubic_c * d * d * d + most_;
  };
  reno_ += (reno_ < before_ ? cubic_alpha : 1.0) * acked / window_;
  if (at(t) < reno_) {  // RFC 9438, 4.3: the Reno-friendly region
    window_ = std::max(window_, reno_);
    return;
  }
  const double target = std::clamp(at(t + rtt), window_, 1.5 * window_);
  window_ += (target - window_) / window_ * acked;
}

/// The window after congestion, as a share of what was under way.
double Window::reduced(std::uint64_t in_flight) {
  const auto flight = static_cast<double>(in_flight);
  if (kind_ == CongestionControl::newreno) return std::max(flight / 2.0, 2.0);
  before_ = window_;
  // Fast convergence (RFC 9438, 4.7).
  most_ = window_ < most_ ? window_ * (1.0 + cubic_beta) / 2.0 : window_;
  epoch_ = -1;
  return std::max(flight * cubic_beta, 2.0);
}

void Window::congested(std::int64_t, std::uint64_t in_flight, bool loss) {
  if (bbr_) {
    if (!loss) return;  // version 1 knows no marks
    if (!bbr_->conserving) bbr_->prior_window = std::max(bbr_->prior_window, window_);
    bbr_->conserving = true;
    bbr_->conserve_until = bbr_->round + 1;
    window_ = static_cast<double>(std::max<std::uint64_t>(in_flight, 1));
    return;
  }
  threshold_ = reduced(in_flight);
  window_ = threshold_;
}

void Window::recovered() {
  if (!bbr_) return;
  bbr_->conserving = false;
  window_ = std::max(window_, bbr_->prior_window);
  bbr_->prior_window = 0;
}

void Window::timed_out(std::int64_t, std::uint64_t in_flight) {
  if (bbr_) {
    bbr_->prior_window = std::max(bbr_->prior_window, window_);
    bbr_->conserving = true;
    bbr_->conserve_until = bbr_->round + 1;
  } else {
    threshold_ = reduced(in_flight);
  }
  window_ = 1;
}

void Window::sampled(const RateSample& sample, std::int64_t now, std::uint64_t in_flight) {
  if (bbr_) bbr_update(sample, now, in_flight);
}

double Window::bbr_target(double gain) const {
  const BbrState& b = *bbr_;
  if (b.least_rtt == 0) return initial_;
  return gain * b.bandwidth.best() * static_cast<double>(b.least_rtt) * seconds_per_ps + 3.0;
}

void Window::enter_probe_bw(std::int64_t now) {
  BbrState& b = *bbr_;
  b.mode = BbrState::Mode::probe_bw;
  b.window_gain = probe_gain;
  // Any phase but the draining one, at random.
  const int phase = static_cast<int>((std::uint64_t{dice_} * (phases - 1)) >> 32);
  b.phase = phase == 0 ? 0 : phase + 1;
  b.phase_at = now;
  b.pacing_gain = phase_gains[b.phase];
}

void Window::bbr_update(const RateSample& sample, std::int64_t now, std::uint64_t in_flight) {
  BbrState& b = *bbr_;
  using Mode = BbrState::Mode;
  // Rounds and bandwidth.
  b.round_start = false;
  if (sample.interval > 0 && sample.prior_delivered >= b.round_ends) {
    b.round_ends = sample.total_delivered;
    ++b.round;
    b.round_start = true;
  }
  if (sample.interval > 0) {
    const double rate = static_cast<double>(sample.delivered) /
                        (static_cast<double>(sample.interval) * seconds_per_ps);
    if (rate >= b.bandwidth.best() || !sample.limited)
      b.bandwidth.update(bandwidth_rounds, b.round, rate);
  }
  // The cycle of gains.
  if (b.mode == Mode::probe_bw) {
    const bool elapsed = now - b.phase_at > b.least_rtt;
    const auto flight = static_cast<double>(in_flight);
    bool next = elapsed;
    if (b.pacing_gain > 1.0)
      next = elapsed && (flight >= bbr_target(b.pacing_gain) || b.conserving);
    if (b.pacing_gain < 1.0) next = elapsed || flight <= bbr_target(1.0);
    if (next) {
      b.phase = (b.phase + 1) % phases;
      b.phase_at = now;
      b.pacing_gain = phase_gains[b.phase];
    }
  }
  // Is the pipe full? Three rounds without a quarter more.
  if (!b.full && b.round_start && !sample.limited) {
    if (b.bandwidth.best() >= b.full_bandwidth * 1.25) {
      b.full_bandwidth = b.bandwidth.best();
      b.full_rounds = 0;
    } else if (++b.full_rounds >= 3) {
      b.full = true;
    }
  }
  if (b.mode == Mode::startup && b.full) {
    b.mode = Mode::drain;
    b.pacing_gain = drain_gain;
    b.window_gain = high_gain;
  }
  if (b.mode == Mode::drain && static_cast<double>(in_flight) <= bbr_target(1.0))
    enter_probe_bw(now);
  // The least round trip, and probing for it.
  const bool expired = b.least_rtt != 0 && now > b.least_rtt_at + least_rtt_lasts;
  if (sample.rtt > 0 && (b.least_rtt == 0 || sample.rtt <= b.least_rtt || expired)) {
    b.least_rtt = sample.rtt;
    b.least_rtt_at = now;
  }
  if (expired && b.mode != Mode::probe_rtt) {
    b.mode = Mode::probe_rtt;
    b.pacing_gain = b.window_gain = 1.0;
    b.prior_window = std::max(b.prior_window, window_);
    b.probe_rtt_until = 0;
  }
  if (b.mode == Mode::probe_rtt) {
    if (b.probe_rtt_until == 0 && static_cast<double>(in_flight) <= least_window) {
      b.probe_rtt_until = now + probe_rtt_lasts;
      b.probe_rtt_round_done = false;
      b.round_ends = sample.total_delivered;
    } else if (b.probe_rtt_until != 0) {
      if (b.round_start) b.probe_rtt_round_done = true;
      if (b.probe_rtt_round_done && now > b.probe_rtt_until) {
        b.least_rtt_at = now;
        window_ = std::max(window_, b.prior_window);
        b.prior_window = 0;
        if (b.full) {
          enter_probe_bw(now);
        } else {
          b.mode = Mode::startup;
          b.pacing_gain = b.window_gain = high_gain;
        }
      }
    }
  }
  bbr_set(sample.delivered, in_flight);
}

/// Pacing and window from the model.
void Window::bbr_set(std::uint64_t acked, std::uint64_t in_flight) {
  BbrState& b = *bbr_;
  if (b.bandwidth.best() > 0) {
    const double rate = b.pacing_gain * b.bandwidth.best();  // segments a second
    const auto gap = static_cast<std::int64_t>(1e12 / rate);
    if (b.full || gap_ == 0 || gap < gap_) gap_ = std::max<std::int64_t>(gap, 1);
  }
  if (b.conserving && b.round < b.conserve_until) {
    window_ = std::max(window_, static_cast<double>(in_flight + acked));
  } else {
    const double target = bbr_target(b.window_gain);
    const auto step = static_cast<double>(acked);
    if (b.full)
      window_ = std::min(window_ + step, target);
    else if (window_ < target || b.round < 2)
      window_ += step;
    window_ = std::max(window_, least_window);
  }
  if (b.mode == BbrState::Mode::probe_rtt) window_ = std::min(window_, least_window);
  window_ = std::min(window_, static_cast<double>(most_outstanding));
}

}  // namespace longhaul::packet::tcp
