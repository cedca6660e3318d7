#include "support/divergence_report.hpp"

#include <fmt/format.h>

namespace eprop::examples {

std::string divergence_report(const std::string& what, std::int64_t iteration,
                              const std::string& checkpoint) {
  return fmt::format("{}, in iteration {}; {}", what, iteration,
                     checkpoint.empty()
                         ? "no checkpoint was written before it (--checkpoint-every)"
                         : fmt::format("the last checkpoint before it is {}", checkpoint));
}

}  // namespace eprop::examples
