#include "support/handwriting_target.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace eprop::examples {

namespace {

[[noreturn]] void fail(const std::string& name, std::size_t line, const std::string& problem) {
  throw std::runtime_error(
      fmt::format("stroke file {}, line {}: {}; a line holds one pen displacement \"dx dy\"", name,
                  line, problem));
}

double parse_number(const std::string& word, const std::string& name, std::size_t line) {
  double value = 0.0;
  const char* const end = word.data() + word.size();
  const auto [rest, error] = std::from_chars(word.data(), end, value);
  if (error != std::errc{} || rest != end || !std::isfinite(value)) {
    fail(name, line, fmt::format("'{}' is not a finite number", word));
  }
  return value;
}

std::vector<double> normalised(std::vector<double> position, const char* coordinate) {
  double magnitude = 0.0;
  for (const double value : position) magnitude = std::max(magnitude, std::abs(value));
  if (!(magnitude > 0.0)) {
    throw std::invalid_argument(
        fmt::format("handwriting target: the strokes never leave {} = 0, so {} cannot be scaled",
                    coordinate, coordinate));
  }
  if (std::isinf(magnitude)) {
    throw std::invalid_argument(fmt::format(
        "handwriting target: the strokes leave the range of numbers in {}", coordinate));
  }
  double sum = 0.0;
  for (double& value : position) {
    value /= magnitude;
    sum += value;
  }
  const double mean = sum / static_cast<double>(position.size());
  for (double& value : position) value -= mean;
  return position;
}

std::vector<double> interpolated(const std::vector<double>& points, std::size_t steps_per_point) {
  std::vector<double> values;
  values.reserve(points.size() * steps_per_point);
  for (std::size_t i = 0; i < points.size(); ++i) {
    const double slope = i + 1 < points.size() ? points[i + 1] - points[i] : 0.0;
    for (std::size_t step = 0; step < steps_per_point; ++step) {
      const double part = static_cast<double>(step) / static_cast<double>(steps_per_point);
      values.push_back(slope * part + points[i]);
    }
  }
  return values;
}

}  // namespace

std::vector<PenDisplacement> read_strokes(std::istream& text, const std::string& name) {
  std::vector<PenDisplacement> strokes;
  std::string line;
  for (std::size_t number = 1; std::getline(text, line); ++number) {
    std::istringstream words(line);
    std::string dx, dy, surplus;
    if (!(words >> dx) || dx.front() == '#') continue;
    if (!(words >> dy)) fail(name, number, fmt::format("'{}' stands alone", dx));
    if (words >> surplus) fail(name, number, fmt::format("'{}' is one value too many", surplus));
    strokes.push_back({parse_number(dx, name, number), parse_number(dy, name, number)});
  }
  if (text.bad()) throw std::runtime_error(fmt::format("stroke file {}: reading failed", name));
  if (strokes.empty()) {
    throw std::runtime_error(fmt::format("stroke file {}: holds no pen displacement", name));
  }
  return strokes;
}

std::vector<PenDisplacement> read_strokes(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error(fmt::format("stroke file {}: cannot be opened", path));
  return read_strokes(file, path);
}

CurveTarget handwriting_target(const std::vector<PenDisplacement>& strokes,
                               std::size_t steps_per_point) {
  if (strokes.empty() || steps_per_point == 0) {
    throw std::invalid_argument(fmt::format(
        "handwriting target: needs at least 1 stroke and 1 step per point, not {} and {}",
        strokes.size(), steps_per_point));
  }
  std::vector<double> x, y;
  PenDisplacement pen;
  for (const PenDisplacement& stroke : strokes) {
    x.push_back(pen.dx += stroke.dx);
    y.push_back(pen.dy += stroke.dy);
  }
  return {interpolated(normalised(std::move(x), "x"), steps_per_point),
          interpolated(normalised(std::move(y), "y"), steps_per_point)};
}

}  // namespace eprop::examples
