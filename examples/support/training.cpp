#include "support/training.hpp"

#include <algorithm>
#include <boost/crc.hpp>
#include <csignal>
#include <deque>
#include <filesystem>
#include <stdexcept>

#include "eprop/comm/agreement.hpp"
#include "eprop/comm/collectives.hpp"
#include "support/checkpoint_folder.hpp"
#include "support/divergence_report.hpp"
#include "support/earlier_run.hpp"
#include "support/learning_options.hpp"
#include "support/progress.hpp"
#include "support/recordings.hpp"
#include "support/training_curves.hpp"
#include "support/training_state.hpp"

namespace eprop::examples {
namespace {

std::uint32_t checksum(const std::vector<Sample>& samples) {
  boost::crc_32_type crc;
  const auto add = [&](const auto& values) {
    crc.process_bytes(values.data(), values.size() * sizeof(values[0]));
  };
  for (const auto& sample : samples) {
    for (const auto& spikes : sample.spikes) add(spikes);
    add(sample.target_steps);
    for (const auto& target : sample.target) add(target);
    crc.process_bytes(&sample.label, sizeof(sample.label));
  }
  return crc.checksum();
}

/// Calls f() on rank 0; what it refuses, all ranks do.
template <class F>
void checked_by_first_rank(comm::Communicator& comm, F&& f) {
  comm::on_first_rank<std::runtime_error, std::logic_error>(comm, "preparing the training", f);
}

/// Simulates iteration after iteration. The samples of an iteration are handed over while the one
/// before still runs, because their first spikes come before its last errors.
class Training {
 public:
  Training(Task& task, const Options& options, comm::Communicator& comm)
      : task_(task),
        options_(options),
        comm_(comm),
        checkpoints_(task.name, options, comm),
        simulation_(task.network, comm, options.threads),
        schedule_(task.plan),
        state_(initial_state()),
        curves_(task.classifies),
        progress_(task.name, options.quiet || comm.rank() != 0, state_.iterations()) {
    options.resume.empty() ? start() : resume();
  }

  void run() {
    try {
      iterations();
    } catch (const Diverged& e) {
      const auto checkpoint = checkpoints_.latest().value_or(options_.resume);
      throw Diverged(divergence_report(e.what(), state_.iterations() + 1, checkpoint), e.step());
    }
    curves_.append(state_, simulation_);
    record_weight_matrices(task_, simulation_, "after");
    write_confusion();
    simulation_.close_output();
    progress_.finish(simulation_.phase_seconds());
  }

 private:
  void iterations() {
    while (!schedule_.finished()) {
      one_iteration();
      if (options_.checkpoint_every > 0 && state_.iterations() % options_.checkpoint_every == 0) {
        save_checkpoint();
      } else if (simulation_.flush_is_due()) {
        curves_.append(state_, simulation_);
        simulation_.flush_output();
      }
    }
  }

  [[nodiscard]] std::size_t readouts() const { return task_.network.at(task_.out).size; }
  [[nodiscard]] Step begin_of(std::int64_t iteration) const {
    return iteration * task_.batch_size * task_.sequence;
  }

  TrainingState initial_state() {
    if (!options_.resume.empty()) {
      return training_state(simulation_.load_checkpoint(options_.resume), options_.resume);
    }
    TrainingState state;
    state.task = task_.name;
    state.batch_size = task_.batch_size;
    state.record = options_.record;
    state.confusion.assign(readouts() * readouts(), 0);
    return state;
  }

  void start() {
    if (!options_.initial_weights.empty()) {
      simulation_.load_weights(options_.initial_weights, task_.plastic);
    }
    const auto dt = task_.network.options().dt;
    open_output();
    simulation_.track_loss(task_.out, {.offset = static_cast<double>(target_offset_) * dt,
                                       .interval = static_cast<double>(task_.sequence) * dt,
                                       .window = static_cast<double>(task_.window) * dt});
    record_weight_matrices(task_, simulation_, "before");
    if (options_.record) record_weights(task_, simulation_);
    append_samples();
  }

  void open_output() {
    simulation_.open_output(options_.output, {.overwrite = options_.overwrite});
    describe_task(task_, simulation_);
  }

  /// Goes on with the output file of the checkpoint and returns true; if that is gone or damaged,
  /// with a new one.
  bool continue_output() {
    checked_by_first_rank(comm_, [&] { require_same_run(options_.output, state_.losses); });
    try {
      simulation_.continue_output(options_.output);
      curves_.goes_on_after(state_, simulation_);
      return true;
    } catch (const DamagedOutput& damage) {
      checked_by_first_rank(comm_, [&] { set_aside(damage); });
      open_output();
      return false;
    }
  }

  /// On rank 0: makes room for a new output file and says what it will have.
  void set_aside(const DamagedOutput& damage) {
    std::string where;
    if (std::filesystem::exists(options_.output)) {
      where = fmt::format(" (it is {} now)", move_aside(options_.output));
    }
    const auto recordings =
        schedule_.finished()
            ? std::string("no recordings, as training was over")
            : fmt::format("recordings from iteration {}, {} ms, on", state_.iterations() + 1,
                          static_cast<double>(simulation_.step()) * task_.network.options().dt);
    fmt::print(stderr, "{}: warning: {}{}; a new file has the losses of all iterations, and {}\n",
               task_.name, damage.what(), where, recordings);
  }

  void resume() {
    const auto require = [&](bool same, const std::string& what) {
      if (!same) {
        throw CheckpointError(fmt::format("checkpoint '{}': {}", options_.resume, what));
      }
    };
    require(state_.task == task_.name, fmt::format("is of the task {}", state_.task));
    require(state_.batch_size == task_.batch_size,
            fmt::format("was trained with {} samples per iteration", state_.batch_size));
    require(state_.record == options_.record,
            state_.record ? "was trained with --record" : "was trained with --no-record");
    draw_samples();
    for (std::size_t i = 0; i < state_.errors.size(); ++i) {
      require(
          !schedule_.finished(),
          fmt::format(
              "was trained with other options: with these, training ends after iteration {}", i));
      require(static_cast<std::int64_t>(schedule_.phase()) == state_.phases[i],
              fmt::format("was trained with other options: iteration {} was another phase", i + 1));
      draw_samples();
      labels_.erase(labels_.begin(), labels_.begin() + task_.batch_size);
      schedule_.advance(state_.errors[i]);
    }
    require(schedule_.finished() || checksum(pending_) == state_.pending,
            fmt::format("was trained with other options: iteration {} has begun with other samples",
                        state_.iterations() + 1));
    require(schedule_.finished() || state_.last_recorded < 0,
            "is of the end of a training, whose last iteration has been recorded as such; continue "
            "from an earlier one");
    const bool has_first_iteration = continue_output();
    if (!options_.record) return;
    record_weights(task_, simulation_);
    if (has_first_iteration) record_iteration(task_, simulation_, "", 0);
    if (state_.last_recorded >= 0) {
      record_iteration(task_, simulation_, ".last", state_.last_recorded);
    }
  }

  void save_checkpoint() {
    state_.pending = checksum(pending_);
    state_.finished = schedule_.finished();
    curves_.append(state_, simulation_);
    checkpoints_.save(state_, simulation_);
  }

  void one_iteration() {
    const auto phase = schedule_.phase();
    const double eta = phase == Phase::training
                           ? learning_rate(task_.eta, options_.eta_decay, schedule_.trained())
                           : 0.0;
    for (const auto projection : task_.plastic) {
      simulation_.set_learning_rate(projection, eta, RateChange::running_interval);
    }
    const auto iteration = state_.iterations();
    if (options_.record && iteration == 0) record_iteration(task_, simulation_, "", 0);
    if (options_.record && iteration > 0 && schedule_.last()) {
      state_.last_recorded = simulation_.step();
      record_iteration(task_, simulation_, ".last", state_.last_recorded);
    }
    append_samples();
    simulation_.run(begin_of(iteration + 1) + target_offset_ - simulation_.step());
    const auto [loss, error] = judge(simulation_.take_losses(task_.out), phase);
    state_.losses.push_back(loss);
    state_.errors.push_back(error);
    state_.phases.push_back(static_cast<std::int64_t>(phase));
    schedule_.advance(error);
    ProgressState state{
        .iteration = iteration + 1,
        .total = schedule_.finished() ? iteration + 1 : schedule_.planned(),
        .model_time = static_cast<double>(simulation_.step()) * task_.network.options().dt,
        .loss = loss,
        .error = {},
        .phase = {}};
    if (task_.classifies) {
      state.error = error;
      state.phase = to_string(phase);
    }
    progress_.update(state);
  }

  /// Draws the samples of the iteration after those drawn so far.
  void draw_samples() {
    const bool first = drawn_++ == 0;
    pending_ = task_.next(first ? schedule_.phase() : schedule_.phase_after());
    for (const auto& sample : pending_) labels_.push_back(sample.label);
  }

  void append_samples() {
    const auto dt = task_.network.options().dt;
    auto begin = begin_of(drawn_);
    draw_samples();
    std::vector<std::vector<double>> spikes(task_.network.at(task_.in).size);
    StepRates target{{}, std::vector<std::vector<double>>(readouts())};
    StepRates window{{}, std::vector<std::vector<double>>(1)};
    for (std::size_t i = 0; i < spikes.size(); ++i) {
      std::size_t n = 0;
      for (const auto& sample : pending_) n += sample.spikes[i].size();
      spikes[i].reserve(n);
    }
    for (const auto& sample : pending_) {
      for (std::size_t i = 0; i < sample.spikes.size(); ++i) {
        for (const auto step : sample.spikes[i]) {
          spikes[i].push_back(static_cast<double>(begin + step) * dt);
        }
      }
      for (std::size_t c = 0; c < sample.target_steps.size(); ++c) {
        const auto step = begin + target_offset_ + sample.target_steps[c];
        target.times.push_back(static_cast<double>(step) * dt);
        for (std::size_t k = 0; k < target.amplitudes.size(); ++k) {
          target.amplitudes[k].push_back(sample.target[k][c]);
        }
      }
      const auto first = begin + target_offset_;
      for (const auto& [step, open] :
           {std::pair{first, 0.0}, std::pair{first + task_.sequence - task_.window, 1.0}}) {
        window.times.push_back(static_cast<double>(step) * dt);
        window.amplitudes[0].push_back(open);
      }
      begin += task_.sequence;
    }
    if (task_.window_signal) simulation_.append_rates(*task_.window_signal, window);
    simulation_.append_spikes(task_.in, spikes);
    simulation_.append_rates(task_.target, target);
  }

  std::pair<double, double> judge(const std::vector<IntervalLoss>& samples, Phase phase) {
    double loss = 0.0, wrong = 0.0;
    const auto n = static_cast<double>(samples.size());
    for (const auto& sample : samples) {
      double squared = 0.0, entropy = 0.0;
      for (const double e : sample.squared_error) squared += e;
      for (const double e : sample.cross_entropy) entropy += e;
      loss += is_softmax() ? entropy / static_cast<double>(task_.window)
                           : 0.5 * squared / static_cast<double>(readouts());
      const auto best = std::max_element(sample.readout.begin(), sample.readout.end());
      const auto predicted = static_cast<std::size_t>(best - sample.readout.begin());
      const auto label = static_cast<std::size_t>(labels_.front());
      labels_.pop_front();
      if (!task_.classifies) continue;
      wrong += predicted != label ? 1.0 : 0.0;
      if (phase == Phase::test) ++state_.confusion[label * readouts() + predicted];
    }
    return {loss / n, wrong / n};
  }

  [[nodiscard]] bool is_softmax() const {
    const auto& model = std::get<NeuronModel>(task_.network.at(task_.out).what);
    const auto* readout = std::get_if<EpropReadoutBsshslm2020>(&model);
    return readout != nullptr && readout->loss == Loss::cross_entropy;
  }

  void write_confusion() {
    if (task_.classifies && task_.plan.test_iterations > 0) {
      simulation_.write_output("/task/confusion", state_.confusion, readouts());
    }
  }

  Task& task_;
  const Step target_offset_ = task_.target_offset();
  const Options& options_;
  comm::Communicator& comm_;
  CheckpointFolder checkpoints_;
  Simulation simulation_;
  Schedule schedule_;
  TrainingState state_;
  TrainingCurves curves_;
  Progress progress_;
  std::int64_t drawn_ = 0;       ///< iterations whose samples have been drawn
  std::vector<Sample> pending_;  ///< the samples drawn last
  std::deque<int> labels_;       ///< of the samples drawn and not judged yet
};

/// Ranks that were started with different options or environments would wait for each other.
void require_one_verdict(comm::Communicator& comm, int mine) {
  const auto all = comm::all_gather(comm, mine);
  if (std::ranges::any_of(all, [&](int verdict) { return verdict != all.front(); })) {
    throw std::runtime_error("options: ranks differ in their command lines or OMP_NUM_THREADS");
  }
}

void print_warnings(const std::string& name, const std::vector<std::string>& warnings) {
  for (const auto& warning : warnings) fmt::print(stderr, "{}: warning: {}\n", name, warning);
}

}  // namespace

void train(Task& task, const Options& options, comm::Communicator& comm) {
  Training(task, options, comm).run();
  if (comm.rank() == 0) print_warnings(task.name, task.warnings());
}

int run_example(Example& example, int argc, char** argv) {
  int status = 0;
  const int launched = comm::run_with_mpi(argc, argv, [&](comm::Communicator& comm) {
    CLI::App app(example.description, example.name);
    add_shared_options(app, example.options);
    example.add_options(app);
    const auto code = parse(app, example.options, argc, argv, comm.rank() == 0);
    require_one_verdict(comm, code.value_or(-1));
    if (code) {
      status = *code;
      // Some launchers end all ranks as soon as one has exited with an error. All are about to, and
      // shall do so with the same status.
      if (status != 0) std::signal(SIGTERM, SIG_IGN);
      return;
    }
    checked_by_first_rank(comm, [&] {
      require_nothing_to_lose(example.name, example.options);
      print_warnings(example.name, example.check_input(example.options));
      create_folders(example.options);
    });
    const auto task = example.make_task(example.options);
    train(*task, example.options, comm);
  });
  return launched != 0 ? launched : status;
}

}  // namespace eprop::examples
