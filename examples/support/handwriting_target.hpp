#pragma once

#include <cstddef>
#include <iosfwd>
#include <string>
#include <vector>

#include "support/curve_target.hpp"

namespace eprop::examples {

/// One movement of the pen, in whatever unit the file uses: the target's size is normalised.
struct PenDisplacement {
  double dx = 0.0;
  double dy = 0.0;
};

/// Reads a stroke file: text with one displacement "dx dy" per line; blank lines and lines that
/// start with # are skipped. Throws std::runtime_error naming file, line and value where a line
/// holds anything but two finite numbers, where the file cannot be read, and where it holds no
/// displacement.
std::vector<PenDisplacement> read_strokes(const std::string& path);

/// The same from a stream; `name` is what errors call it.
std::vector<PenDisplacement> read_strokes(std::istream& text, const std::string& name);

/// The curve that the strokes draw, `steps_per_point` steps per displacement.
///
/// Each coordinate is accumulated, divided by its largest magnitude, freed of its mean, and
/// interpolated linearly in between; from the last point on it holds. Throws std::invalid_argument
/// if there are no strokes, if they never leave the start in one coordinate or leave the range of
/// numbers, or if `steps_per_point` is 0.
CurveTarget handwriting_target(const std::vector<PenDisplacement>& strokes,
                               std::size_t steps_per_point);

}  // namespace eprop::examples
