#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "eprop/network.hpp"
#include "eprop/step.hpp"
#include "reports/report_kind.hpp"
#include "state/synapse_order.hpp"

namespace eprop::reports {

/// Weights of projections.
class WeightReports : public ReportKind {
 public:
  using ReportKind::ReportKind;

  void add(Projection projection, const WeightRecording& recording);
  void before_delivery(std::size_t thread, Step t);
  void commit(Step t);
  /// All of a step at once, by one thread.
  void sample(Step t);
  void flush(Step now);
  [[nodiscard]] bool empty() const { return reports_.empty(); }
  void clear() { reports_.clear(); }

 private:
  /// This rank's recorded synapses, per worker.
  using Places = std::vector<std::vector<state::SynapsePlace>>;
  struct Report {
    std::uint32_t projection;
    recording::SampleSteps steps;
    recording::SampleRecorder recorder;
    recording::Table times;
    Places places;
    std::vector<std::size_t> first_column;  ///< per worker
  };

  /// The first `most` synapses over all ranks, or all.
  [[nodiscard]] Places places_of(Projection projection, std::optional<std::size_t> most) const;
  struct Tables {
    recording::Table weights, times;
  };
  [[nodiscard]] Tables tables(const std::string& projection, const Places& places,
                              std::size_t columns);
  void flush(Report& report);

  std::vector<std::unique_ptr<Report>> reports_;
};

}  // namespace eprop::reports
