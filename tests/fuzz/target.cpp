// One libFuzzer target per entry: LONGHAUL_FUZZ_ENTRY names it.
#include <cstddef>
#include <cstdint>

#include "tests/fuzz/entries.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  longhaul::fuzz::LONGHAUL_FUZZ_ENTRY({reinterpret_cast<const char*>(data), size});
  return 0;
}
