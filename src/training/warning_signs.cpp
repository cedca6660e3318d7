#include "training/warning_signs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

namespace eprop::training {
namespace {

bool is_power_of_ten(std::int64_t n) {
  while (n > 1 && n % 10 == 0) n /= 10;
  return n == 1;
}

}  // namespace

WarningSigns::WarningSigns(const Task& task, comm::Communicator& comm, TrainingState& state)
    : task_(task), comm_(comm), state_(state) {
  state_.spiked.resize(task.recurrent.size());
}

void WarningSigns::look(std::int64_t trained, Simulation& simulation) {
  constexpr std::int64_t telling = 10;
  if (trained < telling) return;
  if (!is_power_of_ten(trained) && trained != task_.plan.iterations) return;
  note_spikes(simulation);
  for (std::size_t i = 0; i < task_.recurrent.size(); ++i) {
    if (state_.spiked[i] != 0) continue;
    warn(fmt::format("population '{}'", task_.network.at(task_.recurrent[i]).name),
         fmt::format("has not spiked in {} training iterations", trained));
  }
  for (const auto projection : task_.plastic) {
    const auto n = simulation.synapse_count(projection);
    if (n == 0 || simulation.synapses_at_bounds(projection) != n) continue;
    warn(fmt::format("projection '{}'", task_.network.at(projection).name),
         fmt::format("all of its {} weights are Wmin or Wmax of the optimizer after {} training "
                     "iterations",
                     n, trained));
  }
}

void WarningSigns::note_spikes(Simulation& simulation) {
  for (std::size_t i = 0; i < task_.recurrent.size(); ++i) {
    if (state_.spiked[i] == 0 && simulation.has_spiked(task_.recurrent[i])) state_.spiked[i] = 1;
  }
}

void WarningSigns::warn(const std::string& of, const std::string& what) {
  if (std::ranges::find(state_.warned_of, of) != state_.warned_of.end()) return;
  state_.warned_of.push_back(of);
  if (comm_.rank() == 0) fmt::print(stderr, "{}: warning: {}: {}\n", task_.name, of, what);
}

}  // namespace eprop::training
