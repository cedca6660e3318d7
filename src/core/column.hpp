#pragma once

#include <boost/align/aligned_allocator.hpp>
#include <cstdint>
#include <vector>

namespace eprop::core {

/// One value per neuron, synapse or step, aligned to cache lines: vector registers as wide as a
/// line would otherwise straddle two with every access.
using Column = std::vector<double, boost::alignment::aligned_allocator<double, 64>>;

/// What a vector has taken from the heap.
template <class T, class A>
std::uint64_t bytes_of(const std::vector<T, A>& values) {
  return values.capacity() * sizeof(T);
}

}  // namespace eprop::core
