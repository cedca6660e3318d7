#include "state/memory.hpp"

namespace eprop::state {
namespace {

using core::bytes_of;

void add(MemoryUse& use, const ProjectionPart& part) {
  for (const auto& tile : part.tiles) {
    use.synapses += tile.column_bytes();
    use.rows += tile.row_bytes();
  }
  use.clocks += part.clocked.bytes() + bytes_of(part.clocks);
}

void add(MemoryUse& use, const RecurrentPart& part) {
  use.neurons += part.block.bytes();
  for (const auto& signal : part.signals) use.neurons += bytes_of(signal.B);
  use.archives += part.surrogate_gradient.bytes() + part.archive.packed.bytes() +
                  bytes_of(part.archive.regularization) + part.transmission.bytes();
}

void add(MemoryUse& use, const ReadoutPart& part) {
  use.neurons += part.block.bytes() + bytes_of(part.target) + bytes_of(part.window);
}

void add(MemoryUse& use, const SpikeState& spikes) {
  use.spikes += spikes.history.bytes() + spikes.of_interval.bytes();
}

struct PopulationMemory {
  MemoryUse& use;
  void operator()(const InputState& inputs) const { add(use, inputs); }
  void operator()(const NeuronState& neurons) const {
    add(use, neurons);
    use.spikes += bytes_of(neurons.own.sources);
  }
  void operator()(const ReadoutState& readouts) const {
    use.archives += readouts.errors.bytes() + readouts.potentials.bytes();
  }
};

}  // namespace

MemoryUse memory_of(const RankState& rank) {
  MemoryUse use;
  for (const auto& worker : rank.workers) {
    for (const auto& part : worker->projections) add(use, part);
    for (const auto& part : worker->recurrent) add(use, part);
    for (const auto& part : worker->readouts) add(use, part);
  }
  for (const auto& population : rank.populations) std::visit(PopulationMemory{use}, population);
  return use;
}

std::uint64_t synapses_of(const RankState& rank) {
  std::uint64_t n = 0;
  for (const auto& worker : rank.workers) {
    for (const auto& part : worker->projections) {
      for (const auto& tile : part.tiles) n += tile.size();
    }
  }
  return n;
}

}  // namespace eprop::state
