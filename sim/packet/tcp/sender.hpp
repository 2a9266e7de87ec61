// The sending end of a connection (RFC 5681, RFC 6298, RFC 6675, RFC 8985).
#pragma once

#include <cstdint>
#include <limits>

#include "sim/base/archive_fwd.hpp"
#include "sim/packet/tcp/scoreboard.hpp"
#include "sim/packet/tcp/window.hpp"

namespace longhaul::packet::tcp {

/// What one connection has done in the measured period.
struct SenderCounts {
  std::uint64_t segments = 0;  ///< known to have arrived
  std::uint64_t resent = 0;
  std::uint64_t timeouts = 0;
  std::uint64_t rounds = 0;  ///< reductions of the window
  std::uint64_t rtt_count = 0;
  std::int64_t rtt_sum = 0;  ///< ps
  std::int64_t rtt_max = 0;
};

class Sender {
 public:
  static constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();

  Sender(const Transport& spec, std::uint32_t dice)
      : window_(spec, dice), timeout_(first_timeout) {}

  /// `segments` more to send.
  void offer(std::uint64_t segments) { end_ += segments; }
  /// A new flow on this connection: as a connection of its own, it knows nothing of the path.
  void restart(const Transport& spec, std::uint32_t dice);

  struct Acknowledgement {
    std::uint64_t next;
    std::uint64_t block_first;
    std::uint64_t block_end;
    bool congested;
  };
  void acknowledged(const Acknowledgement& ack, std::int64_t now, const Transport& spec);
  /// The number of a segment that may be sent at `now`, if one may; it is then under way.
  bool send(std::int64_t now, std::uint64_t& number);
  /// Does what timers ask for at `now`: a timeout. Call send() afterwards.
  void act(std::int64_t now, const Transport& spec);
  /// When act() or send() is due although no ACK arrives.
  std::int64_t deadline() const;

  /// All that was offered has arrived.
  std::uint64_t first() const { return board_.first(); }
  std::uint64_t memory_bytes() const { return board_.memory_bytes(); }
  bool done() const { return board_.empty() && board_.next() == end_; }
  std::uint64_t offered() const { return end_; }
  std::uint64_t in_flight() const { return board_.in_flight(); }
  const Window& window() const { return window_; }
  const SenderCounts& counts() const { return counts_; }
  void clear_counts() { counts_ = {}; }
  std::int64_t smoothed_rtt() const { return smoothed_; }

 private:
  friend class cereal::access;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(board_, window_, end_, recover_, mark_end_, raw(state_), limited_, smoothed_,
            variation_, timeout_, timeout_at_, next_send_, delivered_, delivered_time_, first_sent_,
            raw(counts_));
  }

  static constexpr std::int64_t first_timeout = 1'000'000'000'000;  // 1 s; RFC 6298, 2.1
  static constexpr std::int64_t longest_timeout = 60'000'000'000'000;

  enum class State : std::uint8_t { open, recovery, loss };

  bool has_new() const {
    return board_.next() < end_ && board_.next() - board_.first() < most_outstanding;
  }
  bool has_room() const {
    return board_.in_flight() == 0 ||
           static_cast<double>(board_.in_flight()) + 1.0 <= window_.size();
  }
  void measure(std::int64_t rtt, const Transport& spec);
  void arm(std::int64_t now) { timeout_at_ = board_.empty() ? never : now + timeout_; }

  Scoreboard board_;
  Window window_;
  std::uint64_t end_ = 0;       ///< of what was offered
  std::uint64_t recover_ = 0;   ///< the state ends when all below has arrived
  std::uint64_t mark_end_ = 0;  ///< marks below it belong to a reduction that was made
  State state_ = State::open;
  bool limited_ = false;
  std::int64_t smoothed_ = 0;
  std::int64_t variation_ = 0;
  std::int64_t timeout_;
  std::int64_t timeout_at_ = never;
  std::int64_t next_send_ = 0;  ///< by pacing
  std::uint64_t delivered_ = 0;
  std::int64_t delivered_time_ = 0;
  std::int64_t first_sent_ = 0;
  SenderCounts counts_;
};

}  // namespace longhaul::packet::tcp
