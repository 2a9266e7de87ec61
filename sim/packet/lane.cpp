#include "sim/packet/lane.hpp"

namespace longhaul::packet {

void ChunkReserve::take(std::vector<Chunk*>& out) {
  const std::lock_guard lock(mutex_);
  if (free_.size() < batch) {
    // Not value-initialised: pages are touched by whoever first fills them.
    slabs_.emplace_back(new Chunk[slab_chunks]);
    for (std::size_t i = slab_chunks; i-- > 0;) free_.push_back(&slabs_.back()[i]);
  }
  out.insert(out.end(), free_.end() - batch, free_.end());
  free_.resize(free_.size() - batch);
}

void ChunkReserve::give(std::vector<Chunk*>& in) {
  const std::lock_guard lock(mutex_);
  free_.insert(free_.end(), in.end() - batch, in.end());
  in.resize(in.size() - batch);
}

void Lane::extend(ChunkPool& pool) {
  Chunk* chunk = pool.get();
  chunk->next = nullptr;
  if (tail_ == nullptr) {
    first_ = chunk;
  } else {
    tail_->next = chunk;
    base_ += Chunk::capacity;
  }
  tail_ = chunk;
  cursor_ = chunk->packets;
  end_ = chunk->packets + Chunk::capacity;
}

Key* Lane::collect(std::uint64_t limit, std::int64_t until, Key* out) {
  read(limit, until, [&](const Packet* p, std::size_t n) {
    for (std::size_t i = 0; i < n; ++i) out[i] = {p[i].time, p + i};
    out += n;
  });
  return out;
}

Key* SourceLane::collect(std::int64_t until, Key* out) {
  const auto begin = keys_.begin() + static_cast<std::ptrdiff_t>(read_);
  auto end = keys_.end();
  if (begin != end && keys_.back().time >= until)
    end = std::partition_point(begin, end, [&](const Key& k) { return k.time < until; });
  read_ += static_cast<std::size_t>(end - begin);
  return std::copy(begin, end, out);
}

void Lane::release(ChunkPool& pool) {
  if (head_ == nullptr) return;  // nothing read yet
  if (oldest_ == nullptr) oldest_ = first_;
  while (oldest_ != head_) {
    Chunk* next = oldest_->next;
    pool.put(oldest_);
    oldest_ = next;
  }
}

}  // namespace longhaul::packet
