#include <numeric>

#include "core/flush_denormals.hpp"
#include "core/refuse.hpp"
#include "engine/simulation_impl.hpp"
#include "eprop/comm/collectives.hpp"
#include "reports/recordables.hpp"
#include "transfer/fingerprint.hpp"

namespace eprop {

namespace {

/// What messages of errors that only ranks of the first group have had say of them.
constexpr auto writing = "writing the output";

}  // namespace

void Simulation::open_output(const std::string& path, OutputOptions options) {
  impl_->require_all_ranks("open_output");
  impl_->on_first_group(writing, [&] {
    impl_->reports.open(path, options.overwrite);
    impl_->reports.output().file()->write_attribute("/network", "description",
                                                    transfer::describe(*impl_->rank, impl_->comm));
  });
}

void Simulation::continue_output(const std::string& path, OutputOptions options) {
  impl_->require_all_ranks("continue_output");
  impl_->on_first_group(writing, [&] { impl_->reports.open_to_continue(path, options.overwrite); });
}

void Simulation::record_spikes(Population population, RecordingWindow window) {
  impl_->require_all_ranks("record_spikes");
  impl_->on_first_group(
      writing, [&] { impl_->reports.of<reports::SpikeReports>().add(population, window); });
}

std::vector<std::pair<std::string, std::string>> recordable_variables(const NeuronModel& model) {
  std::vector<std::pair<std::string, std::string>> all;
  for (const auto& [recordable, variable] : reports::recordables(model)) {
    all.emplace_back(variable.name, variable.unit);
  }
  return all;
}

void Simulation::record(Population population, const TraceRecording& recording) {
  impl_->require_all_ranks("record");
  impl_->on_first_group(writing, [&] {
    impl_->reports.of<reports::TraceReports>().add(population, recording, impl_->now);
  });
}

void Simulation::record_weights(Projection projection, WeightRecording recording) {
  impl_->require_all_ranks("record_weights");
  impl_->on_first_group(
      writing, [&] { impl_->reports.of<reports::WeightReports>().add(projection, recording); });
}

void Simulation::record_transmissions(Projection projection,
                                      const TransmissionRecording& recording) {
  impl_->require_all_ranks("record_transmissions");
  impl_->on_first_group(writing, [&] {
    impl_->reports.of<reports::TransmissionReports>().add(projection, recording);
  });
}

void Simulation::keep_transmitted_weights(Projection projection) {
  impl_->require_all_ranks("keep_transmitted_weights");
  auto& impl = *impl_;
  (void)impl.name_of(projection);
  impl.bring_up_to_date();
  impl.on_first_group(
      writing, [&] { impl.reports.of<reports::TransmittedWeights>().add(projection, impl.now); });
}

SynapseTable Simulation::transmitted_weights(Projection projection) {
  SynapseTable table;
  impl_->on_first_group(
      writing, [&] { table = impl_->reports.of<reports::TransmittedWeights>().of(projection); });
  return table;
}

/// f(file) if an output file is open, by the ranks that have it.
template <class F>
void Simulation::Impl::with_file(F&& f) {
  on_first_group(writing, [&] {
    if (auto* file = reports.output().file()) f(*file);
  });
}

void Simulation::write_output(const std::string& dataset, std::span<const double> values,
                              std::size_t columns, const std::string& units) {
  impl_->with_file([&](auto& file) { file.write_dataset(dataset, values, columns, units); });
}

void Simulation::write_output(const std::string& dataset, std::span<const std::int64_t> values,
                              std::size_t columns) {
  impl_->with_file([&](auto& file) { file.write_dataset(dataset, values, columns, ""); });
}

void Simulation::write_output_attribute(const std::string& object, const std::string& name,
                                        double value) {
  impl_->with_file([&](auto& file) { file.write_attribute(object, name, value); });
}

void Simulation::write_output_attribute(const std::string& object, const std::string& name,
                                        const std::string& value) {
  impl_->with_file([&](auto& file) { file.write_attribute(object, name, value); });
}

void Simulation::write_output_attribute(const std::string& object, const std::string& name,
                                        const std::vector<std::string>& value) {
  impl_->with_file([&](auto& file) { file.write_attribute(object, name, value); });
}

void Simulation::append_output(const std::string& dataset, std::span<const double> values,
                               const std::string& units) {
  impl_->on_first_group(writing, [&] { impl_->reports.output().append(dataset, values, units); });
}

void Simulation::append_output(const std::string& dataset, std::span<const std::int64_t> values) {
  impl_->on_first_group(writing, [&] { impl_->reports.output().append(dataset, values, ""); });
}

bool Simulation::flush_is_due() {
  bool due = false;
  impl_->on_first_group(writing, [&] { due = impl_->reports.output().flush_is_due(); });
  if (auto* across = impl_->grouping.across()) {
    across->broadcast(std::as_writable_bytes(std::span(&due, 1)), 0);
  }
  return due;
}

void Simulation::flush_output() {
  impl_->with_file([&](auto&) { impl_->reports.flush(impl_->now); });
}

void Simulation::close_output() {
  impl_->on_first_group(writing, [&] { impl_->reports.close(impl_->now); });
}

Spikes Simulation::take_spikes(Population population) {
  Spikes spikes;
  impl_->on_first_group(
      writing, [&] { spikes = impl_->reports.of<reports::SpikeReports>().take(population); });
  return spikes;
}

Traces Simulation::take_traces(const std::string& report) {
  Traces traces;
  impl_->on_first_group(writing,
                        [&] { traces = impl_->reports.of<reports::TraceReports>().take(report); });
  return traces;
}

Transmissions Simulation::take_transmissions(Projection projection) {
  Transmissions transmissions;
  impl_->on_first_group(writing, [&] {
    transmissions = impl_->reports.of<reports::TransmissionReports>().take(projection);
  });
  return transmissions;
}

std::vector<double> Simulation::state(Population population, const std::string& variable) {
  impl_->require_all_ranks("state");
  const auto& rank = *impl_->rank;
  const auto& spec = rank.plan.network.at(population);
  const auto thing = fmt::format("population '{}'", spec.name);
  const auto* model = std::get_if<NeuronModel>(&spec.what);
  if (model == nullptr) core::refuse(thing, "variable", variable, "", "inputs have no state");
  const auto which = reports::recordable(*model, variable, thing).first;
  std::vector<double> own;
  const auto append = [&](const auto& parts) {
    for (const auto& part : parts) {
      if (part.population != population.index) continue;
      const auto first = own.size();
      own.resize(first + part.block.size());
      std::vector<std::uint32_t> neurons(part.block.size());
      std::iota(neurons.begin(), neurons.end(), 0U);
      reports::sample(part, which, neurons, impl_->now - 1, own.data() + first, 1);
    }
  };
  {
    const core::FlushDenormals flush;
    for (const auto& worker : rank.workers) {
      append(worker->recurrent);
      append(worker->readouts);
    }
  }
  return comm::all_gather_all(impl_->comm, own);
}

}  // namespace eprop
