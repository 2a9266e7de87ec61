// Closed forms and recursions of queueing theory that the engine must reproduce. All work is in
// bytes: a packet of s bytes keeps the server busy for s; loads are shares of the server's time.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/traffic/demand.hpp"

namespace longhaul::theory {

/// Packets of `bytes` only.
SizeMix fixed_size(std::int32_t bytes);
/// 7:4:1 packets of 64, 594 and 1518 bytes.
SizeMix imix();
/// The exponential distribution in whole bytes: the size is the exponential variate rounded up,
/// which is geometric, P(k) = (1-q) q^(k-1) with 1/(1-q) = `mean_bytes`; cut off at 40 means
/// (e^-40). Its squared coefficient of variation is 1 - 1/mean, not 1, so that an M/M/1 closed form
/// is 1/(2 mean) too long for it, e.g. 0.1 % at 500 bytes.
SizeMix exponential_sizes(std::int32_t mean_bytes);

double mean_bytes(const SizeMix& mix);
double mean_square_bytes(const SizeMix& mix);

/// Mean wait of M/G/1 in bytes, by Pollaczek and Khinchine: load E[S^2] / (2 E[S] (1 - load)).
double mean_wait(const SizeMix& mix, double load);

/// The whole distribution of the wait in M/G/1, P(W <= x), by integrating Takacs' equation
///   F(x) = 1 - load + lambda (G(x) - sum_i w_i G(x - s_i)),   G(x) = integral of F over [0, x]
/// (Takacs 1955, for tabled sizes s_i of shares w_i) by the trapezoid rule; sizes must be whole
/// multiples of the step.
class WaitDistribution {
 public:
  WaitDistribution(const SizeMix& mix, double load, double up_to_bytes, int steps_per_byte = 4);
  /// P(W <= x); 0 <= x <= up_to_bytes.
  double at(double bytes) const;
  /// Least x (to a step) with P(W <= x) >= q.
  double quantile(double q) const;

 private:
  int steps_per_byte_;
  std::vector<double> cdf_;
};

/// P(W <= x) of M/D/1 from the numbers in system, in positive terms only (Franx, "A simple solution
/// for the M/D/c waiting time distribution", 2001). A second opinion on WaitDistribution.
double md1_wait_cdf(double size_bytes, double load, double bytes);

/// P(n in system at departures), n = 0 .. count-1, of M/G/1 by its embedded chain (Kendall 1953);
/// by PASTA also at arrivals and at any time.
std::vector<double> numbers_in_system(const SizeMix& mix, double load, int count);

/// Share of packets lost by M/G/1/K: at most `k` packets in the system, the one in service
/// included. With pi the embedded chain of the first k states normalised:
/// 1 - 1 / (pi_0 + load).
double loss_by_packets(const SizeMix& mix, double load, int k);
/// The closed form for M/M/1/K: (1 - load) load^k / (1 - load^(k+1)).
double mm1k_loss(double load, int k);
/// Share lost by M/D/1 when a packet is refused if the unfinished work it finds and its own
/// together exceed `buffer_bytes` (finite dam; Gavish and Schweitzer 1977):
/// (1 - load)(1 - F(T)) / (1 - load + load F(T)) with T = buffer - size and F of the unlimited
/// queue.
double md1_loss_by_work(double size_bytes, double load, double buffer_bytes);

/// The wait at the second of two equally fast hops in a row when every packet keeps its size and
/// only the first hop's traffic goes there (Boxma, "On a tandem queueing model with identical
/// service times at both counters", 1979). In a busy period of hop 1 a packet leaves hop 2 as long
/// after leaving hop 1 as the largest packet so far takes; what is left of that when hop 1 starts
/// its next busy period is reduced by the idle time. With m(x) the chance that all packets of a
/// busy period have s <= x, the largest before a given packet is below x with chance
///   (1 - load) exp(-lambda integral_x^inf (1 - m)) (1 - m(x)) / (1 - B(x)).
class SecondHop {
 public:
  SecondHop(const SizeMix& mix, double load);
  /// P(wait at hop 2 <= x).
  double wait_cdf(double bytes) const;
  double mean_wait() const;

 private:
  /// P(what hop 2 still has to do, as a packet leaves hop 1, is <= x, its own transmission there
  /// left out and the time since it began at hop 1 added).
  double before(double bytes) const;

  double load_;
  double lambda_;
  std::vector<double> size_;       ///< ascending
  std::vector<double> share_;      ///< of each size
  std::vector<double> up_to_;      ///< P(S <= size_[i])
  std::vector<double> all_below_;  ///< m(size_[i])
};

}  // namespace longhaul::theory
