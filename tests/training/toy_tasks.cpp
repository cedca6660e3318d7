#include "toy_tasks.hpp"

namespace eprop::testing {
namespace {

constexpr std::uint32_t inputs = 4, neurons = 7, readouts = 2;

/// Input i spikes in every (3 + (i + pattern) % 4)th step.
std::vector<std::vector<Step>> rhythms(std::int64_t pattern, Step sequence) {
  std::vector<std::vector<Step>> spikes(inputs);
  for (std::uint32_t i = 0; i < inputs; ++i) {
    for (Step t = 2 + i % 3; t < sequence; t += 3 + (i + pattern) % 4) spikes[i].push_back(t);
  }
  return spikes;
}

/// Populations and connections that both tasks have.
void build(Task& task, const NeuronModel& neuron, const NeuronModel& readout,
           SynapseModel synapse) {
  auto& network = task.network;
  task.in = network.add("in", SpikeTrains{std::vector<std::vector<double>>(inputs)});
  task.recurrent = {network.add("rec", neurons, neuron)};
  task.out = network.add("out", readouts, readout);
  task.target = network.add("target", StepRates{{}, std::vector<std::vector<double>>(readouts)});
  network.connect_rate(task.target, task.out, RateReceptor::target_signal);
  const auto connect = [&](Population source, Population target, const Value& weight) {
    std::visit([&](auto& s) { s.weight = weight; }, synapse);
    task.plastic.push_back(network.connect(source, target, AllToAll{}, synapse));
  };
  connect(task.in, task.recurrent[0], Normal{5.0, 1.0});
  connect(task.recurrent[0], task.recurrent[0], Normal{0.0, 0.5});
  connect(task.recurrent[0], task.out, Normal{0.0, 0.3});
  network.connect_learning_signal(task.out, task.recurrent[0], AllToAll{}, Normal{0.0, 1.0});
  task.sequence = task.window = 20;
}

template <class Model>
Model neuron() {
  Model m;
  m.C_m = 1.0;
  m.E_L = 0.0;
  m.tau_m = 20.0;
  m.V_th = 5.0;
  m.surrogate_gradient_width = 5.0;
  return m;
}

}  // namespace

ToyCurve::ToyCurve(const TrainingPlan& training_plan, std::int64_t samples)
    : Task({.seed = 3, .update_interval = 20.0, .learning_window = 20.0}) {
  name = "toy_curve";
  plan = training_plan;
  batch_size = samples;
  EpropReadoutBsshslm2020 readout;
  readout.C_m = 1.0;
  EpropSynapseBsshslm2020 synapse;
  synapse.optimizer = Adam{{.batch_size = batch_size}};
  build(*this, neuron<EpropIafBsshslm2020>(), readout, synapse);
}

std::vector<Sample> ToyCurve::next(Phase) {
  std::vector<Sample> samples;
  for (std::int64_t i = 0; i < batch_size; ++i, ++drawn_) {
    samples.push_back({rhythms(drawn_, sequence), {0, 10}, {{1.0, -1.0}, {0.5, 0.0}}, 0});
  }
  return samples;
}

ToyClasses::ToyClasses(const TrainingPlan& training_plan) : Task({.seed = 4}) {
  name = "toy_classes";
  plan = training_plan;
  classifies = true;
  EpropReadout readout;
  readout.C_m = 1.0;
  EpropSynapse synapse;
  synapse.optimize_each_step = false;
  synapse.optimizer = GradientDescent{};
  build(*this, neuron<EpropIaf>(), readout, synapse);
  window = 5;
  window_signal = network.add("window", StepRates{{}, {{}}});
  network.connect_rate(*window_signal, out, RateReceptor::learning_window);
}

std::vector<Sample> ToyClasses::next(Phase) {
  const int label = static_cast<int>(drawn_++ / 3 % 2);
  Sample sample{rhythms(std::int64_t{2} * label, sequence), {0}, {{0.0}, {0.0}}, label};
  sample.target[static_cast<std::size_t>(label)] = {1.0};
  return {sample};
}

HugeSteps::HugeSteps() : Task({.update_interval = 20.0, .learning_window = 20.0}) {
  name = "huge_steps";
  in = network.add("in", SpikeTrains{std::vector<std::vector<double>>(1)});
  out = network.add("out", 1, EpropReadoutBsshslm2020{});
  target = network.add("target", StepRates{{}, {{}}});
  network.connect_rate(target, out, RateReceptor::target_signal);
  EpropSynapseBsshslm2020 synapse;
  synapse.optimizer = GradientDescent{.Wmin = -1e308, .Wmax = 1e308};
  plastic = {network.connect(in, out, AllToAll{}, synapse)};
  sequence = window = 20;
  plan = {.iterations = 5, .learning_rate = {ConstantLearningRate{1e300}}};
}

std::vector<double> plastic_weights(const Task& task, Simulation& simulation) {
  std::vector<double> all;
  for (const auto projection : task.plastic) {
    const auto weights = simulation.weights(projection).weight;
    all.insert(all.end(), weights.begin(), weights.end());
  }
  return all;
}

Trained trained(Task& task, Trainer& trainer) {
  trainer.run();
  return {trainer.losses(), trainer.errors(), plastic_weights(task, trainer.simulation())};
}

}  // namespace eprop::testing
