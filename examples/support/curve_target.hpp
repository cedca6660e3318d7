#pragma once

#include <cstddef>
#include <vector>

namespace eprop::examples {

/// A curve in the plane that two readouts are to draw: one value per step of the sequence for each.
struct CurveTarget {
  std::vector<double> x;
  std::vector<double> y;
};

/// A lemniscate (figure eight) of `sequence` steps: x = sin(t), y = sin(2 t), t from 0 to 2 pi.
CurveTarget lemniscate_target(std::size_t sequence);

}  // namespace eprop::examples
