// The archives that state is saved to and loaded from: cereal's binary ones, and how what is raw
// (sim/base/archive_fwd.hpp) goes through them. Heavy; for .cpp files.
#pragma once

#include <array>
#include <bit>
#include <cereal/archives/binary.hpp>
#include <cereal/types/deque.hpp>
#include <cereal/types/map.hpp>
#include <cereal/types/queue.hpp>
#include <cereal/types/string.hpp>
#include <cereal/types/utility.hpp>
#include <cereal/types/vector.hpp>
#include <cstddef>
#include <cstdint>

#include "sim/base/archive_fwd.hpp"

namespace longhaul {

template <class T>
void save(SaveArchive& archive, const Raw<T>& value) {
  archive.saveBinary(value.it, sizeof(T));
}

template <class T>
void load(LoadArchive& archive, Raw<T>& value) {
  archive.loadBinary(value.it, sizeof(T));
}

template <class T>
void save(SaveArchive& archive, const Raw<std::vector<T>>& values) {
  archive(std::uint64_t{values.it->size()});
  archive.saveBinary(values.it->data(),
                     static_cast<std::streamsize>(values.it->size() * sizeof(T)));
}

template <class T>
void load(LoadArchive& archive, Raw<std::vector<T>>& values) {
  std::uint64_t n = 0;
  archive(n);
  // Not every plain value has one to start with.
  values.it->assign(n, std::bit_cast<T>(std::array<std::byte, sizeof(T)>{}));
  archive.loadBinary(values.it->data(), static_cast<std::streamsize>(n * sizeof(T)));
}

}  // namespace longhaul
