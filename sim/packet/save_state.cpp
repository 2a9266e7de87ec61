// A run's state to and from a checkpoint. Between two windows nothing is under way within a thread:
// what sources sent has been taken, and what is in flight lies in lanes, in machines that act by
// themselves and in shapers. So a state knows nothing of windows and threads, and goes on with any
// others.
#include <algorithm>
#include <array>

#include "sim/base/archive.hpp"
#include "sim/packet/run_state.hpp"

namespace longhaul::packet {

void RunState::save(std::ostream& out) {
  SaveArchive archive(out);
  archive(until_);
  serialize(archive);
  for (const auto& machine : active_)
    if (machine != nullptr) machine->save(archive);
  archive(wait_counts_, demands_.counts);
  save_lanes(archive);
}

void RunState::load(std::istream& in) {
  LoadArchive archive(in);
  archive(until_);
  serialize(archive);
  for (const auto& machine : active_)
    if (machine != nullptr) machine->load(archive);
  archive(wait_counts_, demands_.counts);
  load_lanes(archive);
}

template <class Archive>
void RunState::serialize(Archive& archive) {
  for (Source& source : sources_) archive(source);
  for (Queue& queue : queues_) archive(queue);
  for (ForwardingTable& table : source_tables_) archive(table);
  archive(raw(sent_), raw(demands_.stats), demands_.fates);
  // What each thread has added up: as one sum, and then as the first thread's.
  Worker sum(reserve_, sent_.size(), failures_);
  for (const auto& w : workers_) {
    sum.fingerprint += w->fingerprint;
    sum.context.fingerprint += w->context.fingerprint;
    sum.context.hops += w->context.hops;
    sum.acks_dropped += w->acks_dropped;
    sum.losses.add(w->losses);
    for (int i = 0; i < drop_causes; ++i) sum.dropped[i] += w->dropped[i];
    for (std::size_t i = 0; i < sent_.size(); ++i) sum.drops_of_demand[i] += w->drops_of_demand[i];
  }
  std::vector<FailureLosses::Row> losses = sum.losses.rows();
  archive(sum.fingerprint, sum.context.fingerprint, sum.context.hops, sum.acks_dropped,
          raw(sum.dropped), sum.drops_of_demand, raw(losses));
  if constexpr (Archive::is_loading::value) {
    Worker& first = *workers_[0];
    first.fingerprint = sum.fingerprint;
    first.context.fingerprint = sum.context.fingerprint;
    first.context.hops = sum.context.hops;
    first.acks_dropped = sum.acks_dropped;
    std::copy_n(sum.dropped, drop_causes, first.dropped);
    first.drops_of_demand = sum.drops_of_demand;
    first.losses.set(losses);
  }
}

namespace {

/// Packets that go through an archive at once.
using Batch = std::array<Packet, 4096>;

}  // namespace

void RunState::save_lanes(SaveArchive& archive) const {
  Batch batch;
  for (const Lane& lane : lanes_) {
    archive(std::uint64_t{lane.written() - lane.consumed()});
    std::size_t n = 0;
    const auto flush = [&] {
      archive.saveBinary(batch.data(), static_cast<std::streamsize>(n * sizeof(Packet)));
      n = 0;
    };
    lane.for_each_unread([&](const Packet& p) {
      batch[n++] = p;
      if (n == batch.size()) flush();
    });
    flush();
  }
}

void RunState::load_lanes(LoadArchive& archive) {
  Batch batch;
  for (Lane& lane : lanes_) {
    std::uint64_t left = 0;
    for (archive(left); left > 0;) {
      const std::size_t n = std::min<std::uint64_t>(left, batch.size());
      archive.loadBinary(batch.data(), static_cast<std::streamsize>(n * sizeof(Packet)));
      for (std::size_t i = 0; i < n; ++i) lane.append(batch[i], workers_[0]->context.pool);
      left -= n;
    }
    // Whoever reads it, in the next window or already in this one, sees all.
    lane.seal(0);
    lane.seal(1);
  }
}

}  // namespace longhaul::packet
