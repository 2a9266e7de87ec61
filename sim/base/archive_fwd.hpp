// What a struct needs to say how its state is saved and restored, without the archive library's
// headers. A struct has
//   friend class cereal::access;
//   template <class Archive>
//   void serialize(Archive& archive) { archive(a_, b_, raw(c_)); }
// which serves both ways. Only what a run changes is in it: what follows from the input is built
// anew, and the state is loaded over it. Whoever saves or loads includes sim/base/archive.hpp.
#pragma once

#include <type_traits>
#include <vector>

namespace cereal {
class access;
class BinaryInputArchive;
class BinaryOutputArchive;
}  // namespace cereal

namespace longhaul {

using SaveArchive = cereal::BinaryOutputArchive;
using LoadArchive = cereal::BinaryInputArchive;

/// Stands for something that is saved as the bytes it has in memory.
template <class T>
struct Raw {
  T* it;
};

template <class T>
inline constexpr bool goes_raw = std::is_trivially_copyable_v<T> && !std::is_pointer_v<T>;
template <class T>
inline constexpr bool goes_raw<std::vector<T>> = goes_raw<T>;

/// `it`, a plain value without pointers or a vector of such, as its bytes: quick, and a member
/// added later is not forgotten. The layout of memory is part of a file's format; the version of
/// the program in its header guards it.
template <class T>
Raw<T> raw(T& it) {
  static_assert(goes_raw<T>);
  return {&it};
}

}  // namespace longhaul
