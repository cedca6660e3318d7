#include "reports/report_kind.hpp"

#include "core/refuse.hpp"

namespace eprop::reports {

recording::SampleSteps ReportKind::steps_in(const RecordingWindow& window,
                                            const std::string& thing) const {
  const auto steps = recording::sample_steps(window, dt(), thing);
  if (steps.last <= steps.first + 1 - steps.every.value()) {
    core::refuse(thing, "recording stop", window.stop, "ms",
                 fmt::format("must be above recording start = {} ms", window.start));
  }
  return steps;
}

}  // namespace eprop::reports
