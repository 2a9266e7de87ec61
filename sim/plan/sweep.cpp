#include "sim/plan/sweep.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <exception>
#include <map>
#include <mutex>
#include <thread>

namespace longhaul::plan {

namespace {

/// Cases that share what fails first.
struct Block {
  CauseId first;              ///< none: single failures, and the network as it is
  std::vector<CauseId> then;  ///< none among them: nothing else fails
};

/// A case with what its spans refer to.
struct Outcome {
  Case seen;
  std::vector<double> load_bps;
  std::vector<std::uint32_t> cut;
};
using Outcomes = std::vector<Outcome>;

/// Loads that finished blocks may hold: 2 MB of them a block.
constexpr std::size_t loads_per_block = std::size_t{1} << 18U;
/// Blocks that may be under way or waiting for their turn, per thread.
constexpr std::size_t blocks_ahead = 3;

/// Blocks one at a time, so that millions of pairs take no room.
class Blocks {
 public:
  Blocks(std::vector<CauseId> singles, std::vector<CauseId> links, std::size_t size)
      : singles_(std::move(singles)), links_(std::move(links)), size_(size) {}

  /// False when there are no more.
  bool next(Block& block) {
    block.first = CauseId::none();
    block.then.clear();
    if (single_ < singles_.size()) {
      take(block, singles_, single_);
      return true;
    }
    while (pair_first_ + 1 < links_.size() && pair_second_ >= links_.size())
      pair_second_ = ++pair_first_ + 1;
    if (pair_first_ + 1 >= links_.size()) return false;
    block.first = links_[pair_first_];
    take(block, links_, pair_second_);
    return true;
  }

 private:
  void take(Block& block, const std::vector<CauseId>& from, std::size_t& at) const {
    const std::size_t end = std::min(at + size_, from.size());
    block.then.assign(from.begin() + static_cast<std::ptrdiff_t>(at),
                      from.begin() + static_cast<std::ptrdiff_t>(end));
    at = end;
  }

  std::vector<CauseId> singles_;
  std::vector<CauseId> links_;
  std::size_t size_;
  std::size_t single_ = 0;  ///< the next one
  std::size_t pair_first_ = 0;
  std::size_t pair_second_ = 1;  ///< the next one
};

/// Turns failures into outcomes; one per thread.
class Evaluator {
 public:
  Evaluator(const SweepInput& input, const std::vector<DemandGroup>& groups,
            std::unique_ptr<routing::FailureLoads> loads)
      : input_(input), groups_(groups), loads_(std::move(loads)) {
    for (const Cause& cause : input.causes) up_probability_ *= 1 - cause.unavailability;
  }

  Outcomes evaluate(const Block& block) {
    loads_->start(ports(block.first));
    Outcomes outcomes;
    outcomes.reserve(block.then.size());
    for (const CauseId then : block.then) {
      const routing::FailedLoads& loads = loads_->also(ports(then));
      const bool single = !block.first.valid();
      outcomes.push_back(
          outcome(loads, single ? then : block.first, single ? CauseId::none() : then));
    }
    return outcomes;
  }

 private:
  std::span<const PortId> ports(CauseId cause) const {
    if (!cause.valid()) return {};
    return input_.causes[cause.index()].ports;
  }

  Outcome outcome(const routing::FailedLoads& loads, CauseId first, CauseId second) const {
    Outcome out;
    out.seen.first = first;
    out.seen.second = second;
    out.seen.probability = up_probability_ * odds(first) * odds(second);
    out.seen.unrouted_bps = loads.unrouted_bps;
    out.load_bps = loads.load_bps;
    auto at = groups_.begin();
    for (const routing::Cut& cut : loads.cut) {
      at = std::lower_bound(at, groups_.end(), cut,
                            [](const DemandGroup& r, const routing::Cut& c) { return r.pair < c; });
      out.cut.push_back(static_cast<std::uint32_t>(at - groups_.begin()));
      if (ends_at(cut, first) || ends_at(cut, second)) out.seen.at_failed_node_bps += at->bps;
    }
    for (std::size_t p = 0; p < out.load_bps.size(); ++p) {
      if (out.load_bps[p] <= 0) continue;
      const double utilization = out.load_bps[p] / input_.network.ports()[p].rate().as_double();
      if (utilization <= out.seen.max_utilization) continue;
      out.seen.max_utilization = utilization;
      out.seen.worst = PortId(p);
    }
    return out;
  }

  double odds(CauseId cause) const {
    if (!cause.valid()) return 1;
    const double q = input_.causes[cause.index()].unavailability;
    return q / (1 - q);
  }

  bool ends_at(const routing::Cut& cut, CauseId cause) const {
    if (!cause.valid()) return false;
    const NodeId node = input_.causes[cause.index()].node;
    return node.valid() &&
           (cut.from == node ||
            cut.destination.index() % input_.network.nodes().size() == node.index());
  }

  const SweepInput& input_;
  const std::vector<DemandGroup>& groups_;
  std::unique_ptr<routing::FailureLoads> loads_;
  double up_probability_ = 1;  ///< that nothing is down
};

/// Blocks to threads, outcomes back in the order of blocks.
class Pipeline {
 public:
  Pipeline(Blocks blocks, std::size_t ahead, const std::atomic<bool>* stop)
      : blocks_(std::move(blocks)), ahead_(ahead), stop_(stop) {}

  /// The life of a worker.
  void work(Evaluator& evaluator) {
    Block block{CauseId::none(), {}};
    std::size_t number = 0;
    try {
      while (take(block, number)) hand_in(number, evaluator.evaluate(block));
    } catch (...) {
      const std::lock_guard lock(mutex_);
      if (!error_) error_ = std::current_exception();
      over_ = true;
      turned_.notify_all();
    }
  }

  /// The next outcomes in order; false at the end. Rethrows what a worker threw.
  bool collect(Outcomes& outcomes) {
    std::unique_lock lock(mutex_);
    turned_.wait(lock, [&] {
      return error_ || done_.contains(collected_) || (over_ && collected_ == taken_);
    });
    if (error_) std::rethrow_exception(error_);
    const auto found = done_.find(collected_);
    if (found == done_.end()) return false;
    outcomes = std::move(found->second);
    done_.erase(found);
    ++collected_;
    turned_.notify_all();
    return true;
  }

  /// After an exception of the visitor: workers find nothing more to do.
  void abandon() {
    const std::lock_guard lock(mutex_);
    over_ = true;
    turned_.notify_all();
  }

 private:
  bool take(Block& block, std::size_t& number) {
    std::unique_lock lock(mutex_);
    turned_.wait(lock, [&] { return over_ || taken_ < collected_ + ahead_; });
    if (!over_ && stop_ && *stop_) over_ = true;
    if (!over_ && !blocks_.next(block)) over_ = true;
    if (over_) {
      turned_.notify_all();
      return false;
    }
    number = taken_++;
    return true;
  }

  void hand_in(std::size_t number, Outcomes outcomes) {
    const std::lock_guard lock(mutex_);
    done_.emplace(number, std::move(outcomes));
    turned_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable turned_;
  Blocks blocks_;
  std::size_t ahead_;
  const std::atomic<bool>* stop_;
  std::map<std::size_t, Outcomes> done_;  ///< by number of the block; not collected yet
  std::size_t taken_ = 0;
  std::size_t collected_ = 0;
  bool over_ = false;  ///< no more blocks are taken
  std::exception_ptr error_;
};

bool wanted(const Cause& cause, const SweepOptions& options) {
  switch (cause.kind) {
    case Cause::Kind::link:
      return options.links;
    case Cause::Kind::node:
      return options.nodes;
    case Cause::Kind::risk_group:
      return options.risk_groups;
  }
  return false;
}

}  // namespace

FailureSweep::FailureSweep(const SweepInput& input) : input_(input) {
  const std::vector<Demand>& demands = input.demands.demands;
  const auto pair = [&](const Demand& d) {
    return routing::Cut{
        DestinationId(d.constraint.index() * input.network.nodes().size() + d.to.index()), d.from};
  };
  const auto before = [](const DemandGroup& r, const routing::Cut& c) { return r.pair < c; };
  for (const Demand& d : demands) groups_.push_back({pair(d), 0});
  std::sort(groups_.begin(), groups_.end(),
            [](const DemandGroup& a, const DemandGroup& b) { return a.pair < b.pair; });
  groups_.erase(
      std::unique(groups_.begin(), groups_.end(),
                  [](const DemandGroup& a, const DemandGroup& b) { return a.pair == b.pair; }),
      groups_.end());
  for (const Demand& d : demands) {
    const auto at = std::lower_bound(groups_.begin(), groups_.end(), pair(d), before);
    at->bps += d.rate.as_double();
    group_of_.push_back(static_cast<std::uint32_t>(at - groups_.begin()));
  }
}

std::uint64_t FailureSweep::case_count(const SweepOptions& options) const {
  std::uint64_t singles = 0;
  std::uint64_t links = 0;
  for (const Cause& cause : input_.causes) {
    if (wanted(cause, options)) ++singles;
    if (cause.kind == Cause::Kind::link) ++links;
  }
  return 1 + singles + (options.pairs && links > 0 ? links * (links - 1) / 2 : 0);
}

bool FailureSweep::visit(const SweepOptions& options,
                         const std::function<void(const Case&)>& use) const {
  std::vector<CauseId> singles{CauseId::none()};
  std::vector<CauseId> links;
  for (std::size_t c = 0; c < input_.causes.size(); ++c) {
    if (wanted(input_.causes[c], options)) singles.emplace_back(c);
    if (options.pairs && input_.causes[c].kind == Cause::Kind::link) links.emplace_back(c);
  }
  const std::size_t ports = std::max<std::size_t>(input_.network.ports().size(), 1);
  const std::size_t size = std::clamp<std::size_t>(loads_per_block / ports, 8, 128);
  const unsigned threads =
      options.threads != 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency());
  Pipeline pipeline(Blocks(std::move(singles), std::move(links), size), blocks_ahead * threads,
                    options.stop);

  const auto loads = options.full ? routing::full_failure_loads(input_.network, input_.routing,
                                                                input_.constraints, input_.demands)
                                  : routing::failure_loads(input_.network, input_.routing,
                                                           input_.constraints, input_.demands);
  std::deque<Evaluator> evaluators;
  for (unsigned t = 0; t < threads; ++t) evaluators.emplace_back(input_, groups_, loads->clone());
  std::vector<std::jthread> workers;
  workers.reserve(threads);
  for (Evaluator& evaluator : evaluators)
    workers.emplace_back([&pipeline, &evaluator] { pipeline.work(evaluator); });

  std::uint64_t number = 0;
  const std::uint64_t total = case_count(options);
  try {
    Outcomes outcomes;
    while (pipeline.collect(outcomes)) {
      for (Outcome& outcome : outcomes) {
        outcome.seen.number = number++;
        outcome.seen.load_bps = outcome.load_bps;
        outcome.seen.cut = outcome.cut;
        use(outcome.seen);
      }
      if (options.progress) options.progress(number, total);
    }
  } catch (...) {
    pipeline.abandon();
    throw;
  }
  return number == total;
}

void add_worst(std::vector<WorstLoad>& worst, const Case& seen) {
  for (std::size_t p = 0; p < worst.size(); ++p) {
    if (seen.load_bps[p] <= worst[p].load_bps) continue;
    worst[p] = {seen.load_bps[p], seen.number, seen.first, seen.second};
  }
}

}  // namespace longhaul::plan
