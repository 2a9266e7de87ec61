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
  if (consumed_ >= limit) return out;
  if (head_ == nullptr) head_ = oldest_ = first_;
  const Key* const start = out;
  std::uint64_t left = limit - consumed_;
  while (left > 0) {
    advance_chunk();
    // Chunks lie scattered, so the processor cannot foresee the next one.
    if (index_ == 0 && left > Chunk::capacity) {
      const char* next = reinterpret_cast<const char*>(head_->next);
      for (int line = 0; line < 4; ++line) __builtin_prefetch(next + 64 * line);
    }
    const std::size_t here = std::min<std::uint64_t>(left, Chunk::capacity - index_);
    const Packet* p = head_->packets + index_;
    std::size_t n = 0;
    while (n < here && p[n].time < until) {
      out[n] = {p[n].time, p + n};
      ++n;
    }
    out += n;
    index_ += n;
    if (n < here) break;
    left -= n;
  }
  consumed_ += static_cast<std::uint64_t>(out - start);
  return out;
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
