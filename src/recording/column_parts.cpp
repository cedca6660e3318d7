#include "recording/column_parts.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace eprop::recording {

std::string flaw(std::vector<ColumnPart> parts, std::uint64_t columns) {
  const std::uint64_t n_rows = parts.front().n_rows;
  for (const ColumnPart& part : parts) {
    if (part.n_rows != n_rows) {
      return fmt::format("ranks append {} and {} rows", n_rows, part.n_rows);
    }
    if (part.n_values != n_rows * part.count) {
      return fmt::format("a rank gives {} values for {} rows of {} columns", part.n_values, n_rows,
                         part.count);
    }
  }
  std::erase_if(parts, [](const ColumnPart& part) { return part.count == 0; });
  std::ranges::sort(parts, {}, &ColumnPart::first);
  std::uint64_t next = 0;
  for (const ColumnPart& part : parts) {
    if (part.first != next) {
      return fmt::format("a rank gives columns from {} on where {} is next", part.first, next);
    }
    next += part.count;
  }
  if (next != columns) return fmt::format("the ranks give {} of {} columns", next, columns);
  return {};
}

}  // namespace eprop::recording
