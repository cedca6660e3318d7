#include "support/text_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace eprop::examples {

std::string text_table(const std::vector<ColumnHead>& head,
                       const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::string> headings;
  std::vector<std::size_t> widths;
  for (std::size_t c = 0; c < head.size(); ++c) {
    headings.push_back(head[c].text);
    widths.push_back(head[c].text.size());
    for (const auto& row : rows) widths[c] = std::max(widths[c], row.at(c).size());
  }
  std::string text;
  const auto add_line = [&](const std::vector<std::string>& cells) {
    std::string line;
    for (std::size_t c = 0; c < cells.size(); ++c) {
      const auto* const format = head[c].align == Align::left ? "{:<{}}  " : "{:>{}}  ";
      fmt::format_to(std::back_inserter(line), fmt::runtime(format), cells[c], widths[c]);
    }
    text += line.substr(0, line.find_last_not_of(' ') + 1) + '\n';
  };
  add_line(headings);
  for (const auto& row : rows) add_line(row);
  return text;
}

}  // namespace eprop::examples
