// Threads that simulate independent pieces of a run and put them together in order.
#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <iosfwd>
#include <map>
#include <mutex>

#include "sim/base/archive_fwd.hpp"
#include "sim/engine/checkpoint.hpp"
#include "sim/hybrid/engine.hpp"

namespace longhaul::hybrid {

/// A run in pieces that know nothing of each other.
class Pieces {
 public:
  virtual ~Pieces() = default;
  virtual std::size_t count() const = 0;
  /// May be called by several threads at once.
  virtual Measurements simulate(std::size_t piece) const = 0;
  /// Takes a piece's measurements; in order, by one thread at a time.
  virtual void add(std::size_t piece, const Measurements& measured) = 0;
  /// What add() has changed.
  virtual void save(SaveArchive& archive) = 0;
  virtual void load(LoadArchive& archive) = 0;
};

class Crew {
 public:
  Crew(Pieces& pieces, const Config& config, engine::Checkpoints& checkpoints)
      : pieces_(pieces), config_(config), checkpoints_(checkpoints) {}

  /// Takes over what was put together before.
  void load(std::istream& in);
  /// False if stopped before all were done.
  bool run();

 private:
  bool stopped() const { return config_.stop != nullptr && *config_.stop; }
  void work();
  void add_ready();
  void write();
  Time end() const { return Time::zero() + config_.warmup + config_.duration; }
  /// As if the pieces were the run, one after the other.
  Time reached() const;

  Pieces& pieces_;
  const Config& config_;
  engine::Checkpoints& checkpoints_;
  std::atomic<std::size_t> next_{0};
  std::mutex mutex_;
  std::map<std::size_t, Measurements> done_;
  std::size_t added_ = 0;
  std::uint64_t hops_ = 0;
  std::exception_ptr error_;
};

}  // namespace longhaul::hybrid
