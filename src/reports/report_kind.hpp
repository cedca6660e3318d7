#pragma once

#include <cstddef>
#include <string>

#include "eprop/step.hpp"
#include "recording/output.hpp"
#include "reports/output_file.hpp"
#include "state/rank_state.hpp"

namespace eprop::reports {

/// Steps between two flushes of spikes and two looks at the clock.
inline constexpr Step flush_interval = 4096;

/// What reports of all kinds are about, and where they go.
struct ReportContext {
  const state::RankState& rank;
  comm::Communicator& comm;
  OutputFile& output;
};

/// All reports of one kind: spikes, traces, weights. A kind has an add() of its own, and what it
/// does at these moments of a step; by default nothing.
class ReportKind {
 public:
  explicit ReportKind(const ReportContext& context)
      : rank_(context.rank), comm_(context.comm), output_(context.output) {}

  /// By thread `thread`, after its synapses are up to date for step t.
  void before_delivery(std::size_t /*thread*/, Step /*t*/) {}
  /// By thread `thread`, after step t of its neurons.
  void after_step(std::size_t /*thread*/, Step /*t*/) {}
  // And, each kind:
  //   void commit(Step t): by one thread, after all have sampled and the spikes of step t are
  //     collected; writes what has piled up
  //   void flush(Step now): writes everything before step `now`
  //   bool empty() const: whether there are no reports
  //   void clear(): forgets all reports

 protected:
  [[nodiscard]] double dt() const { return rank_.plan.timing.dt; }
  [[nodiscard]] double time(Step t) const { return static_cast<double>(t) * dt(); }
  [[nodiscard]] recording::Hdf5File* file() { return output_.file(); }
  /// As recording::sample_steps(), of a window that is not empty.
  [[nodiscard]] recording::SampleSteps steps_in(const RecordingWindow& window,
                                                const std::string& thing) const;

  const state::RankState& rank_;
  comm::Communicator& comm_;
  OutputFile& output_;
};

}  // namespace eprop::reports
