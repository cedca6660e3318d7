#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

/// What a Simulation records, where to, and what it gives back.
namespace eprop {

/// What to record. Times in ms: samples are stamped with the end of their step; start < time <=
/// stop.
struct RecordingWindow {
  double start = 0.0;
  double stop = std::numeric_limits<double>::infinity();  ///< above start
  /// Between samples, a multiple of dt. If not given, and always of spikes, every step (weights:
  /// every update interval).
  std::optional<double> interval;
};

/// State traces of neurons of one population.
struct TraceRecording {
  std::vector<std::string> variables;  ///< recordables of the model: V_m, surrogate_gradient, ...
  std::vector<std::uint32_t> neurons;  ///< ascending indices; empty: all
  RecordingWindow window;
  std::string name;  ///< of the reports, NAME.VARIABLE; the population's if empty
};

/// Weights of a projection over time.
struct WeightRecording {
  /// The first so many in the order of SynapseTable, at least 1; if not given, all.
  std::optional<std::size_t> synapses;
  RecordingWindow window;
};

/// With which weights synapses transmit.
struct TransmissionRecording {
  std::vector<std::uint32_t> sources, targets;  ///< indices of neurons; empty: all
  RecordingWindow window;                       ///< of the sources' spikes
};

/// Rows of a trace recording that was kept in memory: values[sample][column], column = neuron *
/// variables + variable.
struct Traces {
  std::vector<double> times;  ///< ms
  std::vector<double> values;
};

struct Spikes {
  std::vector<double> times;  ///< ms, ascending, end of the spike's step
  std::vector<std::uint64_t> neurons;
};

/// Spikes that synapses of a projection have transmitted, in order of time, source and target.
struct Transmissions {
  std::vector<double> times;  ///< ms, end of the step in which the source spiked
  std::vector<std::uint32_t> source;
  std::vector<std::uint32_t> target;
  std::vector<double> weight;  ///< pA, that it was transmitted with
};

/// Where the error of readouts is summed up, interval by interval.
struct LossOptions {
  double offset =
      0.0;  ///< ms: interval m covers the steps [offset + m*interval, offset + (m+1)*interval)
  double interval = 0.0;  ///< ms
  /// ms: only the last so many of each interval count; if not given, all.
  std::optional<double> window;
};

/// The sums of one interval; vectors have one entry per readout.
struct IntervalLoss {
  std::vector<double> squared_error;  ///< sum over steps of (readout_signal - target_signal)^2
  std::vector<double> cross_entropy;  ///< -sum over steps of target_signal * log(readout_signal)
  std::vector<double> readout;        ///< mean readout_signal over the steps
  std::vector<double> target;         ///< mean target_signal over the steps
};

/// How an output file is opened.
struct OutputOptions {
  /// Replace a file of that name, unless it is to be continued, and take it from a job that is
  /// writing it.
  bool overwrite = false;
};

/// A 1-D dataset of numbers of an output file. Not collective. OutputError if the file or the
/// dataset cannot be read.
[[nodiscard]] std::vector<double> read_output(const std::string& file, const std::string& dataset);

}  // namespace eprop
