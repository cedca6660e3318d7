#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "eprop/dataset.hpp"

namespace eprop::datasets {

/// Whether a folder has any of the four files of MNIST.
[[nodiscard]] bool holds_scans(const std::filesystem::path& folder);

/// MNIST as an event camera sees it, as eprop::datasets::read_digits() says.
[[nodiscard]] DatasetSplit read_scans(const std::filesystem::path& folder, std::uint64_t seed,
                                      const std::vector<std::uint32_t>& digits);

}  // namespace eprop::datasets
