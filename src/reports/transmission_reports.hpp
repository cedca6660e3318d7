#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "eprop/network.hpp"
#include "eprop/step.hpp"
#include "reports/report_kind.hpp"

namespace eprop::reports {

/// The weights with which synapses transmit spikes, kept in memory.
class TransmissionReports : public ReportKind {
 public:
  using ReportKind::ReportKind;

  void add(Projection projection, const TransmissionRecording& recording);
  void before_delivery(std::size_t thread, Step t);
  void commit(Step t);
  /// The last step before `end` in which a spike that is recorded may arrive; -1 if there is none.
  [[nodiscard]] Step last_before(Step end) const;
  void flush(Step now);
  [[nodiscard]] bool empty() const { return reports_.empty(); }
  void clear() { reports_.clear(); }

  [[nodiscard]] Transmissions take(Projection projection);

 private:
  struct Event {
    Step spike;
    std::uint32_t source, target;
    double weight;
  };
  struct Report {
    std::uint32_t projection;
    recording::SampleSteps steps;         ///< in which sources spike
    std::vector<std::uint8_t> from, to;   ///< [source], [target]: whether it is recorded
    std::vector<std::vector<Event>> own;  ///< per thread
    Transmissions memory;
  };

  [[nodiscard]] const plan::ProjectionPlan& plan_of(const Report& report) const {
    return rank_.plan.projections[report.projection];
  }
  void sample(Report& report, std::size_t thread, Step spike) const;
  void flush(Report& report);

  std::vector<std::unique_ptr<Report>> reports_;
};

}  // namespace eprop::reports
