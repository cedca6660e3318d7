#include "reports/trace_reports.hpp"

#include <algorithm>
#include <numeric>

#include "core/known_names.hpp"
#include "core/refuse.hpp"
#include "core/steps.hpp"
#include "eprop/comm/collectives.hpp"
#include "network/model_traits.hpp"

namespace eprop::reports {
namespace {

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

struct Variables {
  std::vector<Recordable> how;
  std::vector<recording::sonata::Variable> named;
};

Variables variables_of(const NeuronModel& model, const std::vector<std::string>& wanted,
                       const std::string& thing) {
  Variables variables;
  for (const auto& name : wanted) {
    const auto [variable, name_and_unit] = recordable(model, name, thing);
    if (std::find(variables.how.begin(), variables.how.end(), variable) != variables.how.end()) {
      core::refuse(thing, "variable", name, "", "is named twice");
    }
    variables.how.push_back(variable);
    variables.named.push_back(name_and_unit);
  }
  if (wanted.empty()) core::refuse(thing, "variables", "none", "", "name at least one");
  return variables;
}

}  // namespace

std::string TraceReports::new_name(const TraceRecording& recording,
                                   const Network::PopulationSpec& spec) const {
  const auto thing = fmt::format("population '{}'", spec.name);
  auto name = recording.name.empty() ? spec.name : recording.name;
  if (name.find('/') != std::string::npos) {
    core::refuse(thing, "report", name, "", "must not contain '/'");
  }
  for (const auto& report : reports_) {
    if (report->name == name) core::refuse(thing, "report", name, "", "is recorded already");
  }
  return name;
}

void TraceReports::add(Population population, const TraceRecording& recording, Step now) {
  const auto& spec = rank_.plan.network.at(population);
  const auto thing = fmt::format("population '{}'", spec.name);
  const auto* model = std::get_if<NeuronModel>(&spec.what);
  if (model == nullptr) core::refuse(thing, "recording", "traces", "", "inputs have no state");
  const auto name = new_name(recording, spec);
  const auto variables = variables_of(*model, recording.variables, thing);
  const auto neurons = all_or(recording.neurons, spec.size, thing);
  const auto steps = steps_in(recording.window, thing);
  if (steps.first >= steps.last) {
    core::refuse(thing, "recording interval", recording.window.interval.value_or(dt()), "ms",
                 fmt::format("must not be longer than the window from {} to {} ms",
                             recording.window.start, recording.window.stop));
  }

  auto slices = slices_of(population, neurons, variables.how.size());
  std::size_t own = 0;
  for (const auto& of_worker : slices) {
    for (const auto& slice : of_worker) own += slice.neurons.size() * variables.how.size();
  }
  std::vector<std::string> in_file;
  std::vector<recording::Table> tables;
  if (file() != nullptr) {
    const double first = time(core::next_on_grid(steps.first, steps.every.value(), now) + 1);
    for (const auto& variable : variables.named) {
      in_file.push_back(recording::sonata::report_name(name, variable.name));
      tables.push_back(table(in_file.back(), spec.name, variable, neurons,
                             {first, first, time(steps.every.value())}));
    }
  }
  reports_.push_back(
      std::make_unique<Report>(Report{name, network::is_readout(*model), variables.how, steps,
                                      recording::SampleRecorder(comm::share_of(comm_, own), tables),
                                      in_file, tables, std::move(slices)}));
  running_.push_back(reports_.back().get());
}

std::vector<std::vector<TraceReports::Slice>> TraceReports::slices_of(
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

recording::Table TraceReports::table(const std::string& name, const std::string& population,
                                     const recording::sonata::Variable& variable,
                                     const std::vector<std::uint32_t>& neurons,
                                     const recording::sonata::ReportTime& time) {
  if (output_.continues("/report/" + name)) {
    return output_.cut(recording::sonata::open_report(*file(), name));
  }
  const std::vector<std::uint64_t> ids(neurons.begin(), neurons.end());
  return recording::sonata::create_report(*file(), name, population, variable, ids, time);
}

void TraceReports::after_step(std::size_t thread, Step t) {
  for (auto* report : running_) {
    if (!report->steps.contains(t)) continue;
    const auto n_variables = report->variables.size();
    const auto& worker = *rank_.workers[thread];
    for (const auto& slice : report->slices[thread]) {
      double* into = report->recorder.row() + slice.first_column;
      for (std::size_t v = 0; v < n_variables; ++v) {
        const auto sample_from = [&](const auto& parts) {
          sample(parts[slice.part], report->variables[v], slice.neurons, t, into + v, n_variables);
        };
        report->readouts ? sample_from(worker.readouts) : sample_from(worker.recurrent);
      }
    }
  }
}

void TraceReports::commit(Step t) {
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
}

Step TraceReports::last_before(Step end) const {
  Step last = -1;
  for (const auto* report : running_) {
    const auto& steps = report->steps;
    if (steps.first < std::min(end, steps.last)) last = std::max(last, steps.last_before(end));
  }
  return last;
}

void TraceReports::flush(Step now) {
  for (auto& report : reports_) {
    report->recorder.flush(file(), comm_);
    if (file() != nullptr) write_times(*report, now);
  }
}

/// Samples have been taken without a gap up to now, or to the end of the window, but they may have
/// begun later than the window, and in a run that this one continues.
void TraceReports::write_times(const Report& report, Step now) {
  const auto samples = static_cast<Step>(file()->rows(report.tables.front()));
  if (samples == 0) return;  // the time axis is as it was created
  const Step every = report.steps.every.value(), last = report.steps.last_before(now);
  for (const auto& name : report.in_file) {
    recording::sonata::rewrite_report_time(
        *file(), name,
        {time(last + 1 - (samples - 1) * every), time(last + 1 + every), time(every)});
  }
}

void TraceReports::clear() {
  running_.clear();
  reports_.clear();
}

Traces TraceReports::take(const std::string& name) {
  const auto report = std::find_if(reports_.begin(), reports_.end(),
                                   [&](const auto& r) { return r->name == name; });
  if (report == reports_.end()) {
    std::vector<std::string_view> names;
    for (const auto& known : reports_) names.push_back(known->name);
    core::refuse("report", "name", name, "",
                 names.empty() ? "no traces are recorded" : core::unknown_name(name, names));
  }
  if (file() == nullptr) (*report)->recorder.flush(nullptr, comm_);
  return (*report)->recorder.take();
}

}  // namespace eprop::reports
