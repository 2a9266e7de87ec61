#include "sim/packet/tcp/sender.hpp"

#include <algorithm>

namespace longhaul::packet::tcp {

void Sender::restart(const Transport& spec, std::uint32_t dice) {
  window_ = Window(spec, dice);
  state_ = State::open;
  smoothed_ = variation_ = 0;
  timeout_ = first_timeout;
  next_send_ = 0;
  delivered_time_ = first_sent_ = 0;
}

void Sender::measure(std::int64_t rtt, const Transport& spec) {
  // RFC 6298, 2.2 and 2.3.
  if (smoothed_ == 0) {
    smoothed_ = rtt;
    variation_ = rtt / 2;
  } else {
    variation_ += (std::max(smoothed_ - rtt, rtt - smoothed_) - variation_) / 4;
    smoothed_ += (rtt - smoothed_) / 8;
  }
  timeout_ =
      std::min(std::max(smoothed_ + 4 * variation_, spec.least_timeout.ps()), longest_timeout);
  ++counts_.rtt_count;
  counts_.rtt_sum += rtt;
  counts_.rtt_max = std::max(counts_.rtt_max, rtt);
}

void Sender::acknowledged(const Acknowledgement& ack, std::int64_t now, const Transport& spec) {
  const std::uint64_t before = board_.in_flight();
  const std::uint64_t first_before = board_.first();
  const std::uint64_t known_before = delivered_;
  Segment newest;
  std::int64_t rtt = 0;
  const auto arrived = [&](const Segment& s) {
    ++delivered_;
    if (s.order > newest.order) newest = s;
    if (!s.resent) rtt = std::max(rtt, s.sent);  // Karn: of those sent once, the last
  };
  board_.acknowledge(std::min(std::max(ack.next, board_.first()), board_.next()), arrived);
  board_.sack(ack.block_first, ack.block_end, arrived);
  const std::uint64_t acked = delivered_ - known_before;
  counts_.segments += acked;
  RateSample sample;
  if (acked > 0) {
    delivered_time_ = now;
    const std::int64_t sending = newest.sent - newest.first_sent_time;
    const std::int64_t acking = now - newest.delivered_time;
    first_sent_ = newest.sent;
    sample.delivered = delivered_ - newest.delivered;
    sample.interval = std::max(sending, acking);
    sample.prior_delivered = newest.delivered;
    sample.limited = newest.limited;
    if (rtt > 0) {
      sample.rtt = now - rtt;
      measure(sample.rtt, spec);
    }
  }
  sample.total_delivered = delivered_;

  const bool new_losses = board_.detect_losses();
  if (state_ != State::open && board_.first() >= recover_) {
    if (state_ == State::recovery) window_.recovered();
    if (state_ == State::loss && window_.is_bbr()) window_.recovered();
    state_ = State::open;
  }
  if (new_losses && state_ == State::open) {
    state_ = State::recovery;
    recover_ = board_.next();
    mark_end_ = recover_;
    window_.congested(now, before, true);
    ++counts_.rounds;
  } else if (ack.congested && state_ == State::open && board_.first() > mark_end_) {
    mark_end_ = board_.next();
    window_.congested(now, before, false);
    ++counts_.rounds;
  } else if (state_ != State::recovery) {
    window_.acknowledged({now, smoothed_, acked, board_.in_flight(), limited_});
  }
  window_.sampled(sample, now, board_.in_flight());
  if (board_.first() > first_before) arm(now);
}

bool Sender::send(std::int64_t now, std::uint64_t& number) {
  const bool again = board_.lost() > 0;
  const bool fresh = has_new();
  limited_ = !again && !fresh && static_cast<double>(board_.in_flight()) < window_.size();
  if ((!again && !fresh) || !has_room()) return false;
  if (window_.gap() > 0 && now < next_send_) return false;
  if (board_.in_flight() == 0) first_sent_ = delivered_time_ = now;  // a flight begins
  number = again ? board_.next_lost() : board_.next();
  Segment& s = again ? board_.at(number) : board_.push();
  board_.sending(number);
  s.sent = now;
  s.delivered = delivered_;
  s.delivered_time = delivered_time_;
  s.first_sent_time = first_sent_;
  s.limited = limited_;
  if (again) ++counts_.resent;
  if (window_.gap() > 0) next_send_ = std::max(next_send_, now) + window_.gap();
  if (timeout_at_ == never || again) arm(now);
  return true;
}

void Sender::act(std::int64_t now, const Transport&) {
  if (now < timeout_at_) return;
  ++counts_.timeouts;
  window_.timed_out(now, board_.in_flight());
  board_.all_lost();
  state_ = State::loss;
  recover_ = board_.next();
  mark_end_ = recover_;
  timeout_ = std::min(2 * timeout_, longest_timeout);  // RFC 6298, 5.5
  next_send_ = now;
  timeout_at_ = now + timeout_;
}

std::int64_t Sender::deadline() const {
  // With pacing, sending is due by itself.
  if (window_.gap() > 0 && (board_.lost() > 0 || has_new()) && has_room())
    return std::min(timeout_at_, next_send_);
  return timeout_at_;
}

}  // namespace longhaul::packet::tcp
