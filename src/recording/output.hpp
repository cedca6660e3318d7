#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/divisor.hpp"
#include "core/partition.hpp"
#include "eprop/comm/collectives.hpp"
#include "eprop/recording.hpp"
#include "eprop/step.hpp"
#include "recording/sonata.hpp"

/// Recorders keep what they are given on this rank and hand it on in pieces, to the output file or,
/// without one, to rank 0's memory. flush() is collective; when it is due depends on model time
/// alone.
namespace eprop::recording {

/// Steps at which samples are taken, from a RecordingWindow.
struct SampleSteps {
  Step first = 0;  ///< step of the first sample
  Step last = 0;   ///< exclusive
  core::Divisor every = 1;

  [[nodiscard]] bool contains(Step t) const {
    return t >= first && t < last && every.divides(t - first);
  }
  /// The last sample before step `end`, which must not be before the first one.
  [[nodiscard]] Step last_before(Step end) const {
    return first + (std::min(end, last) - 1 - first) / every.value() * every.value();
  }
};

/// Steps whose ends lie in the window, as traces and spikes are recorded; InvalidParameter if the
/// window is off the grid of dt.
[[nodiscard]] SampleSteps sample_steps(const RecordingWindow& window, double dt,
                                       const std::string& thing);

/// Rows of samples, of which each rank has a contiguous range of columns.
class SampleRecorder {
 public:
  /// Column c goes to column c / n of table c % n of the n tables, as a number of that table's
  /// type.
  SampleRecorder(const comm::Share& columns, std::vector<Table> tables);

  /// This rank's columns of the row that is being filled.
  [[nodiscard]] double* row() { return buffer_.data() + rows_ * columns_.own; }
  /// Ends the row, of time `time` (ms).
  void commit(double time);
  [[nodiscard]] bool full() const { return rows_ == capacity_; }
  void flush(Hdf5File* file, comm::Communicator& comm);
  /// The last flush(): no row is filled after it.
  void finish(Hdf5File* file, comm::Communicator& comm);
  /// What flush() has brought to rank 0's memory since the last call.
  [[nodiscard]] Traces take() { return std::exchange(memory_, {}); }
  /// Times (ms) of the rows since the last flush().
  [[nodiscard]] const std::vector<double>& times() const { return times_; }

 private:
  void write(Hdf5File& file) const;

  comm::Share columns_;
  std::vector<Table> tables_;
  std::size_t capacity_;
  std::size_t rows_ = 0;
  std::vector<double> buffer_;
  std::vector<double> times_;
  Traces memory_;
};

/// Spikes of one population, each rank's own, put in order of time and neuron.
class SpikeRecorder {
 public:
  /// Of the neurons `own`, those of this rank.
  SpikeRecorder(std::optional<sonata::SpikeTables> tables, core::Range own)
      : own_(own), tables_(tables) {}

  /// Records in these steps too.
  void add_window(const SampleSteps& steps) { windows_.push_back(steps); }

  void record(Step t, std::span<const std::uint32_t> sources);
  /// The last step before `end` in which spikes are recorded, of windows that have not ended; -1 if
  /// there is none.
  [[nodiscard]] Step last_before(Step end) const;
  void flush(Hdf5File* file, comm::Communicator& comm, double dt);
  /// What flush() has brought to rank 0's memory since the last call.
  [[nodiscard]] Spikes take() { return std::exchange(memory_, {}); }

 private:
  struct Event {
    Step step;
    std::uint64_t neuron;
  };
  core::Range own_;
  std::vector<SampleSteps> windows_;  ///< that have not ended
  std::optional<sonata::SpikeTables> tables_;
  std::vector<Event> events_;
  Spikes memory_;
};

}  // namespace eprop::recording
