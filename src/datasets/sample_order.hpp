#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "eprop/sample_reader.hpp"

namespace eprop::datasets {

/// Positions first .. first + count - 1 of the endless sequence of a set of `size` > 0 samples,
/// epoch after epoch.
[[nodiscard]] std::vector<std::size_t> sample_order(SampleOrder order, std::uint64_t seed,
                                                    std::size_t size, std::size_t first,
                                                    std::size_t count);

}  // namespace eprop::datasets
