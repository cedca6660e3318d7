#include "datasets/file_stretch.hpp"

#include <fmt/format.h>

#include "eprop/errors.hpp"

namespace eprop::datasets {

std::uint64_t little_endian(std::span<const std::byte> bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i > 0; --i) {
    value = value << 8U | std::to_integer<std::uint64_t>(bytes[i - 1]);
  }
  return value;
}

void FileStretch::read(std::uint64_t begin, std::span<std::byte> into) const {
  if (!holds(begin, into.size())) {
    refuse(fmt::format("{} bytes from byte {} on: must end by byte {}", into.size(), begin, end_));
  }
  file_.clear();
  file_.seekg(static_cast<std::streamoff>(begin));
  file_.read(reinterpret_cast<char*>(into.data()), static_cast<std::streamsize>(into.size()));
  if (!file_) refuse(fmt::format("{} bytes from byte {} on: cannot be read", into.size(), begin));
}

void FileStretch::refuse(const std::string& problem) const {
  throw DatasetError(fmt::format("{}: {}", place_, problem));
}

}  // namespace eprop::datasets
