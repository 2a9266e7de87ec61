// The corpus, which holds every input that once broke something, through the fuzz targets' entries.
// An input that breaks them again ends this program.
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/catch.hpp"
#include "tests/fuzz/entries.hpp"

TEST_CASE("the corpus of the fuzz targets does no harm") {
  const std::filesystem::path corpus =
      std::filesystem::path(LONGHAUL_SOURCE_DIR) / "tests/fuzz/corpus";
  for (const auto& entry : longhaul::fuzz::entries()) {
    std::size_t files = 0;
    for (const auto& file : std::filesystem::directory_iterator(corpus / entry.name)) {
      INFO(file.path());
      std::ostringstream content;
      content << std::ifstream(file.path(), std::ios::binary).rdbuf();
      entry.run(content.str());
      ++files;
    }
    INFO(entry.name);
    CHECK(files > 0);
  }
}
