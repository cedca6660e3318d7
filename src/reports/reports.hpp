#pragma once

#include <tuple>

#include "eprop/step.hpp"
#include "reports/output_file.hpp"
#include "reports/spike_reports.hpp"
#include "reports/trace_reports.hpp"
#include "reports/transmission_reports.hpp"
#include "reports/transmitted_weights.hpp"
#include "reports/weight_reports.hpp"

namespace eprop::reports {

/// The reports of several kinds.
template <class... Kind>
struct KindsOf {
  explicit KindsOf(const ReportContext& context) : all(Kind(context)...) {}
  std::tuple<Kind...> all;
};

/// All reports of a simulation and the output file that they go to, if there is one.
class Reports {
 public:
  Reports(const state::RankState& rank, comm::Communicator& comm)
      : output_(comm), kinds_({rank, comm, output_}) {}
  Reports(const Reports&) = delete;
  Reports& operator=(const Reports&) = delete;

  [[nodiscard]] OutputFile& output() { return output_; }
  template <class Kind>
  [[nodiscard]] Kind& of() {
    return std::get<Kind>(kinds_.all);
  }

  /// Creates the output file, or opens one to go on, before anything is recorded.
  void open(const std::string& path, bool overwrite);
  void open_to_continue(const std::string& path, bool take_over = false);

  // See ReportKind.
  void before_delivery(std::size_t thread, Step t) {
    for_each_used([&](auto& kind) { kind.before_delivery(thread, t); });
  }
  void after_step(std::size_t thread, Step t) {
    for_each_used([&](auto& kind) { kind.after_step(thread, t); });
  }
  void commit(Step t);
  /// The last step before `end` in which spikes, traces or transmissions are recorded, or
  /// transmitted weights kept; -1 if there is none.
  [[nodiscard]] Step last_state_sampled_before(Step end);
  /// In place of the steps [first, last), which are not simulated here and in which nothing but
  /// weights is recorded, those that are in force.
  void skip(Step first, Step last);
  /// Writes everything, with the reports' time axes up to `now`, the next step.
  void flush(Step now);
  /// Flushes and closes the file, and ends all reports; nothing without a file.
  void close(Step now);

 private:
  template <class F>
  void for_each_kind(F&& f) {
    std::apply([&](auto&... kind) { (f(kind), ...); }, kinds_.all);
  }
  /// Those that have reports.
  template <class F>
  void for_each_used(F&& f) {
    for_each_kind([&](auto& kind) {
      if (!kind.empty()) f(kind);
    });
  }
  void require_no_output(const std::string& path);
  /// After the step before `now`.
  void flush_if_due(Step now);

  OutputFile output_;
  // A new kind is a line here.
  KindsOf<SpikeReports,         //
          TraceReports,         //
          TransmissionReports,  //
          TransmittedWeights,   //
          WeightReports>
      kinds_;
};

}  // namespace eprop::reports
