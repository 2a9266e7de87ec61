#include "sim/report/files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <utility>

#include "sim/base/error.hpp"

namespace longhaul::report {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string& path, int error) {
  throw RunError(fmt::format("cannot write {}: {}", path, std::strerror(error)));
}

/// errno of the first call that failed, or 0.
int write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t n = ::write(fd, content.data(), content.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno;
    content.remove_prefix(static_cast<std::size_t>(n));
  }
  return ::fsync(fd) == 0 || errno == EINVAL ? 0 : errno;
}

/// `fd` as open() returned it for `path`.
void write_and_close(int fd, const std::string& path, std::string_view content) {
  if (fd < 0) fail(path, errno);
  int error = write_all(fd, content);
  if (::close(fd) != 0 && error == 0) error = errno;
  if (error != 0) fail(path, error);
}

/// A file under a temporary name beside its own; removed unless it was renamed.
class TemporaryFile {
 public:
  explicit TemporaryFile(std::string path)
      : path_(std::move(path)), temporary_(fmt::format("{}.tmp-{}", path_, ::getpid())) {}
  TemporaryFile(TemporaryFile&& other) noexcept
      : path_(std::move(other.path_)), temporary_(std::exchange(other.temporary_, {})) {}
  TemporaryFile& operator=(TemporaryFile&&) = delete;
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    if (!temporary_.empty()) ::unlink(temporary_.c_str());
  }

  void write(std::string_view content) {
    write_and_close(::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666),
                    path_, content);
  }

  void commit() {
    if (::rename(temporary_.c_str(), path_.c_str()) != 0) fail(path_, errno);
    temporary_.clear();
  }

 private:
  std::string path_;
  std::string temporary_;
};

}  // namespace

void require_writable_directory(const std::string& directory) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (!fs::is_directory(directory))
    throw InputError(fmt::format("{} cannot be used as an output directory: {}", directory,
                                 error ? error.message() : std::string("it is not a directory")));
  if (::access(directory.c_str(), W_OK | X_OK) != 0)
    throw InputError(fmt::format("{} cannot be written to: {}", directory, std::strerror(errno)));
}

void write_files(const std::string& directory, const std::vector<OutputFile>& files) {
  std::vector<TemporaryFile> written;
  written.reserve(files.size());
  for (const OutputFile& file : files) {
    written.emplace_back((fs::path(directory) / file.name).string());
    written.back().write(file.content);
  }
  for (TemporaryFile& file : written) file.commit();
}

void write_file(const std::string& path, const std::string& content) {
  // A device or a pipe is written to, not replaced.
  std::error_code error;
  if (fs::exists(path, error) && !fs::is_regular_file(path, error)) {
    write_and_close(::open(path.c_str(), O_WRONLY | O_CLOEXEC), path, content);
    return;
  }
  TemporaryFile file(path);
  file.write(content);
  file.commit();
}

}  // namespace longhaul::report
