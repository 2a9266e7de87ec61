// Lanes: the stream of packets that leave one machine (a source or a queue) and enter another (a
// queue or a sink). A queue's hold packets (Lane), a source's only keys to them (SourceLane).
//
// A lane is in time order by construction, appended to by its writer alone and consumed by its
// reader alone. It is a list of fixed chunks; memory is what is in flight. Threads meet only
// between windows: a writer seals what it has written at the end of each of its windows (two slots,
// by the window's parity), and the reader reads up to a seal that the scheduler's ordering makes
// visible to it. No locks, no atomics here.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "sim/packet/packet.hpp"

namespace longhaul::packet {

struct alignas(64) Chunk {
  static constexpr std::size_t capacity = 63;
  Chunk* next;
  std::uint64_t padding[3];
  Packet packets[capacity];

  /// Asks for all lines at once: those that another thread has touched last come from far.
  template <bool to_write>
  void fetch() const {
    const char* const line = reinterpret_cast<const char*>(this);
    for (std::size_t i = 0; i < sizeof(Chunk); i += 64) __builtin_prefetch(line + i, to_write);
  }
};
static_assert(sizeof(Chunk) == 2048);

/// Chunks shared by all threads of a run; handed out and taken back in batches under a lock (once
/// in some thousand packets).
class ChunkReserve {
 public:
  static constexpr std::size_t batch = 64;
  /// Appends `batch` chunks to `out`.
  void take(std::vector<Chunk*>& out);
  /// Takes the last `batch` chunks off `in`.
  void give(std::vector<Chunk*>& in);
  std::uint64_t bytes() const { return slabs_.size() * slab_chunks * sizeof(Chunk); }

 private:
  static constexpr std::size_t slab_chunks = 512;
  std::mutex mutex_;
  std::vector<Chunk*> free_;
  std::vector<std::unique_ptr<Chunk[]>> slabs_;
};

/// One thread's chunks.
class ChunkPool {
 public:
  explicit ChunkPool(ChunkReserve& reserve) : reserve_(reserve) {}
  /// The chunk is one whose lines were asked for at the call before.
  Chunk* get() {
    if (next_ == nullptr) next_ = pop();
    Chunk* const chunk = next_;
    next_ = pop();
    next_->fetch<true>();
    return chunk;
  }
  void put(Chunk* chunk) {
    free_.push_back(chunk);
    if (free_.size() >= 4 * ChunkReserve::batch) reserve_.give(free_);
  }

 private:
  Chunk* pop() {
    if (free_.empty()) reserve_.take(free_);
    Chunk* const chunk = free_.back();
    free_.pop_back();
    return chunk;
  }

  ChunkReserve& reserve_;
  std::vector<Chunk*> free_;
  Chunk* next_ = nullptr;
};

class alignas(64) Lane {
 public:
  // Writer's side.
  void append(const Packet& packet, ChunkPool& pool) {
    if (cursor_ == end_) [[unlikely]]
      extend(pool);
    *cursor_++ = packet;
  }
  std::uint64_t written() const {
    return tail_ == nullptr ? 0 : base_ + (cursor_ - tail_->packets);
  }
  void seal(unsigned parity) { sealed_[parity] = written(); }

  // Reader's side.
  std::uint64_t sealed(unsigned parity) const { return sealed_[parity]; }
  std::uint64_t consumed() const { return consumed_; }
  /// Time of the first unread packet, if any below position `limit`; else `none`.
  std::int64_t head_time(std::uint64_t limit, std::int64_t none) {
    return consumed_ < limit ? head()->time : none;
  }
  /// The first unread packet. Requires consumed() < limit.
  const Packet* head() {
    if (head_ == nullptr) head_ = first_;
    if (index_ == Chunk::capacity) return head_->next->packets;
    return head_->packets + index_;
  }
  /// Asks for the first packets that read() will come to.
  void fetch(std::uint64_t limit) {
    if (consumed_ >= limit) return;
    if (head_ == nullptr) head_ = oldest_ = first_;
    head_->fetch<false>();
    if (limit - consumed_ + index_ > Chunk::capacity) head_->next->fetch<false>();
  }
  /// Calls f(first, n) for the packets before position `limit` and earlier than `until`, in order,
  /// in as few contiguous pieces as chunks allow. They count as read, but stay in memory until
  /// release().
  template <class F>
  void read(std::uint64_t limit, std::int64_t until, F&& f);
  /// The same, as keys appended to `out`; room for them (at most limit - consumed()) is the
  /// caller's matter.
  Key* collect(std::uint64_t limit, std::int64_t until, Key* out);
  /// Gives the chunks back that collect() has passed. The packets behind earlier keys are gone
  /// after this.
  void release(ChunkPool& pool);
  /// Calls f(packet) for all packets written and not yet read.
  template <class F>
  void for_each_unread(F&& f) const {
    const Chunk* chunk = head_ == nullptr ? first_ : head_;
    std::size_t index = index_;
    for (std::uint64_t left = written() - consumed_; left > 0; --left, ++index) {
      if (index == Chunk::capacity) chunk = chunk->next, index = 0;
      f(chunk->packets[index]);
    }
  }
  /// Reads one packet.
  Packet pop(ChunkPool& pool) {
    Packet packet = *head();
    advance_chunk();
    ++index_;
    ++consumed_;
    release(pool);
    return packet;
  }

 private:
  void extend(ChunkPool& pool);
  void advance_chunk() {
    if (index_ == Chunk::capacity) {
      head_ = head_->next;
      index_ = 0;
    }
  }

  Packet* cursor_ = nullptr;
  Packet* end_ = nullptr;
  Chunk* tail_ = nullptr;
  Chunk* first_ = nullptr;
  std::uint64_t base_ = 0;

  alignas(64) std::uint64_t sealed_[2] = {0, 0};  ///< what the two sides share

  alignas(64) Chunk* head_ = nullptr;  ///< chunk being read
  Chunk* oldest_ = nullptr;            ///< oldest chunk not yet given back
  std::size_t index_ = 0;              ///< next packet in head_
  std::uint64_t consumed_ = 0;
};

/// What a source sends to one out in one window: keys only, since the packets stay with the source
/// until its next window and all are read before.
class alignas(64) SourceLane {
 public:
  // Writer's side.
  void start() {
    keys_.clear();
    read_ = 0;
  }
  void append(const Key& key) { keys_.push_back(key); }

  // Reader's side; as Lane's.
  std::size_t unread() const { return keys_.size() - read_; }
  std::int64_t head_time(std::int64_t none) const {
    return unread() > 0 ? keys_[read_].time : none;
  }
  const Packet& pop() { return *keys_[read_++].packet; }
  Key* collect(std::int64_t until, Key* out);

 private:
  std::vector<Key> keys_;
  std::size_t read_ = 0;
};

template <class F>
void Lane::read(std::uint64_t limit, std::int64_t until, F&& f) {
  if (consumed_ >= limit) return;
  if (head_ == nullptr) head_ = oldest_ = first_;
  for (std::uint64_t left = limit - consumed_; left > 0;) {
    advance_chunk();
    // Chunks lie scattered, so the processor cannot foresee the next one.
    if (index_ == 0 && left > Chunk::capacity) head_->next->fetch<false>();
    const std::size_t here = std::min<std::uint64_t>(left, Chunk::capacity - index_);
    const Packet* const p = head_->packets + index_;
    std::size_t n = 0;
    while (n < here && p[n].time < until) ++n;
    if (n > 0) f(p, n);
    index_ += n;
    consumed_ += n;
    if (n < here) return;
    left -= n;
  }
}

}  // namespace longhaul::packet
