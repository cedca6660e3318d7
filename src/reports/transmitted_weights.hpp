#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "core/column.hpp"
#include "eprop/network.hpp"
#include "eprop/step.hpp"
#include "reports/report_kind.hpp"

namespace eprop::reports {

/// The weights with which synapses have transmitted last.
class TransmittedWeights : public ReportKind {
 public:
  using ReportKind::ReportKind;

  /// From step `now` on, for which all synapses are up to date. Nothing if they are kept already.
  void add(Projection projection, Step now);
  /// The weights have been set: they are kept as if they had been transmitted with.
  void set(Projection projection);
  void before_delivery(std::size_t thread, Step t);
  void commit(Step /*t*/) {}
  /// The last step before `end` in which a spike may arrive; -1 if no weights are kept.
  [[nodiscard]] Step last_before(Step end) const { return empty() ? -1 : end - 1; }
  void flush(Step /*now*/) {}
  [[nodiscard]] bool empty() const { return kept_.empty(); }
  void clear() { kept_.clear(); }

  /// Collective; on rank 0, empty on the others. InvalidParameter if they are not kept.
  [[nodiscard]] SynapseTable of(Projection projection) const;

 private:
  using Tiles = std::vector<core::Column>;
  std::map<std::uint32_t, std::vector<Tiles>> kept_;  ///< by projection: [thread][tile]
};

}  // namespace eprop::reports
