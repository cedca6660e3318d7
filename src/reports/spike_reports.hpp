#pragma once

#include <cstdint>
#include <map>

#include "eprop/network.hpp"
#include "eprop/step.hpp"
#include "reports/report_kind.hpp"

namespace eprop::reports {

/// Spikes of populations.
class SpikeReports : public ReportKind {
 public:
  using ReportKind::ReportKind;

  void add(Population population, const RecordingWindow& window);
  void commit(Step t);
  /// The last step before `end` in which any spikes are recorded; -1 if there is none.
  [[nodiscard]] Step last_before(Step end) const;
  void flush(Step now);
  [[nodiscard]] bool empty() const { return recorders_.empty(); }
  void clear() { recorders_.clear(); }

  [[nodiscard]] Spikes take(Population population);

 private:
  [[nodiscard]] recording::sonata::SpikeTables tables(const std::string& population);

  std::map<std::uint32_t, recording::SpikeRecorder> recorders_;
};

}  // namespace eprop::reports
