#include "sim/traffic/arrival_model.hpp"

#include <numeric>

namespace longhaul {

double jump_share(const Mmpp& mmpp, std::size_t i, std::size_t j) {
  if (i == j) return 0;
  const std::vector<double>& to = mmpp.states[i].to;
  if (to.empty()) return 1.0 / static_cast<double>(mmpp.states.size() - 1);
  return to[j] / std::accumulate(to.begin(), to.end(), 0.0);
}

bool all_reachable(const Mmpp& mmpp) {
  const std::size_t n = mmpp.states.size();
  const auto reached_from_first = [&](bool backwards) {
    std::vector<bool> seen(n);
    std::vector<std::size_t> open{0};
    seen[0] = true;
    std::size_t count = 1;
    while (!open.empty()) {
      const std::size_t i = open.back();
      open.pop_back();
      for (std::size_t j = 0; j < n; ++j) {
        const double share = backwards ? jump_share(mmpp, j, i) : jump_share(mmpp, i, j);
        if (seen[j] || !(share > 0)) continue;
        seen[j] = true;
        ++count;
        open.push_back(j);
      }
    }
    return count == n;
  };
  return reached_from_first(false) && reached_from_first(true);
}

std::vector<double> time_shares(const Mmpp& mmpp) {
  // Grassmann, Taksar and Heyman 1985: states are taken out of the chain of jumps from the last to
  // the first, without a subtraction.
  const std::size_t n = mmpp.states.size();
  std::vector<std::vector<double>> p(n, std::vector<double>(n));
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) p[i][j] = jump_share(mmpp, i, j);
  for (std::size_t k = n - 1; k > 0; --k) {
    double leaves = 0;
    for (std::size_t j = 0; j < k; ++j) leaves += p[k][j];
    for (std::size_t i = 0; i < k; ++i) p[i][k] /= leaves;
    for (std::size_t i = 0; i < k; ++i)
      for (std::size_t j = 0; j < k; ++j)
        if (i != j) p[i][j] += p[i][k] * p[k][j];
  }
  std::vector<double> shares(n, 1.0);
  for (std::size_t k = 1; k < n; ++k) {
    shares[k] = 0;
    for (std::size_t i = 0; i < k; ++i) shares[k] += shares[i] * p[i][k];
  }
  // Visits times the time a visit takes.
  double sum = 0;
  for (std::size_t i = 0; i < n; ++i) {
    shares[i] *= static_cast<double>(mmpp.states[i].mean.ps());
    sum += shares[i];
  }
  for (double& share : shares) share /= sum;
  return shares;
}

std::vector<double> rate_factors(const Mmpp& mmpp) {
  const std::vector<double> shares = time_shares(mmpp);
  double mean = 0;
  for (std::size_t i = 0; i < shares.size(); ++i) mean += shares[i] * mmpp.states[i].rate;
  std::vector<double> out;
  out.reserve(shares.size());
  for (const Mmpp::State& state : mmpp.states) out.push_back(state.rate / mean);
  return out;
}

}  // namespace longhaul
