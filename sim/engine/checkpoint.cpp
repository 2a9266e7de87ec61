#include "sim/engine/checkpoint.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <exception>
#include <filesystem>
#include <istream>
#include <new>
#include <ostream>
#include <streambuf>
#include <utility>
#include <vector>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "sim/base/error.hpp"

namespace longhaul::engine {

namespace {

constexpr std::array<char, 8> magic{'L', 'H', 'S', 'T', 'A', 'T', 'E', '\n'};
constexpr std::uint32_t format_version = 1;
constexpr std::size_t buffer_bytes = std::size_t{1} << 20;
constexpr std::size_t text_bytes = 160;

/// As it lies in the file. Plain, so that whatever is there can be read and then judged.
struct Header {
  std::array<char, 8> magic;
  std::uint32_t version;
  std::uint32_t bytes;  ///< of this header
  std::array<char, text_bytes> program;
  std::array<char, 16> engine;
  std::uint64_t input_hash;
  std::int64_t simulated_ps;
  std::uint64_t content_bytes;
  std::uint64_t content_hash;
  std::uint64_t header_hash;  ///< of all before it
};
static_assert(sizeof(Header) == 232);

template <std::size_t n>
std::array<char, n> fixed(const std::string& text) {
  std::array<char, n> out{};
  std::copy_n(text.begin(), std::min(text.size(), n - 1), out.begin());
  return out;
}

std::uint64_t hash_of(const Header& header) {
  return XXH3_64bits(&header, offsetof(Header, header_hash));
}

/// XXH3 of what comes by piece by piece.
class Checksum {
 public:
  Checksum() { XXH3_64bits_reset(&state_); }
  void add(const char* data, std::size_t n) { XXH3_64bits_update(&state_, data, n); }
  std::uint64_t value() const { return XXH3_64bits_digest(&state_); }

 private:
  XXH3_state_t state_;
};

/// A file descriptor that is closed.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }
  /// errno if that fails, else 0.
  int close() { return ::close(std::exchange(fd_, -1)) == 0 ? 0 : errno; }

 private:
  int fd_;
};

int write_all(int fd, const char* data, std::size_t n, off_t at) {
  while (n > 0) {
    const ssize_t written = ::pwrite(fd, data, n, at);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    data += written;
    n -= static_cast<std::size_t>(written);
    at += written;
  }
  return 0;
}

/// Writes to a file from behind its header on, and sums up what it writes.
class Output : public std::streambuf {
 public:
  explicit Output(int fd) : fd_(fd), buffer_(buffer_bytes) {
    setp(buffer_.data(), buffer_.data() + buffer_.size());
  }
  bool finish() { return flush(); }
  int error() const { return error_; }
  std::uint64_t bytes() const { return bytes_; }
  std::uint64_t checksum() const { return checksum_.value(); }

 protected:
  int_type overflow(int_type c) override {
    if (!flush()) return traits_type::eof();
    if (c != traits_type::eof()) {
      *pptr() = traits_type::to_char_type(c);
      pbump(1);
    }
    return traits_type::not_eof(c);
  }

 private:
  bool flush() {
    if (error_ != 0) return false;
    const auto n = static_cast<std::size_t>(pptr() - pbase());
    checksum_.add(pbase(), n);
    error_ = write_all(fd_, pbase(), n, static_cast<off_t>(sizeof(Header) + bytes_));
    bytes_ += n;
    setp(buffer_.data(), buffer_.data() + buffer_.size());
    return error_ == 0;
  }

  int fd_;
  std::vector<char> buffer_;
  std::uint64_t bytes_ = 0;
  int error_ = 0;
  Checksum checksum_;
};

/// Reads `bytes` of a file from behind its header on.
class Content : public std::streambuf {
 public:
  Content(int fd, std::uint64_t bytes) : fd_(fd), left_(bytes), buffer_(buffer_bytes) {}

 protected:
  int_type underflow() override {
    const std::size_t wish = std::min<std::uint64_t>(left_, buffer_.size());
    ssize_t n = 0;
    do n = ::pread(fd_, buffer_.data(), wish, at_);
    while (n < 0 && errno == EINTR);
    if (n <= 0) return traits_type::eof();
    at_ += n;
    left_ -= static_cast<std::uint64_t>(n);
    setg(buffer_.data(), buffer_.data(), buffer_.data() + n);
    return traits_type::to_int_type(*gptr());
  }

 private:
  int fd_;
  std::uint64_t left_;
  off_t at_ = sizeof(Header);
  std::vector<char> buffer_;
};

bool content_is_whole(int fd, const Header& header) {
  Content content(fd, header.content_bytes);
  std::vector<char> part(buffer_bytes);
  Checksum sum;
  std::uint64_t bytes = 0;
  while (const auto n = static_cast<std::size_t>(
             content.sgetn(part.data(), static_cast<std::streamsize>(part.size())))) {
    sum.add(part.data(), n);
    bytes += n;
  }
  return bytes == header.content_bytes && sum.value() == header.content_hash;
}

[[noreturn]] void refuse(const std::string& file, const std::string& what,
                         const std::string& hint) {
  throw InputError(fmt::format("{}: {}", file, what), hint);
}

constexpr const char* without = "without --resume the run starts anew";

Header read_header(const std::string& file, int fd) {
  Header header{};
  const ssize_t n = ::pread(fd, &header, sizeof header, 0);
  if (n < 0) refuse(file, std::strerror(errno), "name a file that --checkpoint wrote");
  if (n < static_cast<ssize_t>(sizeof header.magic) || header.magic != magic)
    refuse(file, "is not a checkpoint", "name a file that --checkpoint wrote");
  if (n == sizeof header && (header.version != format_version || header.bytes != sizeof header))
    refuse(file,
           fmt::format("is a checkpoint of format {}, and this version reads format {}",
                       header.version, format_version),
           fmt::format("resume with the version that wrote it; {}", without));
  struct stat status {};
  const bool cut = n < static_cast<ssize_t>(sizeof header) || ::fstat(fd, &status) != 0;
  if (cut || hash_of(header) != header.header_hash ||
      static_cast<std::uint64_t>(status.st_size) != sizeof header + header.content_bytes ||
      !content_is_whole(fd, header))
    refuse(file, "is a damaged checkpoint: it was cut short or changed",
           fmt::format("resume from an older copy if there is one; {}", without));
  return header;
}

std::string directory_of(const std::string& file) {
  const auto parent = std::filesystem::path(file).parent_path();
  return parent.empty() ? std::string(".") : parent.string();
}

/// Brings a rename to disk; where a file system cannot, there is nothing to be done.
void sync_directory(const std::string& file) {
  const Descriptor directory(::open(directory_of(file).c_str(), O_RDONLY | O_CLOEXEC));
  if (directory.get() >= 0) ::fsync(directory.get());
}

}  // namespace

void require_writable_checkpoint(const std::string& file) {
  const char* hint = "name a file in a directory that can be written to";
  std::error_code error;
  if (std::filesystem::exists(file, error) && !std::filesystem::is_regular_file(file, error))
    throw InputError(fmt::format("--checkpoint {}: it is not a file", file), hint);
  if (::access(directory_of(file).c_str(), W_OK | X_OK) != 0)
    throw InputError(
        fmt::format("--checkpoint {}: cannot be written: {}", file, std::strerror(errno)), hint);
}

Checkpoints::Checkpoints(CheckpointConfig config, std::string engine, std::uint64_t input_hash)
    : config_(std::move(config)), engine_(std::move(engine)), input_hash_(input_hash) {}

bool Checkpoints::due() const {
  if (!writes()) return false;
  if (config_.wanted && config_.wanted()) return true;
  return std::chrono::duration<double>(Clock::now() - last_).count() >= config_.every.seconds();
}

void Checkpoints::write(Time simulated, Time end, const std::function<void(std::ostream&)>& save) {
  const auto start = Clock::now();
  CheckpointNote note{config_.file, simulated, end, 0, 0, {}};
  const std::string temporary = config_.file + ".part";
  const auto attempt = [&] {
    Descriptor fd(::open(temporary.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
    if (fd.get() < 0) return errno;
    Output output(fd.get());
    std::ostream stream(&output);
    try {
      save(stream);
    } catch (const std::exception&) {
      if (output.error() != 0) return output.error();
      throw;
    }
    if (!output.finish()) return output.error();
    Header header{magic,
                  format_version,
                  sizeof(Header),
                  fixed<text_bytes>(config_.program),
                  fixed<16>(engine_),
                  input_hash_,
                  simulated.ps(),
                  output.bytes(),
                  output.checksum(),
                  0};
    header.header_hash = hash_of(header);
    note.bytes = sizeof header + output.bytes();
    std::array<char, sizeof header> bytes{};
    std::memcpy(bytes.data(), &header, sizeof header);
    if (const int error = write_all(fd.get(), bytes.data(), bytes.size(), 0)) return error;
    if (::fsync(fd.get()) != 0 && errno != EINVAL) return errno;
    if (const int error = fd.close()) return error;
    return ::rename(temporary.c_str(), config_.file.c_str()) == 0 ? 0 : errno;
  };
  try {
    if (const int error = attempt()) note.error = std::strerror(error);
  } catch (const std::bad_alloc&) {
    note.error = "out of memory";
  } catch (const std::exception& e) {
    note.error = e.what();
  }
  if (note.error.empty())
    sync_directory(config_.file);
  else
    ::unlink(temporary.c_str());
  last_ = Clock::now();
  note.seconds = std::chrono::duration<double>(last_ - start).count();
  if (config_.wrote) config_.wrote(note);
}

bool Checkpoints::resume(const std::function<void(std::istream&)>& load) const {
  const std::string& file = config_.resume;
  if (file.empty()) return false;
  const Descriptor fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd.get() < 0) refuse(file, std::strerror(errno), "name a file that --checkpoint wrote");
  const Header header = read_header(file, fd.get());
  if (header.program != fixed<text_bytes>(config_.program))
    refuse(file, fmt::format("was written by {}", header.program.data()),
           fmt::format("resume with that version; {}", without));
  if (header.engine != fixed<16>(engine_))
    refuse(file,
           fmt::format("is of a run with fidelity {}, and this one has fidelity {}",
                       header.engine.data(), engine_),
           fmt::format("resume with --fidelity {}", header.engine.data()));
  if (header.input_hash != input_hash_)
    refuse(file, "is of another run: the scenario, a file that it reads or a flag has changed",
           fmt::format("resume with the same input, only --threads may differ; {}", without));
  Content content(fd.get(), header.content_bytes);
  std::istream stream(&content);
  try {
    load(stream);
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception&) {
    refuse(file, "is a checkpoint that does not fit this run", without);
  }
  return true;
}

}  // namespace longhaul::engine
