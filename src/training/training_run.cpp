#include "training/training_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "core/refuse.hpp"
#include "eprop/comm/agreement.hpp"
#include "training/check_training.hpp"
#include "training/divergence_report.hpp"
#include "training/earlier_run.hpp"
#include "training/folders.hpp"
#include "training/recordings.hpp"
#include "training/replay.hpp"
#include "training/scores.hpp"
#include "training/spare_processor.hpp"

namespace eprop::training {
namespace {

/// Calls f() on rank 0; what it refuses, all ranks do.
template <class F>
void on_first_rank(comm::Communicator& comm, F&& f) {
  comm::on_first_rank<std::runtime_error, std::logic_error>(comm, "preparing the training", f);
}

/// The task, once it is known that it can be trained and that nothing is in the way.
Task& prepared(Task& task, const TrainingOptions& options, comm::Communicator& comm) {
  check_task(task);
  check_options(options);
  on_first_rank(comm, [&] {
    require_nothing_to_lose(task.name, options);
    create_folders(options);
  });
  return task;
}

ReplicaChoice replicas_for(const Network& network, const TrainingOptions& options,
                           const comm::Communicator& comm) {
  if (options.replicas != 0) return {options.replicas, {}};
  return most_replicas(network, comm.size(), options.threads);
}

/// Whether threads of a rank simulate samples of their own: one that draws takes nothing from them
/// that they do not share out anew.
bool share_work(const ReplicaChoice& choice, const TrainingOptions& options,
                const comm::Communicator& comm) {
  return options.threads > 1 && choice.replicas == comm.size() * options.threads;
}

}  // namespace

TrainingRun::TrainingRun(Task& task, const TrainingOptions& options, comm::Communicator& comm)
    : task_(prepared(task, options, comm)),
      options_(options),
      comm_(comm),
      target_offset_(task.target_offset()),
      checkpoints_(task.name, options, comm),
      replicas_(replicas_for(task.network, options, comm)),
      simulation_(task.network, comm, {.threads = options.threads, .replicas = replicas_.replicas}),
      state_(initial_state()),
      best_(task, comm, state_.best),
      phases_(task.plan),
      feed_(task),
      curves_(task.classifies),
      draws_ahead_(task.draws_ahead && (share_work(replicas_, options, comm) ||
                                        has_spare_processor(comm, options.threads))) {
  options_.resume.empty() ? start() : resume();
}

double TrainingRun::ms(Step steps) const {
  return static_cast<double>(steps) * task_.network.options().dt;
}

TrainingState TrainingRun::initial_state() {
  if (!options_.resume.empty()) {
    auto state = training_state(simulation_.load_checkpoint(options_.resume), options_.resume);
    if (!options_.keep_best) state.best = {};
    return state;
  }
  TrainingState state;
  state.task = task_.name;
  state.batch_size = task_.batch_size;
  state.record = options_.record;
  const std::size_t readouts = task_.network.at(task_.out).size;
  state.confusion.assign(readouts * readouts, 0);
  return state;
}

void TrainingRun::start() {
  if (!options_.initial_weights.empty()) {
    simulation_.load_weights(options_.initial_weights, task_.plastic);
  }
  open_output();
  simulation_.track_loss(
      task_.out,
      {.offset = ms(target_offset_), .interval = ms(task_.sequence), .window = ms(task_.window)});
  record_weight_matrices(task_, simulation_, "before");
  if (options_.record) record_weights(task_, simulation_);
  append_samples();
}

void TrainingRun::open_output() {
  if (options_.output.empty()) return;
  simulation_.open_output(options_.output, {.overwrite = options_.overwrite});
  describe_task(task_, simulation_);
}

void TrainingRun::resume() {
  replay(state_, task_, options_, feed_, phases_);
  if (options_.output.empty()) return;
  const bool has_first_iteration = continue_output();
  if (!options_.record) return;
  record_weights(task_, simulation_);
  if (has_first_iteration) record_iteration(task_, simulation_, "", 0);
  if (state_.last_recorded >= 0) {
    record_iteration(task_, simulation_, ".last", state_.last_recorded);
  }
}

/// Goes on with the output file of the checkpoint and returns true; if that is gone or damaged,
/// with a new one.
bool TrainingRun::continue_output() {
  on_first_rank(comm_, [&] { require_same_run(options_.output, state_.losses, options_.names); });
  try {
    simulation_.continue_output(options_.output);
    curves_.goes_on_after(state_, simulation_);
    return true;
  } catch (const DamagedOutput& damage) {
    on_first_rank(comm_, [&] { set_aside(damage); });
    open_output();
    return false;
  }
}

/// On rank 0: makes room for a new output file and says what it will have.
void TrainingRun::set_aside(const DamagedOutput& damage) const {
  std::string where;
  if (std::filesystem::exists(options_.output)) {
    where = fmt::format(" (it is {} now)", move_aside(options_.output));
  }
  const auto recordings = phases_.finished()
                              ? std::string("no recordings, as training was over")
                              : fmt::format("recordings from iteration {}, {} ms, on",
                                            state_.iterations() + 1, ms(simulation_.step()));
  fmt::print(stderr, "{}: warning: {}{}; a new file has the losses of all iterations, and {}\n",
             task_.name, damage.what(), where, recordings);
}

void TrainingRun::run() {
  if (std::exchange(has_run_, true)) {
    throw std::logic_error(fmt::format("training of {}: has been run already", task_.name));
  }
  try {
    iterate();
  } catch (const Diverged& e) {
    const auto checkpoint = checkpoints_.latest().value_or(options_.resume);
    throw Diverged(divergence_report(e.what(), state_.iterations() + 1, checkpoint, options_.names),
                   e.step());
  }
  finish();
}

void TrainingRun::iterate() {
  while (!phases_.finished() && !stopping) {
    one_iteration();
    const auto every = options_.checkpoint_every;
    if (every > 0 && (stopping || state_.iterations() % every == 0)) {
      save_checkpoint();
    } else if (simulation_.flush_is_due()) {
      curves_.append(state_, simulation_);
      simulation_.flush_output();
    }
  }
}

/// The samples of the next iteration are handed over before this one runs, and with the last sample
/// of this one the next has begun at the inputs.
void TrainingRun::one_iteration() {
  const auto phase = phases_.phase();
  const double rate = set_learning_rate(phase);
  if (options_.record) record_first_and_last();
  if (options_.keep_best) best_.begin(phase, simulation_);
  append_samples();
  if (draws_ahead_) {
    feed_.draw_during([this] { simulate_iteration(); }, phases_);
  } else {
    simulate_iteration();
  }
  note(phase);
  report(phase, rate);
}

double TrainingRun::set_learning_rate(Phase phase) {
  const double rate =
      phase == Phase::training
          ? state_.rate_scale * learning_rate(task_.plan.learning_rate, phases_.trained())
          : 0.0;
  for (const auto projection : task_.plastic) {
    simulation_.set_learning_rate(projection, rate, RateChange::running_interval);
  }
  return rate;
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

void TrainingRun::simulate_iteration() {
  const Step end = (state_.iterations() + 1) * task_.batch_size * task_.sequence + target_offset_;
  simulation_.run(end - simulation_.step());
}

/// Judges the iteration done.
void TrainingRun::note(Phase phase) {
  const auto samples = simulation_.take_losses(task_.out);
  const auto labels = feed_.take_labels();
  const auto [loss, error] = score(task_, samples, labels);
  if (task_.classifies && phase == Phase::test) {
    count_predictions(samples, labels, state_.confusion);
  }
  state_.losses.push_back(loss);
  state_.errors.push_back(error);
  state_.phases.push_back(static_cast<std::int64_t>(phase));
  best_.end(state_.iterations(), loss);
  phases_.advance(error);
}

void TrainingRun::report(Phase phase, double rate) {
  const auto n = state_.iterations();
  IterationReport report{.iteration = n,
                         .planned = phases_.finished() ? n : phases_.planned(),
                         .phase = phase,
                         .loss = state_.losses.back(),
                         .error = {},
                         .learning_rate = rate,
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
  state_.pending = feed_.checksum();
  state_.finished = phases_.finished();
  curves_.append(state_, simulation_);
  checkpoints_.save(state_, simulation_);
}

void TrainingRun::finish() {
  curves_.append(state_, simulation_);
  record_weight_matrices(task_, simulation_, "after");
  if (task_.classifies && task_.plan.test_iterations > 0) {
    simulation_.write_output("/task/confusion", state_.confusion, task_.network.at(task_.out).size);
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
