#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace eprop::recording {

/// What one rank gives of rows that the ranks append together: a range of columns.
struct ColumnPart {
  std::uint64_t n_rows;
  std::uint64_t first;
  std::uint64_t count;
  std::uint64_t n_values;
};

/// The reason why the ranks' parts do not make up whole rows of `columns` columns, each from
/// exactly one rank; empty if they do.
[[nodiscard]] std::string flaw(std::vector<ColumnPart> parts, std::uint64_t columns);

}  // namespace eprop::recording
