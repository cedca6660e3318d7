#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "eprop/weights.hpp"

namespace eprop::network {

/// Source and target of the first synapse that is not the only one between them, if there is one.
/// `table` has to be in order.
[[nodiscard]] std::optional<std::pair<std::uint32_t, std::uint32_t>> repeated_pair(
    const SynapseTable& table);

/// Rows and columns of a matrix of weights.
struct MatrixShape {
  std::uint64_t targets = 0;
  std::uint64_t sources = 0;
  bool operator==(const MatrixShape&) const = default;
};

/// Throws InvalidParameter unless a matrix has the shape that the populations ask for.
void check_matrix_shape(std::string_view thing, const MatrixShape& matrix,
                        const MatrixShape& wanted);

}  // namespace eprop::network
