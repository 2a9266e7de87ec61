#include "sim/hybrid/crew.hpp"

#include <algorithm>
#include <thread>
#include <utility>
#include <vector>

#include "sim/base/archive.hpp"

namespace longhaul::hybrid {

void Crew::load(std::istream& in) {
  LoadArchive archive(in);
  archive(added_, hops_);
  pieces_.load(archive);
  next_ = added_;
}

bool Crew::run() {
  std::vector<std::thread> others;
  const std::size_t threads = std::min<std::size_t>(std::max(1U, config_.threads), pieces_.count());
  for (std::size_t t = 1; t < threads; ++t) others.emplace_back([this] { work(); });
  work();
  for (std::thread& t : others) t.join();
  if (error_) std::rethrow_exception(error_);
  if (added_ < pieces_.count() && checkpoints_.writes()) write();
  return added_ == pieces_.count();
}

void Crew::work() {
  while (!stopped()) {
    const std::size_t i = next_++;
    if (i >= pieces_.count()) return;
    try {
      Measurements m = pieces_.simulate(i);
      if (!m.complete) return;
      const std::lock_guard lock(mutex_);
      done_.emplace(i, std::move(m));
      add_ready();
    } catch (...) {
      const std::lock_guard lock(mutex_);
      if (!error_) error_ = std::current_exception();
      next_ = pieces_.count();
      return;
    }
  }
}

void Crew::add_ready() {
  for (auto it = done_.find(added_); it != done_.end(); it = done_.find(added_)) {
    pieces_.add(added_, it->second);
    hops_ += it->second.cost.packet_hops;
    done_.erase(it);
    ++added_;
  }
  if (checkpoints_.due()) write();
  if (config_.progress) config_.progress({reached(), end(), hops_});
}

void Crew::write() {
  checkpoints_.write(reached(), end(), [this](std::ostream& out) {
    SaveArchive archive(out);
    archive(added_, hops_);
    pieces_.save(archive);
  });
}

Time Crew::reached() const {
  const auto run = static_cast<double>(end().ps());
  const double share = static_cast<double>(added_) / static_cast<double>(pieces_.count());
  return Time::ps(static_cast<std::int64_t>(run * share));
}

}  // namespace longhaul::hybrid
