#include "support/example.hpp"

#include <cstdlib>
#include <stdexcept>

#include "eprop/comm/agreement.hpp"
#include "eprop/stop_requests.hpp"
#include "support/describe.hpp"
#include "support/learning_options.hpp"
#include "support/program.hpp"
#include "support/progress.hpp"

namespace eprop::examples {
namespace {

void print_warnings(const std::string& name, const std::vector<std::string>& warnings) {
  for (const auto& warning : warnings) fmt::print(stderr, "{}: warning: {}\n", name, warning);
}

TrainingOptions training_options(const Options& options) {
  return {.threads = options.threads,
          .replicas = options.replicas,
          .initial_weights = options.initial_weights,
          .output = options.output,
          .record = options.record,
          .checkpoint_every = options.checkpoint_every,
          .checkpoint_minutes = options.checkpoint_minutes,
          .checkpoint_folder = options.checkpoint_dir,
          .overwrite = options.overwrite,
          .resume = options.resume,
          .names = {.output = "--output",
                    .checkpoint_every = "--checkpoint-every",
                    .checkpoint_minutes = "--checkpoint-minutes",
                    .checkpoint_folder = "--checkpoint-dir",
                    .overwrite = "--overwrite",
                    .resume = "--resume"}};
}

/// Says on how much of a machine the training runs, which may be less than a job has asked for.
void print_layout(const std::string& name, const Options& options, int ranks,
                  const ReplicaChoice& choice) {
  const auto why = choice.reason.empty() ? "" : ", as " + choice.reason;
  fmt::print(stderr, "{}: {} x {}, {}{}\n", name, counted(ranks, "rank"),
             counted(options.threads, "thread"), counted(choice.replicas, "replica"), why);
}

/// Says where training begins, if it does not at the begin.
void print_begin(const std::string& name, const Options& options, const Trainer& trainer) {
  if (trainer.finished()) {
    fmt::print(stderr, "{}: training is complete after {} iterations, nothing is left to do\n",
               name, trainer.iterations());
  } else if (!trainer.latest_checkpoint().empty()) {
    fmt::print(stderr, "{}: goes on from {}, after {} iterations\n", name,
               trainer.latest_checkpoint(), trainer.iterations());
  } else if (options.resume == "auto") {
    fmt::print(stderr, "{}: starts anew, as there is no checkpoint in {}\n", name,
               options.checkpoint_dir);
  }
}

void print_stop(const std::string& name, const Trainer& trainer) {
  fmt::print(stderr, "{}: stopped by a signal after {} iterations; --resume {} goes on\n", name,
             trainer.iterations(), trainer.latest_checkpoint());
}

ProgressState progress_state(const IterationReport& report) {
  ProgressState state{.iteration = report.iteration,
                      .total = report.planned,
                      .model_time = report.time,
                      .loss = report.loss,
                      .error = report.error,
                      .phase = {}};
  if (report.error) state.phase = to_string(report.phase);
  return state;
}

std::string describe_iterations(const Task& task) {
  const auto steps = task.batch_size * task.sequence;
  return fmt::format(
      "iteration          {} steps: {} x {}, {} ms of model time\n"
      "iterations         {} of training{}\n",
      steps, counted(task.batch_size, "sample"), counted(task.sequence, "step"),
      static_cast<double>(steps) * task.network.options().dt, task.plan.iterations,
      task.plan.test_iterations > 0 ? fmt::format(", {} of test", task.plan.test_iterations) : "");
}

void print_description(const Task& task, const Options& options, comm::Communicator& comm) {
  const auto replicas = options.replicas != 0
                            ? options.replicas
                            : most_replicas(task.network, comm.size(), options.threads).replicas;
  const auto text =
      describe(task.network, {.threads = options.threads, .replicas = replicas}, comm);
  if (comm.rank() == 0) fmt::print("{}\n\n{}\n{}", task.name, describe_iterations(task), text);
}

/// Until the process exits, as launchers that end all ranks may do so as soon as one has.
void answer_signals() { static const SignalRequests until_exit; }

/// Of the steps, where the threads of a rank can share them.
std::optional<double> share_of_one_thread(const RankStatistics& done, const Options& options,
                                          const comm::Communicator& comm, int replicas) {
  const int all_threads = comm.size() * options.threads;
  if (options.threads == 1 || replicas == all_threads || done.steps == 0) return {};
  return static_cast<double>(done.steps_of_one_thread) / static_cast<double>(done.steps);
}

/// Returns the exit status.
int train(Task& task, const Options& options, comm::Communicator& comm) {
  Trainer trainer(task, training_options(options), comm);
  if (!options.quiet && comm.rank() == 0) {
    print_layout(task.name, options, comm.size(), trainer.replicas());
    print_begin(task.name, options, trainer);
  }
  Progress progress(task.name, options.quiet || comm.rank() != 0, trainer.iterations());
  trainer.on_iteration(
      [&](const IterationReport& report) { progress.update(progress_state(report)); });
  trainer.run();
  const auto done = trainer.simulation().statistics();
  progress.finish(done.phase_seconds,
                  share_of_one_thread(done, options, comm, trainer.replicas().replicas));
  if (comm.rank() == 0) print_warnings(task.name, task.warnings());
  if (trainer.finished()) return 0;
  if (!options.quiet && comm.rank() == 0) print_stop(task.name, trainer);
  return stopped_exit_status;
}

}  // namespace

int run_example(Example& example, int argc, char** argv) {
  const auto read_options = [&](comm::Communicator& comm) {
    CLI::App app(example.description, example.name);
    add_shared_options(app, example.options);
    example.add_options(app);
    return parse(app, example.options, argc, argv, comm.rank() == 0);
  };
  return run_program(argc, argv, read_options, [&](comm::Communicator& comm) {
    if (!example.options.describe) answer_signals();
    comm::on_first_rank<std::runtime_error, std::logic_error>(comm, "looking at the input", [&] {
      print_warnings(example.name, example.check_input(example.options));
    });
    const auto task = example.make_task(example.options);
    task->plan.learning_rate = learning_rates(example.options);
    if (example.options.describe) {
      print_description(*task, example.options, comm);
      return EXIT_SUCCESS;
    }
    return train(*task, example.options, comm);
  });
}

}  // namespace eprop::examples
