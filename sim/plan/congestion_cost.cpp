#include "sim/plan/congestion_cost.hpp"

#include <algorithm>

#include "sim/plan/detail/price_tree.hpp"

namespace longhaul::plan {

namespace {

/// Slope from a utilization on (Fortz and Thorup, INFOCOM 2000, section II).
struct Piece {
  double from;
  double slope;
};
constexpr Piece pieces[] = {{0, 1},         {1.0 / 3, 3}, {2.0 / 3, 10},
                            {9.0 / 10, 70}, {1, 500},     {11.0 / 10, 5000}};

}  // namespace

double congestion_cost(double load_bps, double capacity_bps) {
  double cost = 0;
  double slope = 0;
  for (const Piece& piece : pieces) {
    const double above = load_bps - piece.from * capacity_bps;
    if (above <= 0) break;
    cost += (piece.slope - slope) * above;
    slope = piece.slope;
  }
  return cost;
}

double congestion_cost(const FlowProblem& problem, const std::vector<double>& load_bps,
                       double scale) {
  double cost = 0;
  for (std::size_t a = 0; a < problem.arcs.size(); ++a)
    cost += congestion_cost(load_bps[a], scale * problem.arcs[a].capacity_bps);
  return cost;
}

double normalised_congestion_cost(const FlowProblem& problem, const std::vector<double>& load_bps) {
  const std::vector<double> hop(problem.arcs.size(), 1.0);
  detail::PriceTree tree(problem);
  double least = 0;
  for (const Commodity& commodity : problem.commodities) {
    tree.run(commodity, hop);
    for (std::uint32_t n = 0; n < problem.nodes; ++n) {
      if (commodity.bps_from[n] > 0) least += commodity.bps_from[n] * tree.distance(n);
    }
  }
  return least > 0 ? congestion_cost(problem, load_bps) / least : 0;
}

}  // namespace longhaul::plan
