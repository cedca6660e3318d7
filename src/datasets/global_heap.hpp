#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "datasets/file_stretch.hpp"

/// Where an HDF5 file keeps sequences of variable length. They are read without the HDF5 library:
/// several threads may then read at once, and damaged sequences are refused, whereas HDF5 1.10
/// would write beyond its memory.
namespace eprop::datasets {

/// The element of a dataset of sequences (HDF5 File Format Specification 3.0, VIII.B): number of
/// values, 4 bytes, address of the heap, 8, and index of the sequence in it, 4, little-endian.
struct HeapReference {
  static constexpr std::size_t stored_bytes = 16;

  std::uint32_t length = 0;   ///< values
  std::uint64_t address = 0;  ///< of a heap, bytes since the file's begin
  std::uint32_t index = 0;    ///< in that heap
};

/// References that stand one after the other; a rest of less than stored_bytes is left out.
[[nodiscard]] std::vector<HeapReference> parse_references(std::span<const std::byte> bytes);

/// The bytes of a sequence, from the heap that it is in (the same, III.E): length · value_bytes of
/// them, none where the length is 0. `file` ends where the file does. DatasetError if there is no
/// such sequence, if it has another size, or if it cannot be read.
[[nodiscard]] std::vector<std::byte> read_sequence(const FileStretch& file,
                                                   const HeapReference& reference,
                                                   std::size_t value_bytes);

}  // namespace eprop::datasets
