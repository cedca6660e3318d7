#include "reports/spike_reports.hpp"

#include "core/refuse.hpp"

namespace eprop::reports {

void SpikeReports::add(Population population, const RecordingWindow& window) {
  const auto& spec = rank_.plan.network.at(population);
  const auto thing = fmt::format("population '{}'", spec.name);
  if (std::holds_alternative<state::ReadoutState>(rank_.populations[population.index])) {
    core::refuse(thing, "recording", "spikes", "", "readouts do not spike");
  }
  if (window.interval) {
    core::refuse(thing, "recording interval", *window.interval, "ms",
                 "must not be given: spikes are recorded in every step");
  }
  const auto steps = steps_in(window, thing);
  auto recorder = recorders_.find(population.index);
  if (recorder == recorders_.end()) {
    std::optional<recording::sonata::SpikeTables> in_file;
    if (file() != nullptr) in_file = tables(spec.name);
    recorder = recorders_
                   .emplace(population.index,
                            recording::SpikeRecorder(in_file, rank_.layout.of_this_rank(spec.size)))
                   .first;
  }
  recorder->second.add_window(steps);
}

recording::sonata::SpikeTables SpikeReports::tables(const std::string& population) {
  if (!output_.continues("/spikes/" + population)) {
    return recording::sonata::create_spike_tables(*file(), population);
  }
  const auto tables = recording::sonata::open_spike_tables(*file(), population);
  output_.cut(tables.timestamps);
  output_.cut(tables.node_ids);
  return tables;
}

void SpikeReports::commit(Step t) {
  for (auto& [population, recorder] : recorders_) {
    if (const auto* neurons = std::get_if<state::NeuronState>(&rank_.populations[population])) {
      recorder.record(t, neurons->own.step(neurons->own.step_ends.size() - 1));
    } else {
      recorder.record(t, rank_.spikes(population).history.at(t));
    }
    if ((t + 1) % flush_interval == 0) recorder.flush(file(), comm_, dt());
  }
}

Step SpikeReports::last_before(Step end) const {
  Step last = -1;
  for (const auto& [population, recorder] : recorders_) {
    last = std::max(last, recorder.last_before(end));
  }
  return last;
}

void SpikeReports::flush(Step /*now*/) {
  for (auto& [population, recorder] : recorders_) recorder.flush(file(), comm_, dt());
}

Spikes SpikeReports::take(Population population) {
  const auto& name = rank_.plan.network.at(population).name;
  const auto found = recorders_.find(population.index);
  if (found == recorders_.end()) {
    core::refuse(fmt::format("population '{}'", name), "recorded spikes", "none", "",
                 "its spikes are not recorded");
  }
  if (file() == nullptr) found->second.flush(nullptr, comm_, dt());
  return found->second.take();
}

}  // namespace eprop::reports
