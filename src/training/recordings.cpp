#include "training/recordings.hpp"

#include <cmath>

#include "training/identity.hpp"

namespace eprop::training {
namespace {

constexpr std::size_t largest_matrix = 1'000'000;
constexpr std::size_t recorded_synapses = 10;

/// Whether several synapses connect the same neurons, which a matrix cannot show.
bool repeats_pairs(const SynapseTable& table) {
  for (std::size_t s = 1; s < table.source.size(); ++s) {
    if (table.source[s] == table.source[s - 1] && table.target[s] == table.target[s - 1]) {
      return true;
    }
  }
  return false;
}

}  // namespace

void describe_task(const Task& task, const std::string& identity, Simulation& simulation) {
  const double dt = task.network.options().dt;
  const auto ms = [&](Step steps) { return static_cast<double>(steps) * dt; };
  simulation.write_output_attribute("/task", "name", task.name);
  simulation.write_output_attribute("/task", "training", identity_number(identity));
  simulation.write_output_attribute("/task", "input", task.network.at(task.in).name);
  simulation.write_output_attribute("/task", "dt", dt);
  simulation.write_output_attribute("/task", "sequence", ms(task.sequence));
  simulation.write_output_attribute("/task", "batch_size", static_cast<double>(task.batch_size));
  simulation.write_output_attribute("/task", "offset", ms(task.target_offset()));
  simulation.write_output_attribute("/task", "offset_recurrent", ms(task.recurrent_offset()));
}

void note_end(Simulation& simulation) {
  simulation.write_output_attribute("/task", finished_attribute, 1.0);
}

void record_weight_matrices(const Task& task, Simulation& simulation, const std::string& when) {
  for (const auto projection : task.plastic) {
    const auto& spec = task.network.projections()[projection.index];
    const auto rows = task.network.at(spec.target).size;
    const auto columns = task.network.at(spec.source).size;
    const auto pairs = std::size_t{rows} * columns;
    if (pairs > largest_matrix || pairs == 0) continue;
    const auto table = simulation.weights(projection);
    if (repeats_pairs(table)) continue;
    const auto matrix = weight_matrix(table, rows, columns);
    simulation.write_output("/weights/" + spec.name + "/" + when, matrix.weights, columns, "pA");
  }
}

void record_weights(const Task& task, Simulation& simulation) {
  const double dt = task.network.options().dt;
  const auto start = static_cast<double>(task.target_offset()) * dt;
  const auto interval = static_cast<double>(task.sequence * task.batch_size) * dt;
  for (const auto projection : task.plastic) {
    simulation.record_weights(projection, {.synapses = recorded_synapses,
                                           .window = {.start = start, .interval = interval}});
  }
}

void record_iteration(const Task& task, Simulation& simulation, const std::string& suffix,
                      Step step) {
  const double dt = task.network.options().dt;
  const auto now = static_cast<double>(step) * dt;
  // From the iteration's begin to the last error of its first sample.
  const auto begin = std::floor(now / dt / static_cast<double>(task.sequence)) *
                     static_cast<double>(task.sequence) * dt;
  const RecordingWindow window{
      .start = now, .stop = begin + static_cast<double>(task.sequence + task.target_offset()) * dt};
  simulation.record_spikes(task.in, window);
  for (const auto population : task.recurrent) {
    simulation.record_spikes(population, window);
    const auto& spec = task.network.at(population);
    std::vector<std::string> variables{"V_m", "surrogate_gradient", "learning_signal"};
    std::visit(
        [&]<class M>(const M&) {
          if constexpr (requires(M m) { m.adapt_beta; }) variables.emplace_back("V_th_adapt");
        },
        std::get<NeuronModel>(spec.what));
    simulation.record(
        population,
        {.variables = variables, .neurons = {0}, .window = window, .name = spec.name + suffix});
  }
  simulation.record(task.out, {.variables = {"readout_signal", "target_signal", "error_signal"},
                               .window = window,
                               .name = task.network.at(task.out).name + suffix});
}

}  // namespace eprop::training
