#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "eprop/learning_rate_schedule.hpp"
#include "eprop/network.hpp"
#include "eprop/step.hpp"

/// What is to be learnt: a network, its samples, and the plan of the training.
namespace eprop {

/// What an iteration serves. Outside of training the learning rate is 0.
enum class Phase : std::uint8_t { training, validation, test };

[[nodiscard]] std::string to_string(Phase phase);

/// How training proceeds. After every `validate_every` training iterations comes a validation;
/// while its error stays below the stop error it goes on, up to `stop_batches` iterations, and if
/// their mean error is below it too, training ends early. Test iterations come last.
struct TrainingPlan {
  std::int64_t iterations = 1;         ///< training iterations, at most
  LearningRateSchedule learning_rate;  ///< of the training iterations
  std::int64_t validate_every = 0;     ///< training iterations between validations; 0: none
  double stop_error = 0.0;             ///< fraction of samples; 0: never stop early
  std::int64_t stop_batches = 8;       ///< validation iterations, at least 1
  std::int64_t test_iterations = 0;
};

/// One sample as steps of its sequence.
struct Sample {
  std::vector<std::vector<Step>> spikes;    ///< per input neuron: its generator's times, > 0
  std::vector<Step> target_steps;           ///< when the target changes, from 0 on
  std::vector<std::vector<double>> target;  ///< [readout][change]
  int label = 0;                            ///< class, if the task is to classify
};

/// A task to train on. Deriving from it and passing it to a Trainer is all that a task of one's own
/// needs. Every rank has one, and all are alike.
class Task {
 public:
  virtual ~Task() = default;

  /// The samples of the next iteration, batch_size of them; `phase` is what it will serve, as far
  /// as can be known before the one before it begins (a training that may stop early cannot know:
  /// its samples must not depend on it). Called once per iteration, then once more, as another
  /// sample begins at the inputs before the last one is done, and again from the first one on when
  /// a training is resumed: to the same samples.
  virtual std::vector<Sample> next(Phase phase) = 0;
  /// Steps from the begin of a sample to that of its target at the readouts.
  [[nodiscard]] Step target_offset() const;
  /// The same at the recurrent neurons (or readouts, if there are none), for figures.
  [[nodiscard]] Step recurrent_offset() const;

  /// What the user is to be told of the samples so far, once the training has ended.
  [[nodiscard]] virtual std::vector<std::string> warnings() const { return {}; }

  std::string name;  ///< begins the names of checkpoints
  Network network;
  Population in;                      ///< SpikeTrains, which get the spikes of the samples
  Population out;                     ///< readouts, one per class where the task classifies
  std::vector<Population> recurrent;  ///< to be recorded
  std::vector<Projection> plastic;    ///< those that learn
  RateGenerator target;               ///< StepRates that feed the target signals of `out`
  std::optional<RateGenerator>
      window_signal;  ///< 1 in the last `window` steps of each sample (plus family)

  Step sequence = 1;            ///< steps of a sample
  Step window = 1;              ///< steps at its end in which the readouts are judged
  std::int64_t batch_size = 1;  ///< samples of an iteration
  bool classifies = false;
  /// Whether next() may be called on another thread while an iteration is simulated. Then, where a
  /// processor is free for that or threads have replicas of their own, samples are drawn an
  /// iteration earlier; this changes no result.
  /// next() may use all that belongs to the task alone: neither a callback of the trainer nor
  /// another call to the task is made meanwhile.
  bool draws_ahead = false;
  TrainingPlan plan;

 protected:
  explicit Task(const NetworkOptions& options) : network(options) {}
};

}  // namespace eprop
