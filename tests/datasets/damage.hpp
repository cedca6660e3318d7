#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

/// Files that are damaged in every way that a test can go through.
namespace eprop::testing {

/// Calls check(bytes, what was done to them) with every bit of every `stride`-th byte flipped, one
/// after the other.
template <class Check>
void with_flipped_bits(std::vector<std::byte> bytes, std::size_t stride, Check&& check) {
  for (std::size_t at = 0; at < bytes.size(); at += stride) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      bytes[at] ^= std::byte{1} << bit;
      check(bytes, "bit " + std::to_string(bit) + " of byte " + std::to_string(at) + " flipped");
      bytes[at] ^= std::byte{1} << bit;
    }
  }
}

/// Calls check(bytes, what was done to them) with the file cut short at every `stride`-th byte.
template <class Check>
void with_end_missing(const std::vector<std::byte>& bytes, std::size_t stride, Check&& check) {
  for (std::size_t size = 0; size < bytes.size(); size += stride) {
    check(std::vector(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)),
          "cut to " + std::to_string(size) + " bytes");
  }
}

}  // namespace eprop::testing
