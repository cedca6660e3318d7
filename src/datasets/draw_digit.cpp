#include "datasets/draw_digit.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "datasets/digit_glyphs.hpp"

namespace eprop::datasets {
namespace {

/// Pixels over which the brightness falls off at the edge of a stroke.
constexpr double edge_width = 1.4;

using Polyline = std::vector<Point>;

/// From glyph units to pixels of the sensor.
struct Pose {
  double xx, xy, yx, yy;
  Point centre;

  Point apply(Point p) const {
    const double x = p.x - 0.5;
    const double y = p.y - 0.5;
    return {centre.x + xx * x + xy * y, centre.y + yx * x + yy * y};
  }
};

Pose random_pose(CounterRandom& random) {
  const double height = random.uniform(16.5, 21.0);
  const double width = height * random.uniform(0.75, 1.15);
  const double angle = random.uniform(-0.2, 0.2);
  const double shear = random.uniform(-0.3, 0.1);  // hands lean to the right
  const double centre = 0.5 * (sensor_size - 1);
  const double cosine = std::cos(angle);
  const double sine = std::sin(angle);
  return {.xx = width * cosine,
          .xy = height * (shear * cosine - sine),
          .yx = width * sine,
          .yy = height * (shear * sine + cosine),
          .centre = {centre + random.uniform(-1.2, 1.2), centre + random.uniform(-1.2, 1.2)}};
}

/// Catmull-Rom spline (Catmull and Rom 1974), 4 pieces per pair of control points.
Polyline smooth(const std::vector<Point>& points, const std::vector<int>& stroke) {
  constexpr int pieces = 4;
  const auto last = static_cast<int>(stroke.size()) - 1;
  const bool closed = stroke.front() == stroke.back();
  const auto control = [&](int i) {
    if (i < 0) i = closed ? last - 1 : 0;
    if (i > last) i = closed ? 1 : last;
    return points[static_cast<std::size_t>(stroke[static_cast<std::size_t>(i)])];
  };
  const auto blend = [](double p0, double p1, double p2, double p3, double t) {
    return p1 +
           0.5 * t *
               ((p2 - p0) + t * ((2 * p0 - 5 * p1 + 4 * p2 - p3) + t * (3 * (p1 - p2) + p3 - p0)));
  };
  Polyline line{control(0)};
  for (int i = 0; i < last; ++i) {
    const Point a = control(i - 1), b = control(i), c = control(i + 1), d = control(i + 2);
    for (int k = 1; k <= pieces; ++k) {
      const double t = static_cast<double>(k) / pieces;
      line.push_back({blend(a.x, b.x, c.x, d.x, t), blend(a.y, b.y, c.y, d.y, t)});
    }
  }
  return line;
}

std::vector<Polyline> random_writing(std::uint32_t digit, CounterRandom& random) {
  constexpr double wobble = 0.035;  // standard deviation of a control point, glyph units
  const auto ways = glyphs(digit);
  const Glyph& glyph = ways[random.below(ways.size())];
  const Pose pose = random_pose(random);
  std::vector<Point> points;
  for (const Point& point : glyph.points) {
    const double x = point.x + wobble * random.normal();
    const double y = point.y + wobble * random.normal();
    points.push_back(pose.apply({x, y}));
  }
  std::vector<Polyline> lines;
  for (const auto& stroke : glyph.strokes) lines.push_back(smooth(points, stroke));
  return lines;
}

double square_distance(Point p, Point a, Point b) {
  const double dx = b.x - a.x;
  const double dy = b.y - a.y;
  const double length = dx * dx + dy * dy;
  const double along = (p.x - a.x) * dx + (p.y - a.y) * dy;
  const double t = length > 0.0 ? std::clamp(along / length, 0.0, 1.0) : 0.0;
  const double rx = p.x - a.x - t * dx;
  const double ry = p.y - a.y - t * dy;
  return rx * rx + ry * ry;
}

/// First cell at or beyond a coordinate, kept on the grid.
std::size_t cell_at(double coordinate) {
  const double cell = std::ceil((coordinate + ScreenImage::margin) * ScreenImage::cells_per_pixel);
  return static_cast<std::size_t>(std::clamp(cell, 0.0, static_cast<double>(ScreenImage::cells)));
}

/// Lowers the squared distances to the nearest stroke within reach of a segment.
void add_segment(Point a, Point b, double reach, std::vector<float>& squared) {
  const std::size_t left = cell_at(std::min(a.x, b.x) - reach);
  const std::size_t right = cell_at(std::max(a.x, b.x) + reach);
  const std::size_t top = cell_at(std::min(a.y, b.y) - reach);
  const std::size_t bottom = cell_at(std::max(a.y, b.y) + reach);
  for (std::size_t row = top; row < bottom; ++row) {
    for (std::size_t column = left; column < right; ++column) {
      float& nearest = squared[row * ScreenImage::cells + column];
      const Point p{ScreenImage::coordinate(column), ScreenImage::coordinate(row)};
      nearest = std::min(nearest, static_cast<float>(square_distance(p, a, b)));
    }
  }
}

}  // namespace

ScreenImage draw_digit(std::uint32_t digit, CounterRandom& random) {
  constexpr std::size_t cells = ScreenImage::cells;
  std::vector<float> squared(cells * cells, std::numeric_limits<float>::max());
  const std::vector<Polyline> lines = random_writing(digit, random);
  const double half_width = random.uniform(0.9, 1.7);  // pixels
  const double reach = half_width + 0.5 * edge_width;
  for (const Polyline& line : lines) {
    for (std::size_t i = 0; i + 1 < line.size(); ++i) {
      add_segment(line[i], line[i + 1], reach, squared);
    }
  }
  ScreenImage image;
  for (std::size_t cell = 0; cell < squared.size(); ++cell) {
    if (squared[cell] >= reach * reach) continue;
    const double distance = std::sqrt(static_cast<double>(squared[cell]));
    image.ink(cell, std::min(1.0, (reach - distance) / edge_width));
  }
  return image;
}

}  // namespace eprop::datasets
