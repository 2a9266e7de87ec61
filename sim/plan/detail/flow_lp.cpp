#include "sim/plan/detail/flow_lp.hpp"

#include <ClpSimplex.hpp>
#include <ClpSolve.hpp>
#include <CoinPackedMatrix.hpp>
#include <algorithm>
#include <cmath>
#include <cstdint>

#include "sim/base/error.hpp"

namespace longhaul::plan::detail {

namespace {

/// Columns of a sparse matrix, one after the other.
struct Columns {
  std::vector<CoinBigIndex> start{0};
  std::vector<int> row;
  std::vector<double> value;

  void entry(std::size_t r, double v) {
    row.push_back(static_cast<int>(r));
    value.push_back(v);
  }
  void end() { start.push_back(static_cast<CoinBigIndex>(row.size())); }
  int count() const { return static_cast<int>(start.size()) - 1; }
};

/// Variables: first the max utilization u, then for each commodity its flow on each arc that may
/// carry it. Rows: for each arc, flow - capacity x u <= 0; for each commodity and node but its
/// target, what leaves less what enters equals what the node sends. Rates are in units of the mean
/// capacity, so that coefficients are near 1.
class FlowLp {
 public:
  explicit FlowLp(const FlowProblem& problem) : problem_(problem) {
    for (const Arc& arc : problem.arcs) unit_ += arc.capacity_bps;
    unit_ /= static_cast<double>(problem.arcs.size());
    build();
  }

  Optimum solve() {
    ClpSimplex model;
    model.setLogLevel(0);
    const CoinPackedMatrix matrix(true, static_cast<int>(rows()), columns_.count(),
                                  static_cast<CoinBigIndex>(columns_.row.size()),
                                  columns_.value.data(), columns_.row.data(), columns_.start.data(),
                                  nullptr);
    std::vector<double> cost(static_cast<std::size_t>(columns_.count()), 0.0);
    cost[0] = 1.0;
    model.loadProblem(matrix, nullptr, nullptr, cost.data(), row_least_.data(), row_most_.data());
    ClpSolve how;
    how.setSolveType(ClpSolve::useDual);
    how.setPresolveType(ClpSolve::presolveOn);
    model.initialSolve(how);
    if (!model.isProvenOptimal())
      throw RunError("the linear program of the optimum could not be solved");
    return answer(model);
  }

 private:
  std::size_t rows() const { return row_least_.size(); }
  std::size_t balance_row(std::size_t commodity, std::uint32_t node) const {
    return problem_.arcs.size() + commodity * problem_.nodes + node;
  }

  void build() {
    const std::size_t arcs = problem_.arcs.size();
    row_least_.assign(arcs + problem_.commodities.size() * problem_.nodes, 0.0);
    row_most_.assign(row_least_.size(), 0.0);
    for (std::size_t a = 0; a < arcs; ++a) {
      row_least_[a] = -COIN_DBL_MAX;
      columns_.entry(a, -problem_.arcs[a].capacity_bps / unit_);
    }
    columns_.end();
    for (std::size_t c = 0; c < problem_.commodities.size(); ++c) {
      const Commodity& commodity = problem_.commodities[c];
      for (std::uint32_t n = 0; n < problem_.nodes; ++n) {
        const double sent = commodity.bps_from[n] / unit_;
        row_least_[balance_row(c, n)] = row_most_[balance_row(c, n)] = sent;
      }
      // What arrives is not balanced; its row would only repeat the others.
      row_least_[balance_row(c, commodity.to)] = -COIN_DBL_MAX;
      row_most_[balance_row(c, commodity.to)] = COIN_DBL_MAX;
      for (std::uint32_t a = 0; a < arcs; ++a) add_flow(c, a);
    }
  }

  void add_flow(std::size_t c, std::uint32_t a) {
    const Commodity& commodity = problem_.commodities[c];
    const Arc& arc = problem_.arcs[a];
    if (arc.from == commodity.to || !problem_.usable(a, commodity.constraint)) return;
    columns_.entry(a, 1.0);
    columns_.entry(balance_row(c, arc.from), 1.0);
    if (arc.to != commodity.to) columns_.entry(balance_row(c, arc.to), -1.0);
    columns_.end();
    arc_of_column_.push_back(a);
  }

  Optimum answer(const ClpSimplex& model) const {
    Optimum out;
    out.method = OptimumMethod::lp;
    out.iterations = static_cast<std::size_t>(model.numberIterations());
    out.load_bps.assign(problem_.arcs.size(), 0.0);
    const double* const flow = model.primalColumnSolution();
    for (std::size_t i = 0; i < arc_of_column_.size(); ++i)
      out.load_bps[arc_of_column_[i]] += std::max(0.0, flow[i + 1]) * unit_;
    out.max_utilization = problem_.max_utilization(out.load_bps);
    const double* const dual = model.dualRowSolution();
    for (std::size_t a = 0; a < problem_.arcs.size(); ++a)
      out.arc_price.push_back(std::max(0.0, -dual[a]));
    out.lower_bound = dual_bound(problem_, out.arc_price);
    return out;
  }

  const FlowProblem& problem_;
  double unit_ = 0;  ///< bit/s
  Columns columns_;
  std::vector<double> row_least_;
  std::vector<double> row_most_;
  std::vector<std::uint32_t> arc_of_column_;  ///< of the columns after the first
};

}  // namespace

Optimum solve_flow_lp(const FlowProblem& problem) { return FlowLp(problem).solve(); }

}  // namespace longhaul::plan::detail
