#include "training/training_run.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <utility>
#include <vector>

#include "eprop/comm/collectives.hpp"
#include "training/check_training.hpp"
#include "training/earlier_run.hpp"
#include "training/first_rank.hpp"
#include "training/folders.hpp"
#include "training/identity.hpp"
#include "training/recordings.hpp"
#include "training/replay.hpp"
#include "training/spare_processor.hpp"

/// How a training begins, or goes on from a checkpoint.
namespace eprop::training {
namespace {

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
      is_auto_(options.resume == "auto"),
      comm_(comm),
      target_offset_(task.target_offset()),
      checkpoints_(task.name, options, comm),
      replicas_(replicas_for(task.network, options, comm)),
      simulation_(task.network, comm, {.threads = options.threads, .replicas = replicas_.replicas}),
      state_(initial_state()),
      best_(task, comm, state_),
      signs_(task, comm, state_),
      phases_(task.plan),
      feed_(task),
      curves_(task.classifies),
      requests_(options.checkpoint_minutes, comm),
      draws_ahead_(task.draws_ahead && (share_work(replicas_, options, comm) ||
                                        has_spare_processor(comm, options.threads))) {
  options_.resume.empty() ? start() : resume();
}

TrainingState TrainingRun::initial_state() {
  if (resumes_newest(options_)) {
    if (auto state = newest_state()) return std::move(*state);
  } else if (!options_.resume.empty()) {
    return state_in(options_.resume);
  }
  TrainingState state;
  state.task = task_.name;
  state.batch_size = task_.batch_size;
  state.record = options_.record;
  const std::size_t readouts = task_.network.at(task_.out).size;
  state.confusion.assign(readouts * readouts, 0);
  return state;
}

TrainingState TrainingRun::state_in(const std::string& checkpoint) {
  auto state = training_state(simulation_.load_checkpoint(checkpoint), checkpoint);
  if (!options_.keep_best) {
    state.best = {};
    state.running.may_be_best = false;
  }
  return state;
}

/// Of the newest checkpoint that is not damaged, which becomes the one to go on from.
std::optional<TrainingState> TrainingRun::newest_state() {
  options_.resume.clear();
  auto paths = list_checkpoints(task_.name, options_.checkpoint_folder, comm_);
  for (; !paths.empty(); paths.pop_back()) {
    try {
      auto state = state_in(paths.back());
      options_.resume = paths.back();
      checkpoints_.adopt(options_.resume, state.previous);
      return state;
    } catch (const DamagedCheckpoint& damage) {
      if (comm_.rank() != 0) continue;
      fmt::print(stderr, "{}: warning: {}{}\n", task_.name, damage.what(),
                 paths.size() > 1 ? "; the one before is taken" : "");
    }
  }
  if (is_auto_) return std::nullopt;
  throw CheckpointError(fmt::format("folder {}: all checkpoints of {} are damaged",
                                    options_.checkpoint_folder, task_.name));
}

void TrainingRun::start() {
  if (!options_.initial_weights.empty()) {
    simulation_.load_weights(options_.initial_weights, task_.plastic);
  }
  feed_.draw(phases_);
  state_.identity = identity(task_, options_, simulation_.network_checksum(), feed_.checksum());
  open_output(options_.overwrite || may_replace_output());
  simulation_.track_loss(
      task_.out,
      {.offset = ms(target_offset_), .interval = ms(task_.sequence), .window = ms(task_.window)});
  record_weight_matrices(task_, simulation_, "before");
  if (options_.record) record_weights(task_, simulation_);
  feed_.append_to(simulation_);
}

/// Says in the file what it is of before anything can happen to this run.
void TrainingRun::open_output(bool overwrite) {
  if (options_.output.empty()) return;
  simulation_.open_output(options_.output, {.overwrite = overwrite});
  describe_task(task_, state_.identity, simulation_);
  simulation_.flush_output();
}

/// Whether a file in the place of the output file is of an attempt at this training that has not
/// come to a checkpoint: it has nothing that will not be in the new one.
bool TrainingRun::may_replace_output() {
  if (!is_auto_ || options_.output.empty()) return false;
  std::vector<LeftOutput> left(1, LeftOutput::none);
  on_first_rank(comm_, [&] {
    left[0] = left_output(options_.output, state_.identity, options_.names);
    if (left[0] != LeftOutput::damaged) return;
    fmt::print(stderr, "{}: warning: output file {}: is damaged; it is {} now\n", task_.name,
               options_.output, move_aside(options_.output));
  });
  comm::broadcast(comm_, left, 0);
  return left[0] == LeftOutput::own;
}

void TrainingRun::resume() {
  replay(state_, task_, options_, feed_, phases_);
  is_complete_ = is_complete();
  if (is_complete_ || options_.output.empty()) return;
  const bool has_first_iteration = continue_output();
  if (!options_.record) return;
  record_weights(task_, simulation_);
  if (has_first_iteration && (state_.running.begun || state_.iterations() > 0)) {
    record_iteration(task_, simulation_, "", 0);
  }
  if (state_.last_recorded >= 0) {
    record_iteration(task_, simulation_, ".last", state_.last_recorded);
  }
}

/// Whether training was over, and the output file has what it came to.
bool TrainingRun::is_complete() {
  if (!state_.finished || !phases_.finished()) return false;
  std::vector<char> is_there(1, '\1');
  if (comm_.rank() == 0 && !options_.output.empty()) {
    is_there[0] = has_losses_of(options_.output, state_) ? '\1' : '\0';
  }
  comm::broadcast(comm_, is_there, 0);
  return is_there[0] != '\0';
}

/// Goes on with the output file of the checkpoint and returns true; if that is gone or damaged,
/// with a new one.
bool TrainingRun::continue_output() {
  on_first_rank(comm_, [&] { require_same_run(options_.output, state_, options_.names); });
  try {
    simulation_.continue_output(options_.output, {.overwrite = options_.overwrite});
    curves_.goes_on_after(state_, simulation_);
    return true;
  } catch (const DamagedOutput& damage) {
    on_first_rank(comm_, [&] { set_aside(damage); });
    open_output(options_.overwrite);
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

}  // namespace eprop::training
