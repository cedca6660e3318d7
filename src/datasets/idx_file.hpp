#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace eprop::datasets {

/// Reads an IDX file of bytes (http://yann.lecun.com/exdb/mnist), plain or compressed by gzip: 2
/// bytes 0, 1 byte 8 (unsigned bytes), 1 byte number of dimensions, the dimensions, 4 bytes each
/// and big-endian, then the values. Its first dimension counts items, the others have to be
/// `shape`. Returns the values. DatasetError, which names the file and the rule, if it is missing,
/// damaged or of another form, or has more than 10^6 items.
[[nodiscard]] std::vector<std::uint8_t> read_idx(const std::filesystem::path& path,
                                                 const std::vector<std::uint32_t>& shape);

}  // namespace eprop::datasets
