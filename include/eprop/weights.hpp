#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "eprop/comm/communicator.hpp"

/// Weights of a projection outside of a simulation: as a list, as a matrix, in an output file.
namespace eprop {

/// Synapses of a projection, ordered by target, then source.
struct SynapseTable {
  std::vector<std::uint32_t> source;
  std::vector<std::uint32_t> target;
  std::vector<double> weight;  ///< pA
};

/// Weights of all pairs of two populations, NaN where there is no synapse.
struct WeightMatrix {
  std::uint32_t targets = 0;
  std::uint32_t sources = 0;
  std::vector<double> weights;  ///< pA, [target][source]
};

/// The matrix of a projection between populations of these sizes. InvalidParameter if a neuron is
/// none of theirs, or if several synapses connect a pair: a matrix cannot tell them apart.
[[nodiscard]] WeightMatrix weight_matrix(const SynapseTable& table, std::uint32_t targets,
                                         std::uint32_t sources);

/// The synapses that a matrix has. InvalidParameter if it has not one weight for each pair.
[[nodiscard]] SynapseTable synapse_table(const WeightMatrix& matrix);

/// The weights that an output file has of a projection: the matrix /weights/PROJECTION/after,
/// otherwise the last row of /weights/PROJECTION/data. Collective: rank 0 reads. OutputError if the
/// file cannot be read or has neither.
[[nodiscard]] SynapseTable read_weights(const std::string& path, const std::string& projection,
                                        comm::Communicator& comm);

}  // namespace eprop
