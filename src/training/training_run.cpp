#include "training/training_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "core/refuse.hpp"
#include "training/divergence_report.hpp"
#include "training/earlier_run.hpp"
#include "training/first_rank.hpp"
#include "training/folders.hpp"
#include "training/recordings.hpp"
#include "training/scores.hpp"

namespace eprop::training {

void TrainingRun::run() {
  if (std::exchange(has_run_, true)) {
    throw std::logic_error(fmt::format("training of {}: has been run already", task_.name));
  }
  try {
    iterate();
  } catch (const Diverged& e) {
    throw Diverged(
        divergence_report(e.what(), state_.iterations() + 1, latest_checkpoint(), options_.names),
        e.step());
  }
  finish();
}

void TrainingRun::iterate() {
  while (!phases_.finished() && !stopping) {
    if (!goes_on(simulation_.step()) || !one_iteration()) return;
    if (phases_.finished()) return;
    const auto every = options_.checkpoint_every;
    if (checkpoints_.is_open() && (stopping || (every > 0 && state_.iterations() % every == 0))) {
      save_checkpoint();
    } else if (simulation_.flush_is_due()) {
      curves_.append(state_, simulation_);
      simulation_.flush_output();
    }
  }
}

/// Begins an iteration, unless a checkpoint is of the middle of it, and ends it, unless it is asked
/// to stop before; returns whether it has.
bool TrainingRun::one_iteration() {
  if (!state_.running.begun) begin_iteration();
  bool ends = false;
  const auto simulate = [&] { ends = simulate_iteration(); };
  if (draws_ahead_) {
    feed_.draw_during(simulate, phases_);
  } else {
    simulate();
  }
  if (ends) end_iteration();
  return ends;
}

/// The samples of the next iteration are handed over before this one runs, and with the last sample
/// of this one the next has begun at the inputs.
void TrainingRun::begin_iteration() {
  set_learning_rate();
  if (options_.record) record_first_and_last();
  if (options_.keep_best) best_.begin(phases_.phase(), simulation_);
  append_samples();
  state_.running.phase = static_cast<std::int64_t>(phases_.phase());
  state_.running.begun = true;
}

void TrainingRun::set_learning_rate() {
  state_.running.rate =
      phases_.phase() == Phase::training
          ? state_.rate_scale * learning_rate(task_.plan.learning_rate, phases_.trained())
          : 0.0;
  for (const auto projection : task_.plastic) {
    simulation_.set_learning_rate(projection, state_.running.rate, RateChange::running_interval);
  }
}

void TrainingRun::record_first_and_last() {
  const bool first = state_.iterations() == 0;
  if (first) record_iteration(task_, simulation_, "", 0);
  if (first || !phases_.last()) return;
  state_.last_recorded = simulation_.step();
  record_iteration(task_, simulation_, ".last", state_.last_recorded);
}

void TrainingRun::append_samples() {
  feed_.draw(phases_);
  feed_.append_to(simulation_);
}

/// Returns whether the iteration has come to its end.
bool TrainingRun::simulate_iteration() {
  const Step end = (state_.iterations() + 1) * task_.batch_size * task_.sequence + target_offset_;
  while (simulation_.step() < end) {
    run_stretch(end);
    if (simulation_.step() < end && !goes_on(end)) return false;
  }
  return true;
}

/// Replicas work side by side on whole batches only.
void TrainingRun::run_stretch(Step end) {
  const Step left = end - simulation_.step();
  const Step steps = replicas_.replicas > 1 ? left : std::min(left, steps_);
  const double begin = Requests::steady_seconds();
  simulation_.run(steps);
  stretch_.adapt(steps, Requests::steady_seconds() - begin);
}

/// Writes a checkpoint if one is due, as soon as it is possible; in step `end` at the latest it is
/// left to the next call. Returns whether training goes on.
bool TrainingRun::goes_on(Step end) {
  steps_ = requests_.agree(stretch_.steps());
  if (!requests_.checkpoint_is_due()) return true;
  while (!simulation_.checkpoint_is_possible() && simulation_.step() < end) simulation_.run(1);
  if (!simulation_.checkpoint_is_possible()) return true;
  if (checkpoints_.is_open() || open_checkpoints()) save_checkpoint();
  return !requests_.stop_is_due();
}

/// For a checkpoint that has been asked for, where there were to be none. If others are in the way,
/// a training that is to go on does without; one that is to stop ends with an error.
bool TrainingRun::open_checkpoints() {
  try {
    on_first_rank(comm_, [&] {
      require_no_unfinished_training(task_.name, options_);
      create_checkpoint_folder(options_);
    });
    checkpoints_.open();
    return true;
  } catch (const std::runtime_error& error) {
    const auto what = fmt::format("no checkpoint was written: {}", error.what());
    if (requests_.stop_is_due()) throw std::runtime_error(what);
    if (comm_.rank() == 0) fmt::print(stderr, "{}: warning: {}\n", task_.name, what);
    requests_.note_checkpoint();
    return false;
  }
}

void TrainingRun::end_iteration() {
  state_.running.begun = false;
  const auto phase = phases_.phase();
  note(phase);
  if (phase == Phase::training) signs_.look(phases_.trained(), simulation_);
  report(phase);
}

/// Judges the iteration done.
void TrainingRun::note(Phase phase) {
  const auto samples = simulation_.take_losses(task_.out);
  const auto labels = feed_.take_labels();
  const auto [loss, error] = score(task_, samples, labels);
  if (!std::isfinite(loss)) {
    throw Diverged(
        fmt::format(
            "population '{}': the loss of an iteration is not finite in step {} ({:.10g} ms): the "
            "simulation has diverged",
            task_.network.at(task_.out).name, simulation_.step(), ms(simulation_.step())),
        simulation_.step());
  }
  if (task_.classifies && phase == Phase::test) {
    count_predictions(samples, labels, state_.confusion);
  }
  state_.losses.push_back(loss);
  state_.errors.push_back(error);
  state_.phases.push_back(static_cast<std::int64_t>(phase));
  best_.end(state_.iterations(), loss);
  phases_.advance(error);
}

void TrainingRun::report(Phase phase) {
  const auto n = state_.iterations();
  IterationReport report{.iteration = n,
                         .planned = phases_.finished() ? n : phases_.planned(),
                         .phase = phase,
                         .loss = state_.losses.back(),
                         .error = {},
                         .learning_rate = state_.running.rate,
                         .time = ms(simulation_.step())};
  if (task_.classifies) report.error = state_.errors.back();
  on_iteration(report);
  if (phases_.finished() || phases_.phase() != phase) report_end_of(phase);
}

void TrainingRun::report_end_of(Phase phase) {
  const auto same = [&](std::int64_t other) { return other == static_cast<std::int64_t>(phase); };
  const auto begin = std::find_if_not(state_.phases.rbegin(), state_.phases.rend(), same);
  const auto n = begin - state_.phases.rbegin();
  const auto mean = [&](const std::vector<double>& values) {
    return std::accumulate(values.end() - n, values.end(), 0.0) / static_cast<double>(n);
  };
  PhaseReport report{.phase = phase, .iterations = n, .loss = mean(state_.losses), .error = {}};
  if (task_.classifies) report.error = mean(state_.errors);
  on_phase(report);
}

void TrainingRun::save_checkpoint() {
  signs_.note_spikes(simulation_);
  state_.pending = feed_.checksum();
  state_.finished = phases_.finished();
  curves_.append(state_, simulation_);
  checkpoints_.save(state_, simulation_);
  requests_.note_checkpoint();
}

void TrainingRun::finish() {
  if (is_complete_) return;
  curves_.append(state_, simulation_);
  record_weight_matrices(task_, simulation_, "after");
  if (task_.classifies && task_.plan.test_iterations > 0) {
    simulation_.write_output("/task/confusion", state_.confusion, task_.network.at(task_.out).size);
  }
  if (phases_.finished()) {
    note_end(simulation_);
    if (checkpoints_.is_open()) save_checkpoint();
  }
  simulation_.close_output();
}

void TrainingRun::scale_learning_rate(double factor) {
  if (!(std::isfinite(factor) && factor > 0.0)) {
    core::refuse("learning rate", "factor", factor, "", "must be above 0 and finite");
  }
  state_.rate_scale *= factor;
}

void TrainingRun::write_best_weights(const std::string& path, bool overwrite) {
  if (state_.best.iteration == 0) {
    core::refuse(
        "best weights", "path", path, "",
        options_.keep_best ? "must come after the first iteration that counts" : "needs keep_best");
  }
  best_.write(path, overwrite, simulation_);
}

}  // namespace eprop::training
