#pragma once

#include <cstddef>
#include <cstdint>
#include <istream>
#include <span>
#include <string>

namespace eprop::datasets {

/// An unsigned integer of at most 8 bytes, the lowest first.
[[nodiscard]] std::uint64_t little_endian(std::span<const std::byte> bytes);

/// The bytes of a file up to one beyond which none may be read, as numbers in a damaged file may
/// lead anywhere. What is wrong is told as DatasetError that begins with `place`.
class FileStretch {
 public:
  /// `file` and `place` must outlive it.
  FileStretch(std::istream& file, std::uint64_t end, const std::string& place)
      : file_(file), end_(end), place_(place) {}

  [[nodiscard]] bool holds(std::uint64_t begin, std::uint64_t bytes) const {
    return begin <= end_ && bytes <= end_ - begin;
  }

  /// Fills `into` from byte `begin` on; DatasetError if these bytes are not all there.
  void read(std::uint64_t begin, std::span<std::byte> into) const;

  /// The same bytes up to another end, within this one.
  [[nodiscard]] FileStretch up_to(std::uint64_t end) const { return {file_, end, place_}; }

  [[noreturn]] void refuse(const std::string& problem) const;

 private:
  std::istream& file_;
  std::uint64_t end_;
  const std::string& place_;
};

}  // namespace eprop::datasets
