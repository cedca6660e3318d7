#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "eprop/step.hpp"

namespace eprop::training {

/// The iteration with the smallest loss so far.
struct Best {
  std::int64_t iteration = 0;  ///< counted from 1; 0: none yet
  double loss = 0.0;
  /// With which it began, pA: of each plastic projection, in the order of SynapseTable; on rank 0,
  /// empty on others.
  std::vector<std::vector<double>> weights;
};

/// The iteration that has begun and is not done yet, if there is one.
struct Running {
  bool begun = false;
  std::int64_t phase = 0;
  double rate = 0.0;  ///< learning rate
  bool may_be_best = false;
  std::vector<std::vector<double>> weights;  ///< as those of Best, if so
};

/// What a training must know to go on, besides its options and the state of its simulation.
struct TrainingState {
  std::string task;             ///< name
  std::string identity;         ///< of the training
  std::string previous;         ///< name of the checkpoint before, beside this one; empty: none
  std::int64_t batch_size = 0;  ///< samples per iteration
  bool record = false;          ///< whether signals and spikes are recorded
  Step last_recorded = -1;      ///< where the recording of the last iteration began; -1: not yet
  bool finished = false;        ///< whether training is over
  double rate_scale = 1.0;      ///< what learning rates have been multiplied by
  std::vector<double> losses, errors;   ///< per iteration done
  std::vector<std::int64_t> phases;     ///< of these iterations
  std::uint32_t pending = 0;            ///< checksum of the samples handed over last
  std::vector<std::int64_t> confusion;  ///< [label][prediction], of test samples
  Best best;
  Running running;
  std::vector<std::int64_t> spiked;    ///< 1 where a recurrent population of the task has
  std::vector<std::string> warned_of;  ///< populations and projections

  [[nodiscard]] std::int64_t iterations() const { return static_cast<std::int64_t>(losses.size()); }
};

[[nodiscard]] std::string to_bytes(const TrainingState& state);
/// CheckpointError, about `checkpoint`, unless made by to_bytes() in this format.
[[nodiscard]] TrainingState training_state(const std::string& bytes, const std::string& checkpoint);

}  // namespace eprop::training
