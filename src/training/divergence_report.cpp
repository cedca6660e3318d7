#include "training/divergence_report.hpp"

#include <fmt/format.h>

namespace eprop::training {

std::string divergence_report(const std::string& what, std::int64_t iteration,
                              const std::string& checkpoint, const TrainingOptionNames& names) {
  return fmt::format(
      "{}, in iteration {}; {}", what, iteration,
      checkpoint.empty()
          ? fmt::format("no checkpoint was written before it ({})", names.checkpoint_every)
          : fmt::format("the last checkpoint before it is {}", checkpoint));
}

}  // namespace eprop::training
