#pragma once

#include <span>
#include <string>
#include <string_view>

/// What to say about a name that is not known.
namespace eprop::core {

/// A name that users may bring along from elsewhere, and what there is instead of it.
struct FormerName {
  std::string_view name;
  std::string_view now;   ///< empty if nothing corresponds
  std::string_view note;  ///< how the values correspond, or why nothing does
};

/// The rule for refuse() that `name` breaks as it is none of `known`. It tells what the name is
/// called now, if that is known; else the known name nearest to it, by edit distance or because one
/// contains the other. All known names are listed if they are few or if none is near.
[[nodiscard]] std::string unknown_name(std::string_view name,
                                       std::span<const std::string_view> known,
                                       std::span<const FormerName> former = {});

}  // namespace eprop::core
