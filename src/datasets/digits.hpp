#pragma once

#include <cstdint>
#include <vector>

namespace eprop::datasets {

/// The digits in ascending order; InvalidParameter if there is none, one above 9 or one twice.
[[nodiscard]] std::vector<std::uint32_t> checked_digits(std::vector<std::uint32_t> digits);

}  // namespace eprop::datasets
