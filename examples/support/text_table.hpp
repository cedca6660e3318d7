#pragma once

#include <string>
#include <vector>

namespace eprop::examples {

enum class Align { left, right };

/// The heading of a column, and how its cells stand below it.
struct ColumnHead {
  std::string text;
  Align align = Align::left;
};

/// Lines of cells in columns that are as wide as their widest cell; the first has the headings.
/// Every row has as many cells as there are headings.
[[nodiscard]] std::string text_table(const std::vector<ColumnHead>& head,
                                     const std::vector<std::vector<std::string>>& rows);

}  // namespace eprop::examples
