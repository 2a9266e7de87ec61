#include "tests/validation/theory.hpp"

#include <algorithm>
#include <cmath>

namespace longhaul::theory {

namespace {

/// Shares of packets, normalised.
std::vector<double> shares(const SizeMix& mix) {
  double total = 0;
  for (const auto& e : mix.entries) total += e.weight;
  std::vector<double> share;
  for (const auto& e : mix.entries) share.push_back(e.weight / total);
  return share;
}

double moment(const SizeMix& mix, int power) {
  const auto share = shares(mix);
  double sum = 0;
  for (std::size_t i = 0; i < share.size(); ++i)
    sum += share[i] * std::pow(mix.entries[i].bytes, power);
  return sum;
}

/// P(k arrivals during one service), k = 0 .. count-1.
std::vector<double> arrivals_in_service(const SizeMix& mix, double load, int count) {
  const double lambda = load / mean_bytes(mix);
  const auto share = shares(mix);
  std::vector<double> a(static_cast<std::size_t>(count), 0.0);
  for (std::size_t i = 0; i < share.size(); ++i) {
    const double mean = lambda * mix.entries[i].bytes;
    double p = share[i] * std::exp(-mean);
    for (std::size_t k = 0; k < a.size(); ++k) {
      a[k] += p;
      p *= mean / static_cast<double>(k + 1);
    }
  }
  return a;
}

/// The embedded chain up to a factor, from pi_0 = 1:
/// pi_(n+1) = (pi_n - pi_0 a_n - sum_(j=1..n) pi_j a_(n+1-j)) / a_0.
std::vector<double> embedded_chain(const SizeMix& mix, double load, int count) {
  const auto a = arrivals_in_service(mix, load, count + 1);
  std::vector<double> pi{1.0};
  for (std::size_t n = 0; pi.size() < static_cast<std::size_t>(count); ++n) {
    double next = pi[n] - pi[0] * a[n];
    for (std::size_t j = 1; j <= n; ++j) next -= pi[j] * a[n + 1 - j];
    pi.push_back(next / a[0]);
  }
  return pi;
}

}  // namespace

SizeMix fixed_size(std::int32_t bytes) { return {"fixed", {{bytes, 1.0}}}; }

SizeMix imix() { return {"imix", {{64, 7.0}, {594, 4.0}, {1518, 1.0}}}; }

SizeMix exponential_sizes(std::int32_t mean_bytes) {
  SizeMix mix{"exponential", {}};
  const double q = 1.0 - 1.0 / mean_bytes;
  double weight = 1.0;
  for (std::int32_t k = 1; k <= 40 * mean_bytes; ++k, weight *= q)
    mix.entries.push_back({k, weight});
  return mix;
}

double mean_bytes(const SizeMix& mix) { return moment(mix, 1); }
double mean_square_bytes(const SizeMix& mix) { return moment(mix, 2); }

double mean_wait(const SizeMix& mix, double load) {
  return load * mean_square_bytes(mix) / (2.0 * mean_bytes(mix) * (1.0 - load));
}

WaitDistribution::WaitDistribution(const SizeMix& mix, double load, double up_to_bytes,
                                   int steps_per_byte)
    : steps_per_byte_(steps_per_byte) {
  const double h = 1.0 / steps_per_byte;
  const double lambda = load / mean_bytes(mix);
  const auto share = shares(mix);
  const auto steps = static_cast<std::size_t>(std::ceil(up_to_bytes * steps_per_byte)) + 2;
  std::vector<double> integral{0.0};
  cdf_.push_back(1.0 - load);
  while (cdf_.size() < steps) {
    const std::size_t n = cdf_.size();
    double known = integral.back() + h / 2 * cdf_.back();
    for (std::size_t i = 0; i < share.size(); ++i) {
      const auto lag = static_cast<std::size_t>(mix.entries[i].bytes) *
                       static_cast<std::size_t>(steps_per_byte_);
      if (n >= lag) known -= share[i] * integral[n - lag];
    }
    cdf_.push_back((1.0 - load + lambda * known) / (1.0 - lambda * h / 2));
    integral.push_back(integral.back() + h / 2 * (cdf_[n - 1] + cdf_[n]));
  }
}

double WaitDistribution::at(double bytes) const {
  const double step = bytes * steps_per_byte_;
  const auto low = static_cast<std::size_t>(step);
  const double part = step - static_cast<double>(low);
  return cdf_.at(low) * (1.0 - part) + cdf_.at(low + 1) * part;
}

double WaitDistribution::quantile(double q) const {
  const auto it = std::lower_bound(cdf_.begin(), cdf_.end(), q);
  return static_cast<double>(it - cdf_.begin()) / steps_per_byte_;
}

double md1_wait_cdf(double size_bytes, double load, double bytes) {
  const double x = bytes / size_bytes;  // in services; lambda is then the load
  const int k = static_cast<int>(std::floor(x)) + 1;
  const auto p = numbers_in_system(fixed_size(static_cast<std::int32_t>(size_bytes)), load, k + 1);
  const double z = load * (k - x);
  double power = std::exp(-z);  // e^-z z^j / j!
  double sum = 0;
  for (int j = 0; j < k; ++j) {
    double waiting = 0;  // P(at most k-1-j wait) = P(at most k-j in the system)
    for (int i = 0; i <= k - j; ++i) waiting += p[static_cast<std::size_t>(i)];
    sum += waiting * power;
    power *= z / (j + 1);
  }
  return sum;
}

std::vector<double> numbers_in_system(const SizeMix& mix, double load, int count) {
  auto pi = embedded_chain(mix, load, count);
  for (double& p : pi) p *= 1.0 - load;
  return pi;
}

double loss_by_packets(const SizeMix& mix, double load, int k) {
  const auto pi = embedded_chain(mix, load, k);
  double sum = 0;
  for (const double p : pi) sum += p;
  return 1.0 - 1.0 / (pi[0] / sum + load);
}

double mm1k_loss(double load, int k) {
  return (1.0 - load) * std::pow(load, k) / (1.0 - std::pow(load, k + 1));
}

double md1_loss_by_work(double size_bytes, double load, double buffer_bytes) {
  const double f = md1_wait_cdf(size_bytes, load, buffer_bytes - size_bytes);
  return (1.0 - load) * (1.0 - f) / (1.0 - load + load * f);
}

SecondHop::SecondHop(const SizeMix& mix, double load)
    : load_(load), lambda_(load / theory::mean_bytes(mix)) {
  auto entries = mix.entries;
  std::sort(entries.begin(), entries.end(),
            [](const auto& a, const auto& b) { return a.bytes < b.bytes; });
  double total = 0;
  for (const auto& e : entries) total += e.weight;
  double sum = 0;
  for (const auto& e : entries) {
    size_.push_back(e.bytes);
    share_.push_back(e.weight / total);
    up_to_.push_back(sum += e.weight / total);
  }
  // m is the least solution of m = sum over s_i <= x of w_i exp(-lambda s_i (1 - m)).
  for (std::size_t n = 0; n < size_.size(); ++n) {
    double m = 0;
    for (int round = 0; round < 10'000; ++round) {
      double next = 0;
      for (std::size_t i = 0; i <= n; ++i)
        next += share_[i] * std::exp(-lambda_ * size_[i] * (1.0 - m));
      if (std::abs(next - m) < 1e-16) break;
      m = next;
    }
    all_below_.push_back(m);
  }
}

double SecondHop::before(double x) const {
  if (x >= size_.back()) return 1.0;
  double left = 0;  // integral of 1 - m from x
  double m = 0;
  double b = 0;
  for (std::size_t i = 0; i < size_.size(); ++i) {
    const double from = i == 0 ? 0.0 : size_[i - 1];
    const double m_here = i == 0 ? 0.0 : all_below_[i - 1];  // on [from, size_[i])
    if (x >= from) {
      m = m_here;
      b = i == 0 ? 0.0 : up_to_[i - 1];
    }
    if (x < size_[i]) left += (size_[i] - std::max(x, from)) * (1.0 - m_here);
  }
  return (1.0 - load_) * std::exp(-lambda_ * left) * (1.0 - m) / (1.0 - b);
}

double SecondHop::wait_cdf(double bytes) const {
  double sum = 0;
  for (std::size_t i = 0; i < size_.size(); ++i) sum += share_[i] * before(bytes + size_[i]);
  return sum;
}

double SecondHop::mean_wait() const {
  // The survival function is smooth between the differences of sizes; Simpson's rule on steps of a
  // byte, its ends kept just inside.
  const auto longest = static_cast<int>(size_.back() - size_.front());
  double sum = 0;
  for (int x = 0; x < longest; ++x) {
    const double a = 1.0 - wait_cdf(x);
    const double c = 1.0 - wait_cdf(x + 1.0 - 1e-9);
    sum += (a + 4.0 * (1.0 - wait_cdf(x + 0.5)) + c) / 6.0;
  }
  return sum;
}

}  // namespace longhaul::theory
