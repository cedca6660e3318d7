#include <benchmark/benchmark.h>

#include <cmath>

#include "eprop/eprop.hpp"

/// Seconds per second of model time, on one rank and one thread, of the networks that simulators
/// with e-prop are compared by: every iteration simulates 1000 steps of 1 ms.
namespace eprop {
namespace {

constexpr Step steps = 1000;

template <class M>
M unit_neuron(M m) {
  m.C_m = 1.0;
  m.E_L = 0.0;
  m.t_ref = 0.0;
  m.tau_m = 30.0;
  return m;
}

template <class M>
M unit_readout(M m) {
  m.C_m = 1.0;
  m.tau_m = 30.0;
  return m;
}

void simulate(benchmark::State& state, const Network& network, std::uint64_t synapses) {
  const auto comm = comm::make_serial();
  Simulation simulation(network, *comm);
  simulation.run(2 * steps);  // archives are full, memory is allocated
  for (auto _ : state) simulation.run(steps);
  state.counters["plastic_synapses"] = static_cast<double>(synapses);
}

/// 100 inputs at 50 spikes/s, 100 recurrent neurons, one readout, all to all.
void dense_bsshslm_2020(benchmark::State& state) {
  Network network({.update_interval = steps, .learning_window = steps});
  auto m = unit_neuron(EpropIafBsshslm2020{});
  m.V_th = 0.03;
  m.regular_spike_arrival = false;
  m.surrogate_gradient_height = 10.0;
  m.surrogate_gradient_width = 0.03;
  m.c_reg = 300.0;
  auto r = unit_readout(EpropReadoutBsshslm2020{});
  r.regular_spike_arrival = false;
  const auto in = network.add("in", 100, PoissonSource{.rate = 50.0});
  const auto rec = network.add("rec", 100, m);
  const auto out = network.add("out", 1, r);
  EpropSynapseBsshslm2020 s{.weight = Normal{0.0, 0.1}, .tau_m_readout = 30.0};
  network.connect(in, rec, AllToAll{}, s);
  network.connect(rec, rec, AllToAll{.autapses = false}, s);
  network.connect(rec, out, AllToAll{}, s);
  network.connect_learning_signal(out, rec, AllToAll{}, Normal{0.0, 0.1});
  network.connect_rate(network.add("target", StepRates{{4.0}, {{1.0}}}), out,
                       RateReceptor::target_signal);
  simulate(state, network, 20000);
}

/// Neurons that spike 5 times a second whatever they receive, with `indegree` plastic inputs each
/// from one another.
template <class M, class R, class S>
void sparse(benchmark::State& state, M m, R r, S s) {
  const auto n = static_cast<std::uint32_t>(state.range(0));
  const auto indegree = static_cast<std::uint32_t>(state.range(1));
  Network network({.update_interval = steps, .learning_window = steps});
  m = unit_neuron(m);
  m.V_th = 0.6;
  m.surrogate_gradient_height = 0.5;
  m.surrogate_gradient_width = 0.588;
  m.c_reg = 0.002;
  m.ignore_and_spike = true;
  Value::Array offsets;
  for (std::uint32_t i = 0; i < n; ++i) offsets.push_back(1.0 + i % 200);
  m.ignore_and_spike_offset = offsets;
  const auto rec = network.add("rec", n, m);
  const auto out = network.add("out", 10, unit_readout(r));
  s.weight = Normal{0.0, 1.0 / std::sqrt(indegree)};
  GradientDescent optimizer;
  optimizer.eta = 1e-6;
  s.optimizer = optimizer;
  network.connect(rec, rec, FixedIndegree{.indegree = indegree, .autapses = false}, s);
  network.connect(rec, out, FixedIndegree{.indegree = std::min(n, 1000U), .multapses = false},
                  StaticSynapse{.weight = 0.01});
  network.connect_learning_signal(out, rec, AllToAll{}, 0.1);
  network.connect_rate(network.add("target", StepRates{{4.0}, {{1.0}}}), out,
                       RateReceptor::target_signal);
  if constexpr (requires { r.eprop_isi_trace_cutoff; }) {
    network.connect_rate(network.add("window", StepRates{{2.0}, {{1.0}}}), out,
                         RateReceptor::learning_window);
  }
  simulate(state, network, std::uint64_t{n} * indegree);
}

void sparse_bsshslm_2020(benchmark::State& state) {
  sparse(state, EpropIafBsshslm2020{}, EpropReadoutBsshslm2020{}, EpropSynapseBsshslm2020{});
}

void sparse_plus(benchmark::State& state) {
  EpropIaf m;
  m.eprop_isi_trace_cutoff = 100.0;
  EpropSynapse s;
  s.optimize_each_step = false;
  sparse(state, m, EpropReadout{}, s);
}

BENCHMARK(dense_bsshslm_2020)->Unit(benchmark::kMillisecond);
BENCHMARK(sparse_bsshslm_2020)
    ->Args({2000, 500})
    ->Args({20000, 500})
    ->Unit(benchmark::kMillisecond);
BENCHMARK(sparse_plus)->Args({2000, 500})->Args({20000, 500})->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace eprop
