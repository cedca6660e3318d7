#include "sample_networks.hpp"

#include <cmath>
#include <concepts>

namespace eprop::testing {
namespace {

/// Targets that follow a sine, one phase per readout.
StepRates waves(std::uint32_t readouts, double duration) {
  StepRates rates;
  for (int t = 0; t < duration; ++t) rates.times.push_back(t);
  for (std::uint32_t k = 0; k < readouts; ++k) {
    rates.amplitudes.emplace_back();
    for (const double t : rates.times) {
      rates.amplitudes.back().push_back(0.5 + 0.5 * std::sin(0.1 * t + k));
    }
  }
  return rates;
}

EpropSynapseBsshslm2020 synapse(const Value& weight, const Optimizer& optimizer,
                                double tau_m_readout = 10.0) {
  EpropSynapseBsshslm2020 s;
  s.weight = weight;
  s.tau_m_readout = tau_m_readout;
  s.optimizer = optimizer;
  return s;
}

template <class Model>
Model drawn_neurons() {
  Model m;
  m.C_m = Uniform{200.0, 300.0};
  m.tau_m = Normal{20.0, 1.0};
  m.V_th = Normal{-58.0, 0.5};
  m.V_m = Uniform{-70.0, -60.0};
  m.I_e = Uniform{0.0, 20.0};
  m.c_reg = 50.0;
  m.f_target = Uniform{5.0, 20.0};
  m.surrogate_gradient_width = 10.0;
  if constexpr (std::derived_from<Model, Adaptation>) {
    m.adapt_beta = Uniform{0.5, 2.0};
    m.adapt_tau = 50.0;
  }
  return m;
}

Adam adam(double eta, std::int64_t batch_size) {
  Adam o;
  o.eta = eta;
  o.batch_size = batch_size;
  return o;
}

GradientDescent descent(double eta, std::int64_t batch_size = 1) {
  return {.batch_size = batch_size, .eta = eta};
}

}  // namespace

std::vector<std::vector<double>> rhythms(std::uint32_t neurons, double begin, double end) {
  std::vector<std::vector<double>> times(neurons);
  for (std::uint32_t i = 0; i < neurons; ++i) {
    for (std::uint32_t t = i % 5; t < end; t += 3 + i % 4) {
      if (t >= begin) times[i].push_back(t);
    }
  }
  return times;
}

SmallNetwork::SmallNetwork(const SmallOptions& o) : network(o.network) {
  in = network.add("in", SpikeTrains{rhythms(o.inputs, 0.0, o.duration)});
  auto model = drawn_neurons<EpropIafBsshslm2020>();
  model.t_ref = 1.0;
  rec = network.add("rec", o.neurons, model);
  out = network.add("out", o.readouts, EpropReadoutBsshslm2020{});
  target = network.add("target", waves(o.readouts, o.duration));
  network.connect_rate(target, out, RateReceptor::target_signal);
  const double inputs = std::max(o.inputs, 1U);
  in_rec = network.connect(in, rec, AllToAll{}, synapse(Normal{18.0 / inputs, 1.0}, o.optimizer));
  rec_rec = network.connect(rec, rec, AllToAll{.autapses = false},
                            synapse(Normal{0.0, 0.5}, o.optimizer));
  rec_out = network.connect(rec, out, AllToAll{}, synapse(Normal{0.0, 0.3}, o.optimizer));
  network.connect_learning_signal(out, rec, AllToAll{}, Normal{0.0, 1.0});
}

Network rich_network() {
  Network network({.dt = 0.5, .seed = 11, .update_interval = 30.0, .learning_window = 20.0});
  const auto with_dt = [](EpropSynapseBsshslm2020 s) {
    s.delay = 0.5;
    return s;
  };
  const auto trains = network.add("trains", SpikeTrains{rhythms(12, 0.0, 150.0)});
  const auto noise = network.add("noise", 30, PoissonSource{.rate = Uniform{20.0, 120.0}});
  const auto plain = drawn_neurons<EpropIafBsshslm2020>();
  const auto exc = network.add("exc", 47, plain);
  const auto adapt = network.add("adapt", 23, drawn_neurons<EpropIafAdaptBsshslm2020>());
  IafPscDelta inter_model;
  inter_model.refractory_input = true;
  inter_model.tau_m = Uniform{8.0, 12.0};
  const auto inter = network.add("inter", 13, inter_model);
  const auto mse = network.add("mse", 3, EpropReadoutBsshslm2020{});
  EpropReadoutBsshslm2020 softmax;
  softmax.loss = Loss::cross_entropy;
  softmax.regular_spike_arrival = false;
  const auto ce = network.add("ce", 4, softmax);

  network.connect(trains, exc, FixedIndegree{.indegree = 5},
                  with_dt(synapse(Normal{2.0, 0.5}, adam(0.01, 1))));
  network.connect(trains, adapt, PairwiseBernoulli{.p = 0.5},
                  with_dt(synapse(Uniform{0.5, 3.0}, descent(0.02))));
  network.connect(noise, exc, PairwiseBernoulli{.p = 0.3}, StaticSynapse{Normal{1.5, 0.3}, 1.5});
  network.connect(noise, inter, FixedOutdegree{.outdegree = 5}, StaticSynapse{5.0, 3.5});
  network.connect(exc, exc, PairwiseBernoulli{.p = 0.2, .autapses = false},
                  with_dt(synapse(Normal{0.3, 0.3}, descent(0.02))));
  network.connect(exc, adapt, FixedIndegree{.indegree = 10},
                  with_dt(synapse(Normal{0.5, 0.2}, adam(0.005, 2), 25.0)));
  auto averaged = with_dt(synapse(Uniform{-0.5, 0.5}, descent(0.5, 3)));
  averaged.average_gradient = true;
  network.connect(adapt, exc, FixedOutdegree{.outdegree = 6, .autapses = false, .multapses = false},
                  averaged);
  network.connect(adapt, adapt, AllToAll{.autapses = false},
                  with_dt(synapse(Normal{0.0, 0.1}, adam(0.005, 1))));
  network.connect(exc, inter, FixedIndegree{.indegree = 8}, StaticSynapse{3.0, 2.0});
  network.connect(inter, exc, PairwiseBernoulli{.p = 0.3}, StaticSynapse{-1.0, 1.0});
  network.connect(inter, mse, AllToAll{}, StaticSynapse{0.1, 0.5});
  network.connect(exc, mse, AllToAll{}, with_dt(synapse(Normal{0.0, 0.1}, descent(0.001))));
  network.connect(adapt, ce, AllToAll{}, with_dt(synapse(Normal{0.0, 0.2}, adam(0.01, 1))));
  network.connect(exc, ce, PairwiseBernoulli{.p = 0.5},
                  with_dt(synapse(Normal{0.0, 0.2}, descent(0.01))));

  network.connect_learning_signal(mse, exc, AllToAll{}, Normal{0.0, 1.0});
  network.connect_learning_signal(ce, adapt, AllToAll{}, Normal{0.0, 1.0});
  network.connect_learning_signal(ce, exc, PairwiseBernoulli{.p = 0.5}, Normal{0.0, 1.0});
  network.connect_rate(network.add("waves", waves(3, 150.0)), mse, RateReceptor::target_signal);
  network.connect_rate(
      network.add("class", StepRates{{0.0, 60.0}, {{1, 0}, {0, 1}, {0, 0}, {0, 0}}}), ce,
      RateReceptor::target_signal);
  return network;
}

Network wide_network() {
  Network network({.dt = 1.0, .seed = 5, .update_interval = 15.0, .learning_window = 15.0});
  const auto in = network.add("in", SpikeTrains{rhythms(20, 0.0, 50.0)});
  const auto plain = drawn_neurons<EpropIafBsshslm2020>();
  const auto rec = network.add("rec", 1000, plain);
  const auto out = network.add("out", 300, EpropReadoutBsshslm2020{});
  network.connect(in, rec, FixedIndegree{.indegree = 10, .multapses = false},
                  synapse(Normal{1.5, 0.2}, adam(0.01, 1)));
  network.connect(rec, rec, FixedIndegree{.indegree = 12}, synapse(Normal{0.2, 0.2}, descent(0.1)));
  network.connect(rec, out, FixedIndegree{.indegree = 20},
                  synapse(Normal{0.0, 0.1}, descent(0.01)));
  network.connect_learning_signal(out, rec, FixedIndegree{.indegree = 8}, Normal{0.0, 1.0});
  network.connect_rate(network.add("target", waves(1, 50.0)), out, RateReceptor::target_signal);
  return network;
}

}  // namespace eprop::testing
