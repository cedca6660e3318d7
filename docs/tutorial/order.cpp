#include "eprop/eprop.hpp"

#include <cstdio>
#include <cstdlib>
#include <random>

using namespace eprop;

/// n recordings of 100 ms. Of two groups of ten channels each, one speaks early, the other late,
/// with three spikes from each channel. The label is the group that was first.
std::shared_ptr<const Dataset> recordings(std::size_t n, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<> jitter(0.0, 20.0);  // ms
  std::vector<LabelledSpikes> samples(n);
  for (auto& sample : samples) {
    sample.label = random() % 2;
    for (std::uint32_t i = 0; i < 60; ++i) {
      const std::uint32_t channel = i / 3, group = channel / 10;
      sample.spikes.push_back({(group == sample.label ? 5.0 : 35.0) + jitter(random), channel});
    }
  }
  return std::make_shared<MemoryDataset>(20, 2, std::move(samples));
}

class Order final : public Task {
 public:
  Order() : Task({.dt = 1.0, .seed = 1, .update_interval = 100.0, .learning_window = 20.0}) {
    name = "order";
    sequence = 100;  // steps of a sample; the readouts are judged in the last 20
    window = 20;
    batch_size = 32;
    classifies = true;
    plan = {.iterations = 40,
            .learning_rate = {CosineLearningRate{.eta = 5e-3, .iterations = 40}},
            .validate_every = 10,
            .test_iterations = 2};

    EpropIafAdaptBsshslm2020 neuron;
    neuron.C_m = 1.0, neuron.E_L = 0.0, neuron.V_th = 0.6, neuron.tau_m = 20.0;  // pF, mV, mV, ms
    neuron.adapt_tau = 100.0, neuron.adapt_beta = 0.1;
    neuron.surrogate_gradient_width = 0.6;
    EpropReadoutBsshslm2020 readout;
    readout.C_m = 1.0, readout.tau_m = 20.0, readout.regular_spike_arrival = false;
    readout.loss = Loss::cross_entropy;
    in = network.add("in", SpikeTrains{std::vector<std::vector<double>>(20)});
    recurrent = {network.add("rec", 50, neuron)};
    out = network.add("out", 2, readout);
    target = network.add("target", StepRates{{}, {{}, {}}});
    network.connect_rate(target, out, RateReceptor::target_signal);

    EpropSynapseBsshslm2020 synapse;
    synapse.tau_m_readout = 20.0;
    synapse.optimizer = Adam{{.batch_size = batch_size}};
    const auto learn = [&](Population from, Population to, double deviation) {
      synapse.weight = Normal{0.0, deviation};  // pA
      plastic.push_back(network.connect(from, to, AllToAll{}, synapse));
    };
    learn(in, recurrent[0], 0.3);
    learn(recurrent[0], recurrent[0], 0.15);
    learn(recurrent[0], out, 0.15);
    network.connect_learning_signal(out, recurrent[0], AllToAll{}, Normal{0.0, 1.0});
  }

  std::vector<Sample> next(Phase phase) override {
    std::vector<Sample> samples;
    for (auto& read : (phase == Phase::training ? training_ : test_).next()) {
      std::vector<std::vector<double>> targets(2, {0.0});
      targets[read.label] = {1.0};
      samples.push_back({std::move(read.input.spikes), {0}, targets, static_cast<int>(read.label)});
    }
    return samples;
  }

 private:
  InputEncoding encoding_{ChannelMap::all(20), {.duration = 100.0, .steps = 100}};
  SampleReader training_{recordings(640, 1), encoding_, {.samples = 41 * 32, .batch = 32}};
  SampleReader test_{recordings(320, 2), encoding_, {.samples = 41 * 32, .batch = 32}};
};

int main(int argc, char** argv) {
  return comm::run_with_mpi(argc, argv, [&](comm::Communicator& comm) {
    TrainingOptions options;
    options.output = "order.h5";
    options.record = true;
    options.checkpoint_every = 10;
    const auto last = argc > 1 ? std::atoi(argv[1]) : 0;  // iteration to stop after
    if (argc > 2) options.resume = argv[2];               // a checkpoint

    Order task;
    Trainer trainer(task, options, comm);
    trainer.on_iteration([&](const IterationReport& it) {
      if (it.iteration == last) trainer.stop();
      if (comm.rank() != 0) return;
      std::printf("%d %s: loss %.4f, error %.3f\n", static_cast<int>(it.iteration),
                  to_string(it.phase).c_str(), it.loss, *it.error);
    });
    trainer.run();
  });
}
