#include "core/known_names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <vector>

namespace eprop::core {
namespace {

std::string lower_case(std::string_view name) {
  std::string lower(name);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

/// Letters to insert, delete, replace, or to swap with their neighbour, until a is b (optimal
/// string alignment).
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool differs = a[i - 1] != b[j - 1];
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (differs ? 1 : 0)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

/// Whether two names, of which the shorter one says something, are one within the other.
bool overlap(std::string_view a, std::string_view b) {
  constexpr std::size_t telling = 3;
  if (std::min(a.size(), b.size()) < telling) return false;
  return a.find(b) != std::string_view::npos || b.find(a) != std::string_view::npos;
}

/// Empty if none is near.
std::string_view nearest_name(std::string_view name, std::span<const std::string_view> known) {
  const auto wanted = lower_case(name);
  const auto tolerated = std::max<std::size_t>(1, wanted.size() / 3);
  std::string_view nearest;
  std::size_t least = std::string_view::npos;
  for (const auto candidate : known) {
    const auto other = lower_case(candidate);
    const auto distance = edit_distance(wanted, other);
    if ((distance > tolerated && !overlap(wanted, other)) || distance >= least) continue;
    // A change of all letters there are would make anything near.
    if (distance >= std::max(wanted.size(), other.size())) continue;
    nearest = candidate;
    least = distance;
  }
  return nearest;
}

}  // namespace

std::string unknown_name(std::string_view name, std::span<const std::string_view> known,
                         std::span<const FormerName> former) {
  const auto is_known = [&](std::string_view other) {
    return std::find(known.begin(), known.end(), other) != known.end();
  };
  for (const auto& f : former) {
    if (f.name != name) continue;
    if (f.now.empty()) return std::string(f.note);
    if (!is_known(f.now)) continue;
    return fmt::format("is called {} here{}{}", f.now, f.note.empty() ? "" : ", ", f.note);
  }
  constexpr std::size_t few = 5;
  const auto nearest = nearest_name(name, known);
  const auto rule = nearest.empty() || known.size() <= few
                        ? fmt::format("must be one of {}", fmt::join(known, ", "))
                        : std::string("is not known");
  return nearest.empty() ? rule : fmt::format("{}; did you mean {}?", rule, nearest);
}

}  // namespace eprop::core
