#include "support/training.hpp"

#include <algorithm>
#include <deque>

#include "support/progress.hpp"
#include "support/recordings.hpp"

namespace eprop::examples {
namespace {

/// Simulates iteration after iteration. The samples of an iteration are handed over while the one
/// before still runs, because their first spikes come before its last errors.
class Training {
 public:
  Training(Task& task, const Options& options, comm::Communicator& comm)
      : task_(task),
        options_(options),
        simulation_(task.network, comm, options.threads),
        schedule_(task.plan),
        progress_(task.name, options.quiet || comm.rank() != 0) {
    const auto dt = task.network.options().dt;
    simulation_.open_output(options.output);
    describe_task(task, simulation_);
    simulation_.track_loss(task.out, {.offset = static_cast<double>(task.target_offset) * dt,
                                      .interval = static_cast<double>(task.sequence) * dt,
                                      .window = static_cast<double>(task.window) * dt});
    confusion_.assign(readouts() * readouts(), 0);
  }

  void run() {
    record_weight_matrices(task_, simulation_, "before");
    if (options_.record) record_weights(task_, simulation_);
    append_samples();
    for (iteration_ = 0; !schedule_.finished(); ++iteration_) one_iteration();
    record_weight_matrices(task_, simulation_, "after");
    write_results();
    simulation_.close_output();
    progress_.finish(simulation_.phase_seconds());
  }

 private:
  [[nodiscard]] std::size_t readouts() const {
    return task_.network.populations()[task_.out.index].size;
  }
  [[nodiscard]] Step begin_of(std::int64_t iteration) const {
    return iteration * task_.batch_size * task_.sequence;
  }

  void one_iteration() {
    const auto phase = schedule_.phase();
    for (const auto projection : task_.plastic) {
      simulation_.set_learning_rate(projection, phase == Phase::training ? task_.eta : 0.0, true);
    }
    if (options_.record && iteration_ == 0) record_iteration(task_, simulation_, "");
    if (options_.record && iteration_ > 0 && schedule_.last()) {
      record_iteration(task_, simulation_, ".last");
    }
    append_samples();
    simulation_.run(begin_of(iteration_ + 1) + task_.target_offset - simulation_.step());
    const auto [loss, error] = judge(simulation_.take_losses(task_.out), phase);
    losses_.push_back(loss);
    errors_.push_back(error);
    phases_.push_back(static_cast<std::int64_t>(phase));
    schedule_.advance(error);
    ProgressState state{
        .iteration = iteration_ + 1,
        .total = schedule_.finished() ? iteration_ + 1 : schedule_.planned(),
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

  /// Hands over the samples of the iteration after those handed over so far.
  void append_samples() {
    const auto dt = task_.network.options().dt;
    const auto samples = task_.next(schedule_.phase());
    std::vector<std::vector<double>> spikes(task_.network.populations()[task_.in.index].size);
    StepRates target{{}, std::vector<std::vector<double>>(readouts())};
    StepRates window{{}, std::vector<std::vector<double>>(1)};
    auto begin = begin_of(appended_++);
    for (const auto& sample : samples) {
      for (std::size_t i = 0; i < sample.spikes.size(); ++i) {
        for (const auto step : sample.spikes[i]) {
          spikes[i].push_back(static_cast<double>(begin + step) * dt);
        }
      }
      for (std::size_t c = 0; c < sample.target_steps.size(); ++c) {
        const auto step = begin + task_.target_offset + sample.target_steps[c];
        target.times.push_back(static_cast<double>(step) * dt);
        for (std::size_t k = 0; k < target.amplitudes.size(); ++k) {
          target.amplitudes[k].push_back(sample.target[k][c]);
        }
      }
      const auto first = begin + task_.target_offset;
      for (const auto& [step, open] :
           {std::pair{first, 0.0}, std::pair{first + task_.sequence - task_.window, 1.0}}) {
        window.times.push_back(static_cast<double>(step) * dt);
        window.amplitudes[0].push_back(open);
      }
      labels_.push_back(sample.label);
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
      if (phase == Phase::test) ++confusion_[label * readouts() + predicted];
    }
    return {loss / n, wrong / n};
  }

  [[nodiscard]] bool is_softmax() const {
    const auto& model = std::get<NeuronModel>(task_.network.populations()[task_.out.index].what);
    const auto* readout = std::get_if<EpropReadoutBsshslm2020>(&model);
    return readout != nullptr && readout->loss == Loss::cross_entropy;
  }

  void write_results() {
    simulation_.write_output("/training/loss", losses_);
    if (!task_.classifies) return;
    simulation_.write_output("/training/error", errors_);
    simulation_.write_output("/training/phase", phases_);
    simulation_.write_output_attribute(
        "/training/phase", "labels",
        std::vector<std::string>{to_string(Phase::training), to_string(Phase::validation),
                                 to_string(Phase::test)});
    if (task_.plan.test_iterations > 0) {
      simulation_.write_output("/task/confusion", confusion_, readouts());
    }
  }

  Task& task_;
  const Options& options_;
  Simulation simulation_;
  Schedule schedule_;
  Progress progress_;
  std::int64_t iteration_ = 0, appended_ = 0;
  std::deque<int> labels_;
  std::vector<double> losses_, errors_;
  std::vector<std::int64_t> phases_;
  std::vector<std::int64_t> confusion_;
};

}  // namespace

void train(Task& task, const Options& options, comm::Communicator& comm) {
  Training(task, options, comm).run();
}

int run_example(Example& example, int argc, char** argv) {
  int status = 0;
  const int launched = comm::run_with_mpi(argc, argv, [&](comm::Communicator& comm) {
    CLI::App app(example.description, example.name);
    add_shared_options(app, example.options);
    example.add_options(app);
    if (const auto code = parse(app, example.options, argc, argv, comm.rank() == 0)) {
      status = *code;
      return;
    }
    if (comm.rank() == 0) create_folders(example.options);
    comm.barrier();
    const auto task = example.make_task(example.options);
    train(*task, example.options, comm);
  });
  return launched != 0 ? launched : status;
}

}  // namespace eprop::examples
