#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace eprop::datasets {

struct Point {
  double x;
  double y;
};

/// A way to write a digit: strokes run smoothly through numbered control points. A stroke that ends
/// where it began is a closed loop; strokes that share a point meet there in a corner. The digit
/// fills y in 0 (top) .. 1 and is centred on x = 0.5, both in units of its height.
struct Glyph {
  std::vector<Point> points;
  std::vector<std::vector<int>> strokes;
};

/// The ways to write a digit in 0 .. 9.
std::span<const Glyph> glyphs(std::uint32_t digit);

}  // namespace eprop::datasets
