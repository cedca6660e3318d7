#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/recordables.hpp"
#include "recording/hdf5_file.hpp"
#include "recording/output.hpp"
#include "state/rank_state.hpp"
#include "state/synapse_order.hpp"

namespace eprop::engine {

/// All recordings of a simulation and the output file that they go to, if there is one.
class Recordings {
 public:
  Recordings(const state::RankState& rank, comm::Communicator& comm) : rank_(rank), comm_(comm) {}

  /// Rows of the output file's tables, by path.
  using TableRows = std::map<std::string, std::int64_t>;

  void open(const std::string& path, bool overwrite);
  /// The rows so far, after a flush.
  [[nodiscard]] TableRows table_rows() const;
  /// The rows from which open_to_continue() shall go on.
  void expect_tables(TableRows rows) { continued_ = std::move(rows); }
  /// Throws DamagedOutput, and is as before, unless the file has these tables with at least as many
  /// rows.
  void open_to_continue(const std::string& path);
  [[nodiscard]] recording::Hdf5File* file() { return file_ ? &*file_ : nullptr; }

  void add_spikes(Population population, const RecordingWindow& window);
  /// `now` is the next step.
  void add_traces(Population population, const TraceRecording& recording, Step now);
  void add_weights(Projection projection, const WeightRecording& recording);

  /// By thread `thread`, after its synapses are up to date for step t: the weights of its synapses.
  void sample_weights(std::size_t thread, Step t);
  /// By thread `thread`, after step t of its neurons.
  void sample_traces(std::size_t thread, Step t);
  /// By one thread, after all have sampled and the spikes of step t are collected; writes what has
  /// piled up.
  void commit(Step t);

  /// Appends what rank 0 passes to a 1-D table of that path, which is created if it is new.
  template <recording::Number T>
  void append(const std::string& path, std::span<const T> values, const std::string& units);

  /// Whether a few seconds have passed since the last flush() of the file; rank 0's clock decides.
  [[nodiscard]] bool flush_is_due();
  /// Writes everything, with the reports' time axes up to `now`, the next step.
  void flush(Step now);
  /// Flushes and closes the file.
  void close(Step now);
  /// Whether values could not be written, which has been thrown.
  [[nodiscard]] bool has_lost_values() const { return file_ && file_->has_lost_values(); }

  [[nodiscard]] Spikes take_spikes(Population population);
  [[nodiscard]] Traces take_traces(const std::string& report);

 private:
  struct Slice {
    std::size_t part;  ///< of the worker's recurrent parts or readouts
    std::vector<std::uint32_t> neurons;
    std::size_t first_column;
  };
  struct Report {
    std::string name;
    bool readouts;
    std::vector<Recordable> variables;
    recording::SampleSteps steps;
    recording::SampleRecorder recorder;
    std::vector<std::string> in_file;        ///< names of the output file's reports, by variable
    std::vector<recording::Table> tables;    ///< their data
    std::vector<std::vector<Slice>> slices;  ///< per worker
  };
  struct WeightTrace {
    std::string name;
    std::uint32_t projection;
    recording::SampleSteps steps;
    recording::SampleRecorder recorder;
    std::optional<recording::Table> times;
    std::vector<std::vector<state::SynapsePlace>> places;  ///< per worker
    std::vector<std::size_t> first_column;                 ///< per worker
  };

  /// Where each worker has which of these neurons.
  [[nodiscard]] std::vector<std::vector<Slice>> slices_of(Population population,
                                                          const std::vector<std::uint32_t>& neurons,
                                                          std::size_t n_variables) const;
  /// Of a report of the output file, a new one or one that is continued.
  [[nodiscard]] recording::Table report_table(const std::string& name,
                                              const std::string& population,
                                              const recording::sonata::Variable& variable,
                                              const std::vector<std::uint32_t>& neurons,
                                              const recording::sonata::ReportTime& time);
  void flush(WeightTrace& trace);
  void write_report_times(Step now);
  void require_no_output(const std::string& path) const;
  /// Whether the continued output file has tables in this group.
  [[nodiscard]] bool continues(const std::string& group) const;
  /// Drops the rows of a table that have been written since the checkpoint.
  recording::Table cut(recording::Table table);
  [[nodiscard]] recording::sonata::SpikeTables spike_tables(const std::string& population);
  [[nodiscard]] double time(Step t) const { return static_cast<double>(t) * rank_.plan.timing.dt; }

  const state::RankState& rank_;
  comm::Communicator& comm_;
  std::optional<recording::Hdf5File> file_;
  TableRows continued_;  ///< tables that are to be continued
  std::map<std::uint32_t, recording::SpikeRecorder> spikes_;
  std::vector<std::unique_ptr<Report>> reports_;
  std::vector<Report*> running_;  ///< reports whose windows have not ended
  std::vector<std::unique_ptr<WeightTrace>> weights_;
  std::map<std::string, recording::Table> appended_;
  std::chrono::steady_clock::time_point flushed_;
};

}  // namespace eprop::engine
