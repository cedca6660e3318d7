#pragma once

#include <cstdint>
#include <string>

#include "eprop/comm/communicator.hpp"
#include "eprop/simulation.hpp"

namespace eprop::examples {

/// What a simulation of `network` by `options` consists of, as lines of text: populations,
/// projections, learning signals, layout, and the memory that its ranks have taken. Builds it.
/// Collective; the same text on every rank.
[[nodiscard]] std::string describe(const Network& network, const SimulationOptions& options,
                                   comm::Communicator& comm);

/// 1 step, 2 steps.
[[nodiscard]] std::string counted(std::int64_t n, const std::string& one);

/// A number of bytes with a unit: 12.3 MiB.
[[nodiscard]] std::string format_bytes(std::uint64_t bytes);

}  // namespace eprop::examples
