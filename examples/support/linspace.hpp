#pragma once

#include <cstddef>
#include <vector>

namespace eprop::examples {

/// numpy.linspace(start, stop, n): n evenly spaced values from start to stop, both included. Value
/// i is i * step + start, the last one exactly stop; n = 1 gives start alone, n = 0 nothing.
std::vector<double> linspace(double start, double stop, std::size_t n);

}  // namespace eprop::examples
