#include "plus_networks.hpp"

#include <cmath>

#include "eprop/step.hpp"
#include "sample_networks.hpp"

namespace eprop::testing {
namespace {

/// Targets that follow a sine, one phase per readout.
StepRates waves(std::uint32_t readouts, double dt, double duration) {
  StepRates rates;
  for (Step t = 0; static_cast<double>(t) * dt < duration; ++t) {
    rates.times.push_back(static_cast<double>(t) * dt);
  }
  for (std::uint32_t k = 0; k < readouts; ++k) {
    auto& values = rates.amplitudes.emplace_back();
    for (const double time : rates.times) values.push_back(0.3 * std::sin(0.1 * time + k));
  }
  return rates;
}

void add_targets(Network& network, Population readouts, std::uint32_t n) {
  const auto& name = network.populations()[readouts.index].name;
  network.connect_rate(network.add(name + " target", waves(n, network.options().dt, 400.0)),
                       readouts, RateReceptor::target_signal);
  network.connect_rate(network.add(name + " window", StepRates{{0.0, 80.0, 100.0}, {{1, 0, 1}}}),
                       readouts, RateReceptor::learning_window);
}

/// Parameters with which weights around 0.1 make neurons spike.
template <class Model>
Model small_model() {
  Model m;
  m.C_m = 1.0;
  m.E_L = 0.0;
  m.tau_m = 20.0;
  if constexpr (requires { m.V_th; }) {
    m.V_th = 0.6;
    m.t_ref = 1.0;
    m.c_reg = 0.2;
    m.surrogate_gradient_width = 0.6;
  }
  if constexpr (requires { m.V_reset; }) m.V_reset = 0.0;
  if constexpr (requires { m.adapt_beta; }) {
    m.adapt_beta = 0.1;
    m.adapt_tau = 80.0;
  }
  return m;
}

EpropSynapse synapse(const Value& weight, double delay, const Optimizer& optimizer,
                     bool each_step) {
  return {
      .weight = weight, .delay = delay, .optimize_each_step = each_step, .optimizer = optimizer};
}

Optimizer descent(std::int64_t batch_size) {
  return GradientDescent{.batch_size = batch_size, .eta = 2e-3};
}
Optimizer adam(std::int64_t batch_size) {
  return Adam{{.batch_size = batch_size, .eta = 1e-3, .Wmin = -1.0, .Wmax = 1.0}};
}

/// Rhythms of which every third is silent from 20 ms to 350 ms.
SpikeTrains trains_with_silence() {
  auto times = rhythms(12, 0.0, 400.0);
  for (std::size_t i = 0; i < times.size(); i += 3) {
    std::erase_if(times[i], [](double t) { return t > 20.0 && t < 350.0; });
  }
  return {times};
}

}  // namespace

Network rich_plus_network() {
  Network network({.dt = 0.5, .seed = 17, .update_interval = 100.0, .learning_window = 100.0});
  const auto trains = network.add("trains", trains_with_silence());
  const auto noise = network.add("noise", 30, PoissonSource{.rate = Uniform{20.0, 100.0}});
  const auto soft = network.add("soft", 37, small_model<EpropIaf>());
  auto drawn = small_model<EpropIafAdapt>();
  drawn.tau_m = Normal{20.0, 1.0};
  drawn.kappa = Uniform{0.8, 0.99};
  Value::Array cutoffs;
  for (int j = 0; j < 23; ++j) cutoffs.push_back(5.0 + 2.5 * j);
  drawn.eprop_isi_trace_cutoff = cutoffs;
  const auto soft_adapt = network.add("soft_adapt", 23, drawn);
  auto filtered = small_model<EpropIafPscDelta>();
  filtered.kappa_reg = 0.9;
  filtered.eprop_isi_trace_cutoff = 30.0;
  const auto hard = network.add("hard", 19, filtered);
  const auto hard_adapt = network.add("hard_adapt", 17, small_model<EpropIafPscDeltaAdapt>());
  IafPscDelta plain;
  plain.C_m = 1.0;
  plain.E_L = plain.V_reset = 0.0;
  plain.V_th = 0.6;
  const auto inter = network.add("inter", 13, plain);
  const auto one = network.add("one", 3, small_model<EpropReadout>());
  auto other_model = small_model<EpropReadout>();
  other_model.tau_m = Uniform{10.0, 30.0};
  other_model.eprop_isi_trace_cutoff = 20.0;
  const auto other = network.add("other", 4, other_model);
  add_targets(network, one, 3);
  add_targets(network, other, 4);

  network.connect(trains, soft, FixedIndegree{.indegree = 5},
                  synapse(Normal{0.15, 0.03}, 1.0, descent(1), false));
  network.connect(trains, soft_adapt, PairwiseBernoulli{.p = 0.5},
                  synapse(Uniform{0.05, 0.25}, 1.5, adam(1), true));
  network.connect(noise, hard, AllToAll{}, synapse(Normal{0.05, 0.02}, 0.5, adam(2), false));
  network.connect(noise, hard_adapt, PairwiseBernoulli{.p = 0.5},
                  synapse(Normal{0.1, 0.02}, 0.5, descent(3), true));
  network.connect(trains, inter, AllToAll{}, StaticSynapse{0.1, 2.5});
  network.connect(inter, soft, PairwiseBernoulli{.p = 0.3}, StaticSynapse{0.1, 1.0});
  network.connect(soft, soft, AllToAll{.autapses = false},
                  synapse(Normal{0.0, 0.02}, 1.0, descent(1), false));
  network.connect(soft_adapt, soft, FixedIndegree{.indegree = 8},
                  synapse(Normal{0.02, 0.02}, 2.0, adam(1), false));
  network.connect(hard, hard, AllToAll{}, synapse(Normal{0.0, 0.05}, 0.5, descent(1), true));
  network.connect(hard, hard_adapt, FixedOutdegree{.outdegree = 6},
                  synapse(Normal{0.05, 0.05}, 0.5, adam(1), true));
  network.connect(soft, one, AllToAll{}, synapse(Normal{0.0, 0.1}, 1.0, descent(1), false));
  network.connect(soft_adapt, one, AllToAll{}, synapse(Normal{0.0, 0.1}, 1.0, adam(3), true));
  network.connect(hard, other, AllToAll{}, synapse(Normal{0.0, 0.1}, 0.5, descent(1), true));
  network.connect(soft, other, PairwiseBernoulli{.p = 0.5},
                  synapse(Normal{0.0, 0.1}, 1.5, adam(1), false));
  for (const auto target : {soft, soft_adapt}) {
    network.connect_learning_signal(one, target, AllToAll{}, Normal{0.0, 1.0}, 1.5);
  }
  network.connect_learning_signal(other, soft, PairwiseBernoulli{.p = 0.5}, Normal{0.0, 1.0}, 0.5);
  for (const auto target : {hard, hard_adapt}) {
    network.connect_learning_signal(other, target, AllToAll{}, Normal{0.0, 1.0}, 0.5);
  }

  auto common_currents = small_model<EpropIafPscExp>();
  common_currents.C_m = 10.0;  // currents last: near the threshold, not far above it
  const auto currents = network.add("currents", 21, common_currents);
  auto own_currents = common_currents;
  own_currents.tau_syn = Uniform{1.0, 20.0};
  const auto other_currents = network.add("other currents", 14, own_currents);
  network.connect(trains, currents, AllToAll{}, synapse(Normal{0.1, 0.03}, 1.0, descent(1), false));
  network.connect(trains, other_currents, PairwiseBernoulli{.p = 0.5},
                  synapse(Normal{0.1, 0.03}, 1.0, descent(1), true));
  network.connect(currents, other_currents, AllToAll{},
                  synapse(Normal{0.2, 0.03}, 0.5, adam(1), true));
  network.connect(other_currents, one, AllToAll{},
                  synapse(Normal{0.0, 0.1}, 1.0, descent(1), true));
  for (const auto target : {currents, other_currents}) {
    network.connect_learning_signal(one, target, AllToAll{}, Normal{0.0, 1.0}, 1.0);
  }
  return network;
}

Network wide_plus_network() {
  Network network({.dt = 1.0, .seed = 5, .update_interval = 100.0, .learning_window = 100.0});
  const auto in = network.add("in", SpikeTrains{rhythms(10, 0.0, 100.0)});
  const auto rec = network.add("rec", 700, small_model<EpropIaf>());
  const auto out = network.add("out", 300, small_model<EpropReadout>());
  add_targets(network, out, 300);
  network.connect(in, rec, AllToAll{}, synapse(Normal{0.05, 0.05}, 1.0, descent(1), false));
  network.connect(rec, rec, FixedIndegree{.indegree = 12},
                  synapse(Normal{0.02, 0.02}, 1.0, adam(1), false));
  network.connect(rec, out, FixedIndegree{.indegree = 20},
                  synapse(Normal{0.0, 0.1}, 1.0, descent(1), true));
  network.connect_learning_signal(out, rec, FixedIndegree{.indegree = 8}, Normal{0.0, 1.0}, 1.0);
  return network;
}

PlusInputs::PlusInputs(const std::vector<std::vector<double>>& trains)
    : network({.dt = 1.0, .seed = 2, .update_interval = 100.0, .learning_window = 100.0}) {
  in = network.add("in", SpikeTrains{trains});
  rec = network.add("rec", 9, small_model<EpropIaf>());
  out = network.add("out", 4, small_model<EpropReadout>());
  add_targets(network, out, 4);
  in_rec = network.connect(in, rec, AllToAll{}, synapse(Normal{0.1, 0.1}, 2.0, descent(1), false));
  in_out = network.connect(in, out, AllToAll{}, synapse(Normal{0.0, 0.1}, 2.0, adam(1), true));
  network.connect(rec, out, AllToAll{}, synapse(Normal{0.0, 0.1}, 1.0, descent(1), false));
  network.connect_learning_signal(out, rec, AllToAll{}, Normal{0.0, 1.0}, 1.0);
}

}  // namespace eprop::testing
