#include "training/best_weights.hpp"

#include <utility>
#include <vector>

#include "recording/hdf5_file.hpp"
#include "recording/sonata.hpp"

namespace eprop::training {

BestWeights::BestWeights(const Task& task, comm::Communicator& comm, TrainingState& state)
    : task_(task), comm_(comm), best_(state.best), running_(state.running) {
  if (comm.rank() == 0) return;
  best_.weights.clear();
  running_.weights.clear();
}

bool BestWeights::counts(Phase phase) const {
  return phase == (task_.plan.validate_every > 0 ? Phase::validation : Phase::training);
}

void BestWeights::begin(Phase phase, Simulation& simulation) {
  running_.weights.clear();
  running_.may_be_best = counts(phase);
  if (!running_.may_be_best) return;
  for (const auto projection : task_.plastic) {
    auto weights = std::move(simulation.weights(projection).weight);
    if (comm_.rank() == 0) running_.weights.push_back(std::move(weights));
  }
}

void BestWeights::end(std::int64_t iteration, double loss) {
  if (!running_.may_be_best || (best_.iteration > 0 && loss >= best_.loss)) return;
  best_ = {iteration, loss, std::exchange(running_.weights, {})};
}

void BestWeights::write(const std::string& path, bool overwrite, Simulation& simulation) const {
  auto file = recording::Hdf5File::create(path, comm_, overwrite);
  recording::sonata::write_root_attributes(file);
  for (std::size_t i = 0; i < task_.plastic.size(); ++i) {
    const auto table = simulation.weights(task_.plastic[i]);
    const auto synapses = table.weight.size();
    if (synapses == 0) continue;
    const auto& name = task_.network.projections()[task_.plastic[i].index].name;
    std::vector<double> weights(synapses);  // of all ranks those of rank 0 are written
    if (comm_.rank() == 0) weights = best_.weights[i];
    file.write_dataset<double>("/weights/" + name + "/data", weights, synapses, "pA");
    file.write_dataset<std::uint32_t>("/weights/" + name + "/source", table.source, 0, "");
    file.write_dataset<std::uint32_t>("/weights/" + name + "/target", table.target, 0, "");
  }
  file.close();
}

}  // namespace eprop::training
