#pragma once

#include <cstddef>

#include "core/refuse.hpp"
#include "eprop/dataset.hpp"

namespace eprop::datasets {

/// InvalidParameter unless the data set has a sample of this index.
inline void require_sample(const Dataset& dataset, std::size_t index) {
  if (index < dataset.size()) return;
  core::refuse("dataset", "sample", index, "",
               fmt::format("must be below the size of the set, {}", dataset.size()));
}

}  // namespace eprop::datasets
