#pragma once

#include <optional>
#include <string>
#include <vector>

#include "network/weight_matrix.hpp"
#include "recording/weights_file.hpp"
#include "state/connection_sums.hpp"

namespace eprop::transfer {

/// A projection that weights are wanted for.
struct WantedWeights {
  std::string name;
  network::MatrixShape shape;
  state::ConnectionSum synapses;
};

/// What a file has for one.
struct StoredWeights {
  std::string thing;  ///< the file and the place in it, for messages
  std::vector<double> weights;
  /// Where the file says which synapses there are.
  std::optional<recording::FileWeights> synapses;
};

/// Reads an output file or a checkpoint, for one rank to call. Throws OutputError or
/// CheckpointError if that fails or a projection is missing; InvalidParameter if a checkpoint has
/// other synapses, while those of an output file are still to be compared.
[[nodiscard]] std::vector<StoredWeights> stored_weights(const std::string& path,
                                                        const std::vector<WantedWeights>& wanted);

}  // namespace eprop::transfer
