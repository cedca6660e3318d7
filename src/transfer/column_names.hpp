#pragma once

#include <string>

/// Names of columns in a checkpoint that more than one part of the engine knows.
namespace eprop::transfer {

inline constexpr const char* stored_weight = "weight";
inline constexpr const char* weight_in_force = "weight in force";  ///< where it is another

/// What the names of a projection's columns begin with.
[[nodiscard]] inline std::string columns_of_projection(const std::string& name) {
  return "projection/" + name + "/";
}

/// The name of the projection whose stored weights this column has; empty if it has others.
[[nodiscard]] inline std::string projection_of_weights(const std::string& column) {
  const std::string begin = "projection/", end = std::string("/") + stored_weight;
  if (!column.starts_with(begin) || !column.ends_with(end)) return {};
  return column.substr(begin.size(), column.size() - begin.size() - end.size());
}

}  // namespace eprop::transfer
