#include "datasets/idx_file.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <memory>
#include <string>

#include "eprop/errors.hpp"

namespace eprop::datasets {
namespace {

constexpr std::uint32_t most_items = 1000000;

/// A file that may be compressed; zlib finds out.
class ZippedFile {
 public:
  explicit ZippedFile(const std::filesystem::path& path)
      : path_(path.string()), file_(gzopen(path_.c_str(), "rb"), &gzclose) {
    if (file_ == nullptr) refuse("cannot be opened for reading");
  }

  /// The next `count` bytes, fetched as they come: no more memory than the file has bytes for.
  std::vector<std::uint8_t> read(std::size_t count) {
    constexpr std::size_t portion = std::size_t{1} << 20U;
    std::vector<std::uint8_t> bytes;
    while (bytes.size() < count) {
      const std::size_t before = bytes.size();
      const std::size_t wanted = std::min(portion, count - before);
      bytes.resize(before + wanted);
      if (read_into(&bytes[before], wanted) < wanted) {
        refuse(fmt::format("ends within the {} bytes that are announced", count));
      }
    }
    return bytes;
  }

  std::uint32_t read_number() {
    const auto bytes = read(4);
    return std::uint32_t{bytes[0]} << 24U | std::uint32_t{bytes[1]} << 16U |
           std::uint32_t{bytes[2]} << 8U | bytes[3];
  }

  /// Of compressed files also the checksum.
  void require_end() {
    std::uint8_t byte = 0;
    if (read_into(&byte, 1) != 0) refuse("goes on after the values that are announced");
  }

  [[noreturn]] void refuse(const std::string& problem) const {
    throw DatasetError(fmt::format("IDX file '{}': {}", path_, problem));
  }

 private:
  std::size_t read_into(std::uint8_t* target, std::size_t count) {
    const int got = gzread(file_.get(), target, static_cast<unsigned>(count));
    int status = Z_OK;
    const char* reason = gzerror(file_.get(), &status);
    if (got < 0 || status != Z_OK) refuse(fmt::format("cannot be read: {}", reason));
    return static_cast<std::size_t>(got);
  }

  std::string path_;
  std::unique_ptr<gzFile_s, int (*)(gzFile)> file_;
};

}  // namespace

std::vector<std::uint8_t> read_idx(const std::filesystem::path& path,
                                   const std::vector<std::uint32_t>& shape) {
  ZippedFile file(path);
  const std::uint32_t magic = 0x800 | static_cast<std::uint32_t>(shape.size() + 1);
  if (const std::uint32_t found = file.read_number(); found != magic) {
    file.refuse(fmt::format("magic number = {:#x}: must be {:#x}", found, magic));
  }
  const std::uint32_t items = file.read_number();
  if (items == 0 || items > most_items) {
    file.refuse(fmt::format("number of items = {}: must be in 1 .. {}", items, most_items));
  }
  std::size_t size = items;
  for (const std::uint32_t length : shape) {
    if (const std::uint32_t found = file.read_number(); found != length) {
      file.refuse(fmt::format("size of an item = {}: must be {}", found, length));
    }
    size *= length;
  }
  std::vector<std::uint8_t> values = file.read(size);
  file.require_end();
  return values;
}

}  // namespace eprop::datasets
