#pragma once

#include <optional>
#include <string>
#include <vector>

#include "eprop/weights.hpp"
#include "network/weight_matrix.hpp"

namespace eprop::recording {

/// What an output file has of a projection.
struct FileWeights {
  std::string dataset;                        ///< where they were found
  std::optional<network::MatrixShape> shape;  ///< of a matrix; none: a list
  SynapseTable table;                         ///< as in the file
};

/// The weights of each of `projections`: the matrix `after`, otherwise the last row of the list
/// `data`. For one rank to call. Throws OutputError, which names all projections that are missing
/// and those that the file has.
[[nodiscard]] std::vector<FileWeights> read_weights_file(
    const std::string& path, const std::vector<std::string>& projections);

/// What is wrong with a file, named by `thing`, that lacks the weights of `missing` projections.
[[nodiscard]] std::string missing_weights(const std::string& thing,
                                          const std::vector<std::string>& missing,
                                          const std::vector<std::string>& present);

}  // namespace eprop::recording
