#include "training/replay.hpp"

#include <fmt/format.h>

#include "eprop/errors.hpp"

namespace eprop::training {
namespace {

/// Says of a checkpoint what is wrong with it.
class Refusal {
 public:
  explicit Refusal(const std::string& checkpoint) : checkpoint_(checkpoint) {}

  void unless(bool holds, const std::string& what) const {
    if (!holds) throw CheckpointError(fmt::format("checkpoint '{}': {}", checkpoint_, what));
  }
  void of_other_options_unless(bool holds, const std::string& what) const {
    unless(holds, "was trained with other options: " + what);
  }

 private:
  const std::string& checkpoint_;
};

}  // namespace

void replay(const TrainingState& state, const Task& task, const TrainingOptions& options,
            SampleFeed& feed, PhaseSequence& phases) {
  const Refusal refuse(options.resume);
  refuse.unless(state.task == task.name,
                fmt::format("is of the task {}, not {}", state.task, task.name));
  refuse.unless(state.batch_size == task.batch_size,
                fmt::format("was trained with {} samples per iteration, not {}", state.batch_size,
                            task.batch_size));
  refuse.unless(state.record == options.record,
                state.record ? "was trained with recordings" : "was trained without recordings");
  const auto require_phase = [&](std::int64_t iterations, std::int64_t phase) {
    refuse.of_other_options_unless(
        !phases.finished(),
        fmt::format("with these, training ends after iteration {}", iterations));
    refuse.of_other_options_unless(static_cast<std::int64_t>(phases.phase()) == phase,
                                   fmt::format("iteration {} was another phase", iterations + 1));
  };
  feed.draw(phases);
  for (std::size_t i = 0; i < state.errors.size(); ++i) {
    require_phase(static_cast<std::int64_t>(i), state.phases[i]);
    feed.draw(phases);
    (void)feed.take_labels();
    phases.advance(state.errors[i]);
  }
  const auto& running = state.running;
  if (running.begun) {
    require_phase(state.iterations(), running.phase);
    feed.draw(phases);
  }
  if (phases.finished()) return;
  refuse.of_other_options_unless(feed.checksum() == state.pending,
                                 fmt::format("iteration {} has begun with other samples",
                                             state.iterations() + (running.begun ? 2 : 1)));
  refuse.unless(state.last_recorded < 0 || (running.begun && phases.last()),
                "is of the end of a training, whose last iteration has been recorded as such; "
                "continue from an earlier one");
}

}  // namespace eprop::training
