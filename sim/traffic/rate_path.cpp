#include "sim/traffic/rate_path.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "sim/base/random.hpp"

namespace longhaul {

namespace {

double exponential_of(const Words& w) {
  return exponential_from_bits(static_cast<std::uint64_t>(w.w[0]) << 32 | w.w[1]);
}

/// In [0, 1).
double uniform(std::uint32_t word) { return static_cast<double>(word) * (1.0 / 4294967296.0); }

std::int64_t rounded_ps(double ps) {
  const double up = ps + 0.5;
  return up < static_cast<double>(never_ps) ? static_cast<std::int64_t>(up) : never_ps;
}

/// `length` after `now`, at most never_ps.
std::int64_t later(std::int64_t now, std::int64_t length) {
  return length < never_ps - now ? now + length : never_ps;
}

}  // namespace

std::uint64_t stream_of(std::uint64_t stream, Draw what) {
  return mix(stream + static_cast<std::uint64_t>(what) * 0x9e3779b97f4a7c15ULL);
}

MmppPath::MmppPath(const Mmpp& mmpp, std::uint64_t seed, std::uint64_t stream)
    : mmpp_(&mmpp), factors_(rate_factors(mmpp)), seed_(seed), stream_(stream) {
  // It is in each state with that state's share of time, and what is left of an exponential time
  // is as the whole.
  const Words w = philox(seed_, stream_, drawn_++);
  const std::vector<double> shares = time_shares(mmpp);
  double below = shares[0];
  while (state_ + 1 < shares.size() && uniform(w.w[2]) >= below) below += shares[++state_];
  end_ = rounded_ps(exponential_of(w) * static_cast<double>(mmpp.states[state_].mean.ps()));
}

void MmppPath::next() {
  const Words w = philox(seed_, stream_, drawn_++);
  const double u = uniform(w.w[2]);
  const std::size_t from = state_;
  double below = 0;
  for (std::size_t to = 0; to < factors_.size(); ++to) {
    const double share = jump_share(*mmpp_, from, to);
    if (!(share > 0)) continue;
    state_ = to;
    below += share;
    if (u < below) break;
  }
  const double mean = static_cast<double>(mmpp_->states[state_].mean.ps());
  end_ = later(end_, rounded_ps(exponential_of(w) * mean));
}

OnOffPath::OnOffPath(const OnOff& model, std::uint64_t seed, std::uint64_t stream)
    : model_(&model), seed_(seed), stream_(stream) {
  const auto on = static_cast<double>(model.on.ps());
  const auto off = static_cast<double>(model.off.ps());
  scale_ = (on + off) / on / static_cast<double>(model.sources);
  for (std::uint32_t s = 0; s < model.sources; ++s) {
    bool sends = false;
    const std::int64_t end = residual(s, sends);
    sending_ += sends ? 1 : 0;
    next_.push_back({end, s, 1, sends});
  }
  std::make_heap(next_.begin(), next_.end());
}

std::int64_t OnOffPath::residual(std::uint32_t source, bool& on) const {
  const Words w = philox(seed_, stream_, static_cast<std::uint64_t>(source) << 32);
  const auto on_ps = static_cast<double>(model_->on.ps());
  const auto off_ps = static_cast<double>(model_->off.ps());
  on = uniform(w.w[2]) * (on_ps + off_ps) < on_ps;
  const double mean = on ? on_ps : off_ps;
  const double e = exponential_of(w);
  const double alpha = model_->alpha;
  if (alpha == 0) return rounded_ps(e * mean);
  // The residual life of a Pareto period of scale m: even over [0, m) with probability
  // (alpha - 1) / alpha, else Pareto of shape alpha - 1 from m on.
  const double scale = mean * (alpha - 1) / alpha;
  if (uniform(w.w[3]) * alpha < alpha - 1) return rounded_ps(scale * uniform(w.w[0]));
  return rounded_ps(scale * exp_from(e / (alpha - 1)));
}

std::int64_t OnOffPath::length(const Change& c) const {
  const Words w = philox(seed_, stream_, static_cast<std::uint64_t>(c.source) << 32 | c.periods);
  const auto mean = static_cast<double>((c.on ? model_->on : model_->off).ps());
  const double e = exponential_of(w);
  const double alpha = model_->alpha;
  if (alpha == 0) return rounded_ps(e * mean);
  return rounded_ps(mean * (alpha - 1) / alpha * exp_from(e / alpha));
}

void OnOffPath::next() {
  std::pop_heap(next_.begin(), next_.end());
  Change& c = next_.back();
  c.on = !c.on;
  sending_ += c.on ? 1U : ~0U;
  c.time = later(c.time, length(c));
  ++c.periods;
  std::push_heap(next_.begin(), next_.end());
}

RatePath::RatePath(const ArrivalModel* model, const Profile* profile, double longitude,
                   std::uint64_t seed, std::uint64_t stream) {
  const std::uint64_t name = stream_of(stream, Draw::rate);
  if (model != nullptr) {
    if (const auto* mmpp = std::get_if<Mmpp>(model)) state_.emplace<MmppPath>(*mmpp, seed, name);
    if (const auto* on_off = std::get_if<OnOff>(model))
      state_.emplace<OnOffPath>(*on_off, seed, name);
  }
  if (profile != nullptr) profile_.emplace(*profile, longitude);
  look(0);
}

void RatePath::look(std::int64_t now) {
  factor_ = 1;
  end_ = never_ps;
  std::visit(
      [this](const auto& state) {
        if constexpr (!std::is_same_v<std::decay_t<decltype(state)>, std::monostate>) {
          factor_ = state.factor();
          end_ = state.end();
        }
      },
      state_);
  if (profile_ && now < never_ps) {
    factor_ *= profile_->factor(now);
    end_ = std::min(end_, profile_->step_end(now));
  }
}

void RatePath::next() {
  const std::int64_t now = end_;
  std::visit(
      [now](auto& state) {
        if constexpr (!std::is_same_v<std::decay_t<decltype(state)>, std::monostate>) {
          if (state.end() == now) state.next();
        }
      },
      state_);
  look(now);
}

OperationalClock::OperationalClock(RatePath path, double gap_ps, bool carry, std::int64_t end)
    : path_(std::move(path)),
      gap_ps_(gap_ps),
      gap_now_ps_(gap_ps / path_.factor()),
      carry_(carry),
      end_(std::min(end, never_ps)),
      fraction_(carry ? 0.0 : 0.5) {}

std::int64_t OperationalClock::advance(double amount) {
  while (now_ < end_) {
    const double gap = fraction_ + amount * gap_now_ps_;
    const auto left = static_cast<double>(path_.end() - now_);
    if (gap < left) {
      const auto whole = static_cast<std::int64_t>(gap);
      now_ += whole;
      if (carry_) fraction_ = gap - static_cast<double>(whole);
      return now_ < end_ ? now_ : never_ps;
    }
    const double passed = carry_ ? left - fraction_ : left;
    amount = std::max(0.0, amount - passed / gap_now_ps_);
    now_ = path_.end();
    if (carry_) fraction_ = 0;
    path_.next();
    gap_now_ps_ = gap_ps_ / path_.factor();
  }
  return never_ps;
}

}  // namespace longhaul
