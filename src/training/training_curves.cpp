#include "training/training_curves.hpp"

#include <span>
#include <string>
#include <vector>

#include "eprop/task.hpp"

namespace eprop::training {

void TrainingCurves::append(const TrainingState& state, Simulation& simulation) {
  const auto rest = [&](const auto& values) { return std::span(values).subspan(written_); };
  simulation.append_output("/training/loss", rest(state.losses));
  if (classifies_) {
    simulation.append_output("/training/error", rest(state.errors));
    simulation.append_output("/training/phase", rest(state.phases));
    if (written_ == 0) {
      simulation.write_output_attribute(
          "/training/phase", "labels",
          std::vector<std::string>{to_string(Phase::training), to_string(Phase::validation),
                                   to_string(Phase::test)});
    }
  }
  written_ = state.losses.size();
}

void TrainingCurves::goes_on_after(const TrainingState& state, Simulation& simulation) {
  written_ = state.losses.size();
  append(state, simulation);
}

}  // namespace eprop::training
