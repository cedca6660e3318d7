#pragma once

#include <boost/align/aligned_allocator.hpp>
#include <vector>

namespace eprop::core {

/// One value per neuron, synapse or step, aligned to cache lines: vector registers as wide as a
/// line would otherwise straddle two with every access.
using Column = std::vector<double, boost::alignment::aligned_allocator<double, 64>>;

}  // namespace eprop::core
