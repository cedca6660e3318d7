#pragma once

#include <cstdint>
#include <string>

namespace eprop::examples {

/// What a training that has diverged ends with: `what` the simulation says, the iteration, counted
/// from 1, and `checkpoint`, the last one before it; empty if there is none.
[[nodiscard]] std::string divergence_report(const std::string& what, std::int64_t iteration,
                                            const std::string& checkpoint);

}  // namespace eprop::examples
