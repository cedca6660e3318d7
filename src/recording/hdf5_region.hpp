#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace eprop::recording {

/// A rectangle of a dataset: rows and columns. A 1-D dataset is one column wide.
struct Region {
  std::array<std::uint64_t, 2> start{0, 0};
  std::array<std::uint64_t, 2> count{0, 0};

  [[nodiscard]] bool empty() const { return count[0] == 0 || count[1] == 0; }
  bool operator==(const Region&) const = default;
};

/// What `a` and `b` share; an empty region if nothing.
[[nodiscard]] Region intersect(const Region& a, const Region& b);

/// Cuts `whole` into pieces of at most `max_elements` (> 0) elements, whole rows where one fits.
[[nodiscard]] std::vector<Region> split(const Region& whole, std::uint64_t max_elements);

}  // namespace eprop::recording
