#pragma once

#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "eprop/eprop.hpp"
#include "support/schedule.hpp"

namespace eprop::examples {

/// One sample as steps of its sequence.
struct Sample {
  std::vector<std::vector<Step>> spikes;    ///< per input neuron: its generator's times, > 0
  std::vector<Step> target_steps;           ///< when the target changes, from 0 on
  std::vector<std::vector<double>> target;  ///< [readout][change]
  int label = 0;                            ///< class, if the task is to classify
};

/// A task to train on: its network, its samples, its plan. Deriving from it and passing it to
/// train() is all that a task of one's own needs.
class Task {
 public:
  virtual ~Task() = default;

  /// The samples of the next iteration; `phase` is what it will serve, as far as can be known a few
  /// steps before it begins (a training that may stop early cannot know: its samples must not
  /// depend on it).
  virtual std::vector<Sample> next(Phase phase) = 0;
  /// Steps from the begin of a sample to that of its target at the readouts.
  [[nodiscard]] Step target_offset() const { return offset_of(out); }
  /// The same at the recurrent neurons (or readouts, if there are none), for figures.
  [[nodiscard]] Step recurrent_offset() const {
    return offset_of(recurrent.empty() ? out : recurrent.front());
  }

  /// What the user is to be told of the samples so far, once the training has ended.
  [[nodiscard]] virtual std::vector<std::string> warnings() const { return {}; }

  std::string name;
  Network network;
  Population in, out;
  std::vector<Population> recurrent;
  std::vector<Projection> plastic;
  RateGenerator target;
  std::optional<RateGenerator>
      window_signal;  ///< 1 in the last `window` steps of each sample (plus family)

  Step sequence = 1;            ///< steps of a sample
  Step window = 1;              ///< steps at its end in which the readouts are judged
  std::int64_t batch_size = 1;  ///< samples of an iteration
  double eta = 0.0;             ///< learning rate of the first training iteration
  bool classifies = false;
  Plan plan;

 private:
  [[nodiscard]] Step offset_of(Population population) const {
    return std::llround(network.sample_offset(population) / network.options().dt);
  }

 protected:
  explicit Task(const NetworkOptions& options) : network(options) {}
};

}  // namespace eprop::examples
