#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "eprop/dataset.hpp"

namespace eprop::datasets {

/// Lists the recordings of N-MNIST of the given digits, as eprop::datasets::read_digits() says.
[[nodiscard]] DatasetSplit read_nmnist(const std::filesystem::path& folder,
                                       const std::vector<std::uint32_t>& digits);

/// Looks at the size of every file, as eprop::datasets::check_digits() says, and returns what lies
/// in the folders besides, in order.
[[nodiscard]] std::vector<std::filesystem::path> check_nmnist(
    const std::filesystem::path& folder, const std::vector<std::uint32_t>& digits);

}  // namespace eprop::datasets
