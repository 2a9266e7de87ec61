// Congestion control: how many segments may be under way. NewReno (RFC 5681, RFC 6582), CUBIC (RFC
// 9438) and BBR version 1 (draft-cardwell-iccrg-bbr-congestion-control-00). No libm: doubles with
// + - * / only, so results are the same everywhere.
#pragma once

#include <cstdint>
#include <memory>

#include "sim/base/archive_fwd.hpp"
#include "sim/traffic/transport.hpp"

namespace longhaul::packet::tcp {

/// Cube root, relative error below 1e-14.
double cube_root(double x);

/// What an acknowledgement says, for the window.
struct AckEvent {
  std::int64_t now;
  std::int64_t rtt;         ///< ps; smoothed before this one
  std::uint64_t acked;      ///< segments newly known to have arrived
  std::uint64_t in_flight;  ///< after it
  bool limited;             ///< the sender had less to send than the window allows
};

/// A sample of the delivery rate (draft-cheng-iccrg-delivery-rate-estimation-00).
struct RateSample {
  std::uint64_t delivered = 0;        ///< segments, over `interval`
  std::int64_t interval = 0;          ///< ps; 0: no sample
  std::int64_t rtt = 0;               ///< ps, of the newest segment; 0: none
  std::uint64_t prior_delivered = 0;  ///< of the connection when that segment was sent
  std::uint64_t total_delivered = 0;
  bool limited = false;
};

/// Windowed maximum by its three best samples (K. Nichols, as in Linux).
class MaxFilter {
 public:
  double best() const { return samples_[0].value; }
  void update(std::uint64_t window, std::uint64_t time, double value);

 private:
  struct Sample {
    std::uint64_t time = 0;
    double value = 0;
  };
  Sample samples_[3];
};

/// BBR's model of the path.
struct BbrState {
  enum class Mode : std::uint8_t { startup, drain, probe_bw, probe_rtt };
  Mode mode = Mode::startup;
  MaxFilter bandwidth;  ///< segments a second
  std::int64_t least_rtt = 0;
  std::int64_t least_rtt_at = 0;
  std::uint64_t round = 0;
  std::uint64_t round_ends = 0;  ///< at so many segments delivered
  bool round_start = false;
  double full_bandwidth = 0;
  int full_rounds = 0;
  bool full = false;
  int phase = 0;
  std::int64_t phase_at = 0;
  double pacing_gain = 0;
  double window_gain = 0;
  std::int64_t probe_rtt_until = 0;
  bool probe_rtt_round_done = false;
  double prior_window = 0;
  bool conserving = false;
  std::uint64_t conserve_until = 0;
};

/// Segments under way at most: what sequence numbers in packets can tell apart (wire.hpp).
inline constexpr std::uint64_t most_outstanding = std::uint64_t{1} << 19;

class Window {
 public:
  /// `dice`: 32 random bits, for BBR's first phase.
  Window(const Transport& spec, std::uint32_t dice);

  /// Segments that may be under way.
  double size() const { return window_; }
  double threshold() const { return threshold_; }
  /// ps from one segment's sending to the next; 0: not paced.
  std::int64_t gap() const { return gap_; }

  void acknowledged(const AckEvent& event);
  void sampled(const RateSample& sample, std::int64_t now, std::uint64_t in_flight);
  /// Loss or a mark: a round of less. `in_flight` before it.
  void congested(std::int64_t now, std::uint64_t in_flight, bool loss);
  /// All that was lost in that round has been repaired.
  void recovered();
  /// A retransmission timeout.
  void timed_out(std::int64_t now, std::uint64_t in_flight);
  bool is_bbr() const { return bbr_ != nullptr; }
  const BbrState* bbr() const { return bbr_.get(); }

 private:
  friend class cereal::access;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(window_, threshold_, gap_, most_, k_, reno_, before_, epoch_, dice_, initial_);
    if (bbr_) archive(raw(*bbr_));
  }

  void cubic(const AckEvent& event, double acked);
  double reduced(std::uint64_t in_flight);
  void bbr_update(const RateSample& sample, std::int64_t now, std::uint64_t in_flight);
  void bbr_set(std::uint64_t acked, std::uint64_t in_flight);
  double bbr_target(double gain) const;
  void enter_probe_bw(std::int64_t now);

  CongestionControl kind_;
  double window_;
  double threshold_;
  std::int64_t gap_ = 0;
  // CUBIC, in segments and seconds.
  double most_ = 0;          ///< W_max
  double k_ = 0;             ///< K
  double reno_ = 0;          ///< W_est
  double before_ = 0;        ///< cwnd_prior
  std::int64_t epoch_ = -1;  ///< start, ps; -1: none
  std::unique_ptr<BbrState> bbr_;
  std::uint32_t dice_;
  double initial_;
};

}  // namespace longhaul::packet::tcp
