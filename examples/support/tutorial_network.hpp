#pragma once

#include <cstdint>
#include <vector>

#include "eprop/task.hpp"
#include "support/legacy_random.hpp"
#include "support/matrix.hpp"

/// The network of all tutorial tasks: inputs, recurrent neurons, readouts, and learning signals
/// back.
namespace eprop::examples {

/// Weights onto targets: [target][source].
struct TutorialWeights {
  Matrix in_rec, rec_rec, rec_out, out_rec;
};

/// How rec_out and out_rec are drawn.
enum class ReadoutWeights { normal, uniform };

/// Draws the weights in the order of the published scripts, unrounded. normal: all normal, out_rec
/// over sqrt(n_rec) too; uniform: rec_out uniform in +-sqrt(3/max(1,(n_rec+n_out)/2)), out_rec
/// standard normal.
[[nodiscard]] TutorialWeights draw_weights(LegacyRandom& random, std::size_t n_in,
                                           std::size_t n_rec, std::size_t n_out,
                                           ReadoutWeights kind);

/// All four rounded to single precision.
[[nodiscard]] TutorialWeights to_single(const TutorialWeights& weights);

struct RecurrentPopulation {
  std::string name;
  std::uint32_t size;
  NeuronModel model;
};

/// Which synapses exist, [target][source]; empty: all.
struct TutorialMasks {
  Matrix in_rec, rec_rec, rec_out;
};

/// Adds populations "in", the recurrent ones and "out", the target generators and all connections
/// to the task's network; no autapses. `synapse` gives all but the weights.
void build_tutorial_network(Task& task, std::uint32_t n_in,
                            const std::vector<RecurrentPopulation>& recurrent, std::uint32_t n_out,
                            const NeuronModel& readout, const TutorialWeights& weights,
                            const SynapseModel& synapse, const TutorialMasks& masks = {});

/// Frozen input: every input neuron fires with probability 0.05 in every step of the sequence.
/// Draws [step][input]. Spike of sequence step n: generator time n + 1. `skip_first`: none in step
/// 0.
[[nodiscard]] std::vector<std::vector<Step>> frozen_noise(LegacyRandom& random, Step sequence,
                                                          std::size_t n_in, bool skip_first);

/// A sample whose target is given for every step: [readout][step].
[[nodiscard]] Sample sample_of(std::vector<std::vector<Step>> spikes,
                               std::vector<std::vector<double>> target);

/// A task that shows the same sample in every iteration.
class FrozenTask : public Task {
 public:
  std::vector<Sample> next(Phase) override {
    return std::vector<Sample>(static_cast<std::size_t>(batch_size), sample_);
  }

 protected:
  explicit FrozenTask(const NetworkOptions& network_options) : Task(network_options) {
    draws_ahead = true;
  }
  Sample sample_;
};

}  // namespace eprop::examples
