#pragma once

#include <zlib.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

/// What tests of IDX files share.
namespace eprop::testing {

/// An IDX file of bytes: its dimensions, the first of which counts items, then its values.
inline std::vector<std::byte> idx_bytes(const std::vector<std::uint32_t>& dimensions,
                                        std::span<const std::uint8_t> values) {
  std::vector<std::byte> bytes{std::byte{0}, std::byte{0}, std::byte{8},
                               static_cast<std::byte>(dimensions.size())};
  for (const std::uint32_t length : dimensions) {
    for (const unsigned shift : {24U, 16U, 8U, 0U}) {
      bytes.push_back(static_cast<std::byte>(length >> shift));
    }
  }
  for (const std::uint8_t value : values) bytes.push_back(static_cast<std::byte>(value));
  return bytes;
}

inline void write_zipped(const std::filesystem::path& path, std::span<const std::byte> bytes) {
  gzFile file = gzopen(path.c_str(), "wb");
  gzwrite(file, bytes.data(), static_cast<unsigned>(bytes.size()));
  gzclose(file);
}

}  // namespace eprop::testing
