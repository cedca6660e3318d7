#pragma once

#include <limits>
#include <vector>

#include "eprop/value.hpp"

namespace eprop {

/// Input neurons that spike at given times: times[i] of neuron i in ms, time g means "spikes in
/// step g/dt". Several spikes of a neuron in a step count once.
struct SpikeTrains {
  std::vector<std::vector<double>> times;
  /// Takes times that are no multiples of dt to the nearest step, from half way between two to the
  /// even one, also those that are appended later; false: they are refused.
  bool round_times = false;
};

/// Input neurons that spike independently in each step with the probability that a Poisson process
/// of this rate has at least one event in it.
struct PoissonSource {
  Value rate = 10.0;   ///< spikes/s, >= 0
  double start = 0.0;  ///< ms: first step that may spike is start/dt
  double stop = std::numeric_limits<double>::infinity();  ///< ms: no spike from step stop/dt on
};

/// Step functions: amplitudes[g][i] is the output of generator g from times[i] on (ms, increasing);
/// before the first, 0.
struct StepRates {
  std::vector<double> times;
  std::vector<std::vector<double>> amplitudes;
  bool round_times = false;  ///< as in SpikeTrains; rounded times have to increase, too
};

enum class RateReceptor { target_signal, learning_window };

}  // namespace eprop
