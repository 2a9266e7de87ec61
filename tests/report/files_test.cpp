#include "sim/report/files.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "sim/base/error.hpp"
#include "tests/catch.hpp"

using namespace longhaul;
namespace fs = std::filesystem;

namespace {

/// A directory of its own, removed with all it holds.
class Scratch {
 public:
  Scratch() : path_(fs::temp_directory_path() / ("longhaul-files-" + std::to_string(::getpid()))) {
    fs::remove_all(path_);
    fs::create_directories(path_);
  }
  ~Scratch() { fs::remove_all(path_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  std::size_t entries(const std::string& name = ".") const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(path_ / name), fs::directory_iterator()));
  }

 private:
  fs::path path_;
};

std::string content(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("files are written whole, over older ones, with nothing left beside them") {
  const Scratch scratch;
  report::require_writable_directory(scratch / "deep/er");
  report::write_files(scratch / "deep/er", {{"a", "old"}});
  report::write_files(scratch / "deep/er", {{"a", "new"}, {"b", "two"}});
  CHECK(content(scratch / "deep/er/a") == "new");
  CHECK(content(scratch / "deep/er/b") == "two");
  CHECK(scratch.entries("deep/er") == 2);
}

TEST_CASE("when one file cannot be written, none appears") {
  const Scratch scratch;
  report::write_files(scratch / ".", {{"a", "old"}});
  CHECK_THROWS_AS(report::write_files(scratch / ".", {{"a", "new"}, {"missing/b", "x"}}), RunError);
  CHECK(content(scratch / "a") == "old");
  CHECK(scratch.entries() == 1);
}

TEST_CASE("a directory that cannot be used is bad input") {
  const Scratch scratch;
  report::write_file(scratch / "file", "x");
  CHECK_THROWS_AS(report::require_writable_directory(scratch / "file"), InputError);
  CHECK_THROWS_AS(report::require_writable_directory(scratch / "file/below"), InputError);
}

TEST_CASE("a device is written to, not replaced") {
  if (!fs::exists("/dev/full")) SUCCEED("no /dev/full here");
  if (fs::exists("/dev/full")) {
    CHECK_THROWS_AS(report::write_file("/dev/full", "x"), RunError);
    CHECK(fs::is_character_file("/dev/full"));
  }
  CHECK_NOTHROW(report::write_file("/dev/null", "x"));
  CHECK(fs::is_character_file("/dev/null"));
}
