#pragma once

#include <cstddef>
#include <cstdint>

#include "recording/hdf5_region.hpp"

namespace eprop::recording {

/// Of the elements of `region` in a dataset with `columns` columns; `values` are theirs, row by
/// row, of 4 or 8 bytes. Modulo 2^64 it is the sum over the elements of a number in which each bit
/// depends on all bits of the value and of its place. So parts can be summed up in any order, by
/// those who write them, and what is dropped be subtracted.
[[nodiscard]] std::uint64_t checksum(const Region& region, std::uint64_t columns,
                                     std::size_t value_bytes, const std::byte* values);

}  // namespace eprop::recording
