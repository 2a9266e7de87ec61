// Files of a test's own in the temporary directory, removed in the end.
#pragma once

#include <stdlib.h>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace longhaul::tests {

/// A directory of its own, removed with all it holds.
class Scratch {
 public:
  Scratch() {
    std::string name = (std::filesystem::temp_directory_path() / "longhaul-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp");
    path_ = name;
  }
  ~Scratch() { std::filesystem::remove_all(path_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  std::string path(const std::string& name = "") const { return (path_ / name).string(); }
  /// Writes a file and returns its path.
  std::string file(const std::string& name, const std::string& content) const {
    std::ofstream(path_ / name) << content;
    return path(name);
  }
  std::size_t entries(const std::string& name = "") const {
    std::size_t n = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(path_ / name))
      ++n;
    return n;
  }

 private:
  std::filesystem::path path_;
};

/// One file of its own.
class ScratchFile {
 public:
  std::string path() const { return scratch_.path("state"); }
  std::string directory() const { return scratch_.path(); }
  std::string content() const {
    std::ifstream in(path(), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void set(const std::string& content) const { std::ofstream(path(), std::ios::binary) << content; }

 private:
  Scratch scratch_;
};

}  // namespace longhaul::tests
