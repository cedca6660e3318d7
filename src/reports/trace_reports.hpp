#pragma once

#include <memory>
#include <string>
#include <vector>

#include "eprop/network.hpp"
#include "eprop/step.hpp"
#include "reports/recordables.hpp"
#include "reports/report_kind.hpp"

namespace eprop::reports {

/// State traces of neurons.
class TraceReports : public ReportKind {
 public:
  using ReportKind::ReportKind;

  /// `now` is the next step.
  void add(Population population, const TraceRecording& recording, Step now);
  void after_step(std::size_t thread, Step t);
  void commit(Step t);
  /// The last step before `end` in which any traces are recorded; -1 if there is none.
  [[nodiscard]] Step last_before(Step end) const;
  void flush(Step now);
  [[nodiscard]] bool empty() const { return reports_.empty(); }
  void clear();

  [[nodiscard]] Traces take(const std::string& name);

 private:
  /// Neurons of a worker's part of the population.
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

  [[nodiscard]] std::string new_name(const TraceRecording& recording,
                                     const Network::PopulationSpec& spec) const;
  /// Where each worker has which of these neurons.
  [[nodiscard]] std::vector<std::vector<Slice>> slices_of(Population population,
                                                          const std::vector<std::uint32_t>& neurons,
                                                          std::size_t n_variables) const;
  /// Of a report of the output file, a new one or one that is continued.
  [[nodiscard]] recording::Table table(const std::string& name, const std::string& population,
                                       const recording::sonata::Variable& variable,
                                       const std::vector<std::uint32_t>& neurons,
                                       const recording::sonata::ReportTime& time);
  void write_times(const Report& report, Step now);

  std::vector<std::unique_ptr<Report>> reports_;
  std::vector<Report*> running_;  ///< whose windows have not ended
};

}  // namespace eprop::reports
