#include "recording/hdf5_region.hpp"

#include <algorithm>

namespace eprop::recording {

Region intersect(const Region& a, const Region& b) {
  Region shared;
  for (std::size_t d = 0; d < 2; ++d) {
    const std::uint64_t begin = std::max(a.start[d], b.start[d]);
    const std::uint64_t end = std::min(a.start[d] + a.count[d], b.start[d] + b.count[d]);
    if (begin >= end) return {};
    shared.start[d] = begin;
    shared.count[d] = end - begin;
  }
  return shared;
}

std::vector<Region> split(const Region& whole, std::uint64_t max_elements) {
  std::vector<Region> pieces;
  if (whole.empty()) return pieces;
  const std::uint64_t columns = std::min(whole.count[1], max_elements);
  const std::uint64_t rows = std::min(whole.count[0], max_elements / columns);
  for (std::uint64_t row = 0; row < whole.count[0]; row += rows) {
    for (std::uint64_t column = 0; column < whole.count[1]; column += columns) {
      pieces.push_back(
          {{whole.start[0] + row, whole.start[1] + column},
           {std::min(rows, whole.count[0] - row), std::min(columns, whole.count[1] - column)}});
    }
  }
  return pieces;
}

}  // namespace eprop::recording
