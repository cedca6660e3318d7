#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace eprop::examples {

/// Positions first .. first + count - 1 of the endless shuffled sequence of a set of `size`
/// samples: epoch after epoch, each a permutation of its own that depends on (seed, size, epoch)
/// alone. std::invalid_argument if size is 0.
std::vector<std::size_t> sample_order(std::uint64_t seed, std::size_t size, std::size_t first,
                                      std::size_t count);

}  // namespace eprop::examples
