#include "checkpoint/snapshot.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <boost/archive/binary_iarchive.hpp>
#include <boost/archive/binary_oarchive.hpp>
#include <boost/crc.hpp>
#include <boost/serialization/map.hpp>
#include <boost/serialization/string.hpp>
#include <boost/serialization/vector.hpp>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <span>
#include <sstream>
#include <system_error>
#include <utility>

#include "eprop/errors.hpp"

namespace eprop::checkpoint {
namespace {

/// What a file begins with; the archive follows. Bytes are in the order of the machine.
struct Header {
  std::array<char, 8> magic{'e', 'p', 'r', 'o', 'p', 'C', 'K', 'P'};
  std::uint32_t version = format_version;
  std::uint32_t checksum = 0;  ///< CRC-32 of the archive
  std::uint64_t size = 0;      ///< of the archive, bytes
};

[[noreturn]] void fail(const std::string& path, const std::string& reason) {
  throw CheckpointError(fmt::format("checkpoint '{}': {}", path, reason));
}

[[noreturn]] void damaged(const std::string& path) {
  throw DamagedCheckpoint(
      fmt::format("checkpoint '{}': is no checkpoint of this program, or it is damaged", path));
}

template <class Archive, class S>
void archive_columns(Archive& archive, S& snapshot) {
  archive& snapshot.network& snapshot.numbers& snapshot.integers& snapshot.tables& snapshot
      .user_data;
}

std::uint32_t checksum(const std::string& archive) {
  boost::crc_32_type crc;
  crc.process_bytes(archive.data(), archive.size());
  return crc.checksum();
}

/// A file that is written to the disk before it is closed.
class DurableFile {
 public:
  explicit DurableFile(const std::string& path)
      : path_(path),
        descriptor_(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)) {
    check(descriptor_ >= 0, "created");
  }
  DurableFile(const DurableFile&) = delete;
  DurableFile& operator=(const DurableFile&) = delete;
  /// Removes what has not been finished.
  ~DurableFile() {
    if (descriptor_ < 0) return;
    ::close(descriptor_);
    ::unlink(path_.c_str());
  }

  void write(std::span<const char> bytes) {
    while (!bytes.empty()) {
      const auto n = ::write(descriptor_, bytes.data(), bytes.size());
      if (n < 0 && errno == EINTR) continue;
      check(n > 0, "written");
      bytes = bytes.subspan(static_cast<std::size_t>(n));
    }
  }

  void close() {
    check(::fsync(descriptor_) == 0, "written");
    check(::close(std::exchange(descriptor_, -1)) == 0, "written");
  }

 private:
  void check(bool done, const char* what) const {
    if (!done) {
      fail(path_, fmt::format("cannot be {}: {}", what, std::generic_category().message(errno)));
    }
  }

  std::string path_;
  int descriptor_;
};

}  // namespace

void write(const std::string& path, const Snapshot& snapshot) {
  std::ostringstream stream;
  {
    boost::archive::binary_oarchive archive(stream);
    archive_columns(archive, snapshot);
  }
  const std::string archive = std::move(stream).str();
  Header header;
  header.checksum = checksum(archive);
  header.size = archive.size();

  const auto unfinished = path + ".tmp";
  DurableFile file(unfinished);
  file.write({reinterpret_cast<const char*>(&header), sizeof header});
  file.write(archive);
  file.close();
  std::error_code error;
  std::filesystem::rename(unfinished, path, error);
  if (error) {
    std::error_code ignored;
    std::filesystem::remove(unfinished, ignored);
    fail(path, fmt::format("cannot be written: {}", error.message()));
  }
}

bool is_snapshot(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  Header header;
  header.magic = {};
  file.read(header.magic.data(), header.magic.size());
  return file && header.magic == Header{}.magic;
}

Snapshot read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file || std::filesystem::is_directory(path)) {
    fail(path, fmt::format("cannot be opened: {}",
                           std::generic_category().message(file ? EISDIR : errno)));
  }
  const Header expected;
  Header header;
  file.read(reinterpret_cast<char*>(&header), sizeof header);
  if (!file || header.magic != expected.magic) damaged(path);
  if (header.version != expected.version) {
    fail(path,
         fmt::format("has the format {}, this program reads {}", header.version, expected.version));
  }
  std::error_code error;
  if (std::filesystem::file_size(path, error) != sizeof header + header.size || error) {
    damaged(path);
  }
  std::string bytes(header.size, '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!file || checksum(bytes) != header.checksum) damaged(path);
  Snapshot snapshot;
  try {
    std::istringstream stream(std::move(bytes));
    boost::archive::binary_iarchive archive(stream);
    archive_columns(archive, snapshot);
  } catch (const std::exception&) {  // an archive of another machine
    damaged(path);
  }
  return snapshot;
}

}  // namespace eprop::checkpoint
