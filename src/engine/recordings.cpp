#include "engine/recordings.hpp"

#include <algorithm>
#include <numeric>

#include "core/known_names.hpp"
#include "core/refuse.hpp"
#include "core/steps.hpp"
#include "eprop/comm/collectives.hpp"
#include "learning/transmissions.hpp"
#include "network/former_names.hpp"
#include "network/lookup.hpp"

namespace eprop::engine {
namespace {

constexpr Step spike_flush_interval = 4096;

/// Where this rank's share of `own` columns lies among those of all ranks.
recording::SampleRecorder::Columns columns_of(std::size_t own, comm::Communicator& comm) {
  recording::SampleRecorder::Columns columns{0, 0, own};
  const auto counts = comm::all_gather(comm, own);
  for (std::size_t r = 0; r < counts.size(); ++r) {
    if (static_cast<int>(r) < comm.rank()) columns.first += counts[r];
    columns.all += counts[r];
  }
  return columns;
}

/// As recording::sample_steps(), of a window that is not empty.
recording::SampleSteps steps_in(const RecordingWindow& window, double dt,
                                const std::string& thing) {
  const auto steps = recording::sample_steps(window, dt, thing);
  if (steps.last <= steps.first + 1 - steps.every.value()) {
    core::refuse(thing, "recording stop", window.stop, "ms",
                 fmt::format("must be above recording start = {} ms", window.start));
  }
  return steps;
}

std::vector<std::uint32_t> all_or(const std::vector<std::uint32_t>& chosen, std::uint32_t size,
                                  const std::string& thing) {
  if (chosen.empty()) {
    std::vector<std::uint32_t> all(size);
    std::iota(all.begin(), all.end(), 0U);
    return all;
  }
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    if (chosen[i] >= size) {
      core::refuse(thing, "recorded neuron", chosen[i], "",
                   fmt::format("must be below the population's size {}", size));
    }
    if (i > 0 && chosen[i] <= chosen[i - 1]) {
      core::refuse(thing, "recorded neuron", chosen[i], "", "neurons must be in ascending order");
    }
  }
  return chosen;
}

}  // namespace

void Recordings::add_spikes(Population population, const RecordingWindow& window) {
  const auto& spec = network::lookup(rank_.plan.network, population);
  const auto thing = fmt::format("population '{}'", spec.name);
  if (std::holds_alternative<state::ReadoutState>(rank_.populations[population.index])) {
    core::refuse(thing, "recording", "spikes", "", "readouts do not spike");
  }
  if (window.interval != 0.0) {
    core::refuse(thing, "recording interval", window.interval, "ms",
                 "must be 0: spikes are recorded in every step");
  }
  const auto steps = steps_in(window, rank_.plan.timing.dt, thing);
  auto recorder = spikes_.find(population.index);
  if (recorder == spikes_.end()) {
    std::optional<recording::sonata::SpikeTables> tables;
    if (file_) tables = spike_tables(spec.name);
    recorder = spikes_
                   .emplace(population.index,
                            recording::SpikeRecorder(tables, rank_.layout.of_this_rank(spec.size)))
                   .first;
  }
  recorder->second.add_window(steps);
}

void Recordings::add_traces(Population population, const TraceRecording& recording, Step now) {
  const auto& spec = network::lookup(rank_.plan.network, population);
  const auto thing = fmt::format("population '{}'", spec.name);
  const auto* model = std::get_if<NeuronModel>(&spec.what);
  if (model == nullptr) core::refuse(thing, "recording", "traces", "", "inputs have no state");
  const auto name = recording.name.empty() ? spec.name : recording.name;
  if (name.find('/') != std::string::npos) {
    core::refuse(thing, "report", name, "", "must not contain '/'");
  }
  for (const auto& report : reports_) {
    if (report->name == name) core::refuse(thing, "report", name, "", "is recorded already");
  }
  std::vector<Recordable> variables;
  std::vector<recording::sonata::Variable> named;
  for (const auto& wanted : recording.variables) {
    const auto [variable, name_and_unit] = recordable(*model, wanted, thing);
    if (std::find(variables.begin(), variables.end(), variable) != variables.end()) {
      core::refuse(thing, "variable", wanted, "", "is named twice");
    }
    variables.push_back(variable);
    named.push_back(name_and_unit);
  }
  if (variables.empty()) core::refuse(thing, "variables", "none", "", "name at least one");
  const auto neurons = all_or(recording.neurons, spec.size, thing);
  const auto steps = steps_in(recording.window, rank_.plan.timing.dt, thing);
  if (steps.first >= steps.last) {
    core::refuse(thing, "recording interval", recording.window.interval, "ms",
                 fmt::format("must not be longer than the window from {} to {} ms",
                             recording.window.start, recording.window.stop));
  }

  auto slices = slices_of(population, neurons, variables.size());
  std::size_t own = 0;
  for (const auto& of_worker : slices) {
    for (const auto& slice : of_worker) own += slice.neurons.size() * variables.size();
  }
  std::vector<std::string> in_file;
  std::vector<recording::Table> tables;
  if (file_) {
    const double first = time(core::next_on_grid(steps.first, steps.every.value(), now) + 1);
    for (const auto& variable : named) {
      in_file.push_back(recording::sonata::report_name(name, variable.name));
      tables.push_back(report_table(in_file.back(), spec.name, variable, neurons,
                                    {first, first, time(steps.every.value())}));
    }
  }
  reports_.push_back(
      std::make_unique<Report>(Report{name, network::is_readout(*model), variables, steps,
                                      recording::SampleRecorder(columns_of(own, comm_), tables),
                                      in_file, tables, std::move(slices)}));
  running_.push_back(reports_.back().get());
}

std::vector<std::vector<Recordings::Slice>> Recordings::slices_of(
    Population population, const std::vector<std::uint32_t>& neurons,
    std::size_t n_variables) const {
  std::vector<std::vector<Slice>> slices;
  std::size_t column = 0;
  for (const auto& worker : rank_.workers) {
    auto& of_worker = slices.emplace_back();
    const auto add = [&](const auto& parts) {
      for (std::size_t p = 0; p < parts.size(); ++p) {
        if (parts[p].population != population.index) continue;
        Slice slice{p, {}, column};
        for (const auto i : neurons) {
          if (parts[p].block.neurons.contains(i)) {
            slice.neurons.push_back(i - parts[p].block.neurons.begin);
          }
        }
        column += slice.neurons.size() * n_variables;
        of_worker.push_back(std::move(slice));
      }
    };
    add(worker->recurrent);
    add(worker->readouts);
  }
  return slices;
}

recording::Table Recordings::report_table(const std::string& name, const std::string& population,
                                          const recording::sonata::Variable& variable,
                                          const std::vector<std::uint32_t>& neurons,
                                          const recording::sonata::ReportTime& time) {
  if (continues("/report/" + name)) return cut(recording::sonata::open_report(*file_, name));
  const std::vector<std::uint64_t> ids(neurons.begin(), neurons.end());
  return recording::sonata::create_report(*file_, name, population, variable, ids, time);
}

void Recordings::add_weights(Projection projection, const WeightRecording& recording) {
  const auto& spec = network::lookup(rank_.plan.network, projection);
  const auto thing = fmt::format("projection '{}'", spec.name);
  if (!file_) {
    core::refuse(thing, "recording", "weights", "", "needs an output file: open_output() first");
  }
  auto window = recording.window;
  if (window.interval == 0.0)
    window.interval = rank_.plan.network.options().update_interval.value();
  auto steps = steps_in(window, rank_.plan.timing.dt, thing);
  steps.first -= steps.every.value() - 1;  // the first sample is taken at the start of the window
  for (const auto& trace : weights_) {
    if (trace->projection == projection.index) {
      core::refuse(thing, "recording", "weights", "", "is recorded already");
    }
  }
  std::vector<std::vector<state::SynapsePlace>> places;
  std::size_t own = 0;
  for (const auto& worker : rank_.workers) {
    places.push_back(state::ordered_synapses(worker->projections[projection.index]));
    own += places.back().size();
  }
  auto columns = columns_of(own, comm_);
  if (recording.synapses > 0) {  // keep the first ones over all ranks
    std::size_t left = recording.synapses - std::min(recording.synapses, columns.first);
    for (auto& list : places) {
      list.resize(std::min(list.size(), left));
      left -= list.size();
    }
    own = 0;
    for (const auto& list : places) own += list.size();
    columns = columns_of(own, comm_);
  }
  std::vector<std::size_t> first_column;
  std::vector<std::uint32_t> sources, targets;
  for (const auto& list : places) {
    first_column.push_back(sources.size());
    for (const auto& place : list) {
      sources.push_back(place.source);
      targets.push_back(place.target);
    }
  }
  const auto path = "/weights/" + spec.name;
  std::optional<recording::Table> table, times;
  if (continues(path)) {
    table = cut(file_->open_table<double>(path + "/data"));
    times = cut(file_->open_table<double>(path + "/time"));
  } else {
    table = file_->create_table<double>(path + "/data", columns.all, "pA");
    times = file_->create_list<double>(path + "/time", "ms");
    const auto index = [&](const std::string& name, const std::vector<std::uint32_t>& values) {
      const auto indices = file_->create_list<std::uint32_t>(path + name, "");
      file_->append_in_rank_order<std::uint32_t>(indices, values);
    };
    index("/source", sources);
    index("/target", targets);
  }
  weights_.push_back(std::make_unique<WeightTrace>(
      WeightTrace{spec.name, projection.index, steps, recording::SampleRecorder(columns, {*table}),
                  times, std::move(places), std::move(first_column)}));
}

void Recordings::sample_weights(std::size_t thread, Step t) {
  for (auto& trace : weights_) {
    if (!trace->steps.contains(t)) continue;
    const auto& worker = *rank_.workers[thread];
    double* into = trace->recorder.row() + trace->first_column[thread];
    const auto& part = worker.projections[trace->projection];
    if (rank_.plan.projections[trace->projection].family != Family::plus) {
      for (const auto& place : trace->places[thread]) {
        *into++ = part.tiles[place.tile].weight[place.synapse];
      }
      continue;
    }
    std::vector<core::Column> tiles(part.tiles.size());
    for (const auto& place : trace->places[thread]) {
      auto& weights = tiles[place.tile];
      if (weights.empty()) {
        weights =
            learning::weights_in_force(rank_, worker, trace->projection, place.tile, t).weights;
      }
      *into++ = weights[place.synapse];
    }
  }
}

void Recordings::sample_traces(std::size_t thread, Step t) {
  for (auto* report : running_) {
    if (!report->steps.contains(t)) continue;
    const auto n_variables = report->variables.size();
    for (const auto& slice : report->slices[thread]) {
      double* into = report->recorder.row() + slice.first_column;
      for (std::size_t v = 0; v < n_variables; ++v) {
        const auto& worker = *rank_.workers[thread];
        if (report->readouts) {
          sample(worker.readouts[slice.part], report->variables[v], slice.neurons, t, into + v,
                 n_variables);
        } else {
          sample(worker.recurrent[slice.part], report->variables[v], slice.neurons, t, into + v,
                 n_variables);
        }
      }
    }
  }
}

void Recordings::commit(Step t) {
  for (auto& [population, recorder] : spikes_) {
    if (const auto* neurons = std::get_if<state::NeuronState>(&rank_.populations[population])) {
      recorder.record(t, neurons->own.step(neurons->own.step_ends.size() - 1));
    } else {
      recorder.record(t, rank_.spikes(population).history.at(t));
    }
    if ((t + 1) % spike_flush_interval == 0) recorder.flush(file(), comm_, rank_.plan.timing.dt);
  }
  for (auto* report : running_) {
    if (!report->steps.contains(t)) continue;
    report->recorder.commit(time(t + 1));
    if (report->recorder.full()) report->recorder.flush(file(), comm_);
  }
  std::erase_if(running_, [&](Report* report) {
    const bool ended = t + 1 >= report->steps.last;
    if (ended) report->recorder.finish(file(), comm_);
    return ended;
  });
  for (auto& trace : weights_) {
    if (!trace->steps.contains(t)) continue;
    trace->recorder.commit(time(t));
    if (trace->recorder.full()) flush(*trace);
  }
  if ((t + 1) % spike_flush_interval == 0 && flush_is_due()) flush(t + 1);
}

void Recordings::flush(WeightTrace& trace) {
  const auto times = comm_.rank() == 0 ? trace.recorder.times() : std::vector<double>{};
  trace.recorder.flush(file(), comm_);
  if (file_) file_->append_in_rank_order<double>(*trace.times, times);
}

void Recordings::flush(Step now) {
  for (auto& [population, recorder] : spikes_) recorder.flush(file(), comm_, rank_.plan.timing.dt);
  for (auto& report : reports_) report->recorder.flush(file(), comm_);
  for (auto& trace : weights_) flush(*trace);
  if (!file_) return;
  write_report_times(now);
  file_->flush();
  flushed_ = std::chrono::steady_clock::now();
}

Spikes Recordings::take_spikes(Population population) {
  const auto& name = network::lookup(rank_.plan.network, population).name;
  const auto found = spikes_.find(population.index);
  if (found == spikes_.end()) {
    core::refuse(fmt::format("population '{}'", name), "recorded spikes", "none", "",
                 "its spikes are not recorded");
  }
  if (!file_) found->second.flush(nullptr, comm_, rank_.plan.timing.dt);
  return found->second.take();
}

Traces Recordings::take_traces(const std::string& name) {
  const auto report = std::find_if(reports_.begin(), reports_.end(),
                                   [&](const auto& r) { return r->name == name; });
  if (report == reports_.end()) {
    std::vector<std::string_view> names;
    for (const auto& known : reports_) names.push_back(known->name);
    core::refuse("report", "name", name, "",
                 names.empty() ? "no traces are recorded" : core::unknown_name(name, names));
  }
  if (!file_) (*report)->recorder.flush(nullptr, comm_);
  return (*report)->recorder.take();
}

}  // namespace eprop::engine
