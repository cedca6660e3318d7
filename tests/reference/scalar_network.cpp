#include "scalar_network.hpp"

#include <cmath>

#include "noise.hpp"

namespace eprop::testing {
namespace {

constexpr auto n_in = ScalarNetwork::inputs, n_rec = ScalarNetwork::neurons,
               n_out = ScalarNetwork::readouts;
constexpr std::uint32_t sizes[3][2] = {{n_rec, n_in}, {n_rec, n_rec}, {n_out, n_rec}};
constexpr Step duration = 1000;

/// Uniform numbers [target][source], one stream per projection.
std::vector<double> numbers(std::uint64_t stream, std::uint32_t targets, std::uint32_t sources,
                            double low, double high) {
  std::vector<double> x;
  for (std::uint32_t i = 0; i < targets * sources; ++i) {
    x.push_back(low + (high - low) * noise(Quantity::weight, stream * 1000 + i));
  }
  return x;
}

std::vector<double> weights_of(std::size_t projection) {
  return numbers(projection, sizes[projection][0], sizes[projection][1],
                 projection == 2 ? -0.1 : -0.05, projection == 0 ? 0.35 : 0.1);
}

std::vector<double> feedback() { return numbers(9, n_rec, n_out, -1.0, 1.0); }

/// Steps in which an input neuron spikes; one of them is silent most of the time.
bool spikes_in(std::uint32_t input, Step t) {
  if (input == 2) return t == 3 || t == 4 || t == 800;
  constexpr double probability[] = {0.2, 0.1, 0.0, 0.3, 0.05};
  return noise(Quantity::spike, input, t) < probability[input];
}

double target_signal(std::uint32_t k, Step t) {
  return 0.3 * std::sin(0.05 * static_cast<double>(t) + k);
}
double window_signal(Step t) { return t / 100 % 3 == 2 ? 0.0 : 1.0; }

ScalarNeuron::Parameters parameters_of(const ScalarCase& c) {
  ScalarNeuron::Parameters p{{"C_m", 1.0},
                             {"E_L", 0.1},
                             {"I_e", 0.001},
                             {"tau_m", 20.0},
                             {"V_m", 0.1},
                             {"V_min", -1.0},
                             {"V_th", 0.7},
                             {"t_ref", 2.0 * c.dt},
                             {"c_reg", 0.2},
                             {"f_target", 10.0},
                             {"surrogate_gradient_height", 0.5},
                             {"surrogate_gradient_width", 0.6},
                             {"kappa", 0.97},
                             {"kappa_reg", 0.97},
                             {"eprop_isi_trace_cutoff", 1e9}};
  if (c.model.find("psc_delta") != std::string::npos) p["V_reset"] = -0.1;
  if (c.model.find("psc_exp") != std::string::npos) p["tau_syn"] = 5.0;
  if (c.model.find("adapt") != std::string::npos) {
    p.insert({{"adapt_beta", 0.1}, {"adapt_tau", 100.0}, {"adaptation", 0.0}});
  }
  for (const auto& [name, value] : c.parameters) p[name] = value;
  return p;
}

double in_steps(double time, double dt) { return std::rint(time / dt); }

}  // namespace

DescribedNetwork::DescribedNetwork(const ScalarCase& c)
    : network({.dt = c.dt, .update_interval = 100.0, .learning_window = 100.0}) {
  SpikeTrains trains;
  StepRates targets, window{{}, {{}}};
  targets.amplitudes.resize(n_out);
  trains.times.resize(n_in);
  for (Step t = 0; t < duration; ++t) {
    const double time = static_cast<double>(t) * c.dt;
    targets.times.push_back(time);
    window.times.push_back(time);
    window.amplitudes[0].push_back(window_signal(t));
    for (std::uint32_t k = 0; k < n_out; ++k) targets.amplitudes[k].push_back(target_signal(k, t));
    for (std::uint32_t i = 0; i < n_in; ++i) {
      if (spikes_in(i, t)) trains.times[i].push_back(time);
    }
  }
  NeuronModel model = neuron_model(c.model);
  for (const auto& [name, value] : parameters_of(c)) set_parameter(model, name, value);
  for (const auto& [name, values] : c.own) set_parameter(model, name, values);
  EpropReadout readout;
  readout.C_m = 1.0;
  readout.tau_m = 20.0;
  readout.eprop_isi_trace_cutoff = parameters_of(c).at("eprop_isi_trace_cutoff");
  if (!c.own_tau_of_readouts.empty()) readout.tau_m = c.own_tau_of_readouts;
  in = network.add("in", trains);
  rec = network.add("rec", n_rec, model);
  out = network.add("out", n_out, readout);
  network.connect_rate(network.add("target", targets), out, RateReceptor::target_signal);
  network.connect_rate(network.add("window", window), out, RateReceptor::learning_window);
  const auto connect = [&](Population source, Population target, Step delay) {
    EpropSynapse synapse;
    synapse.weight = weights_of(projections.size());
    synapse.delay = static_cast<double>(delay) * c.dt;
    synapse.optimizer = c.optimizer;
    synapse.optimize_each_step = c.each_step;
    projections.push_back(network.connect(source, target, AllToAll{}, synapse));
  };
  connect(in, rec, c.input);
  connect(rec, rec, c.recurrent);
  connect(rec, out, c.output);
  network.connect_learning_signal(out, rec, AllToAll{}, feedback(),
                                  static_cast<double>(c.feedback) * c.dt);
}

ScalarNetwork::ScalarNetwork(const ScalarCase& c) : c_(c), tau_out_(n_out, 20.0), y_(n_out, 0.0) {
  for (std::uint32_t j = 0; j < n_rec; ++j) {
    auto p = parameters_of(c);
    for (const auto& [name, values] : c.own) p[name] = values[j];
    rec_.emplace_back(c.model, SurrogateGradient::piecewise_linear, p, c.dt, false);
  }
  if (!c.own_tau_of_readouts.empty()) tau_out_ = c.own_tau_of_readouts;
  connect(0, n_in, c.input);
  connect(1, n_rec, c.recurrent);
  connect(2, n_rec, c.output);
}

ScalarTarget ScalarNetwork::neuron(std::uint32_t j) const {
  const auto& n = rec_[j];
  ScalarTarget target{.alpha = n.alpha,
                      .kappa = n.p.at("kappa"),
                      .kappa_reg = n.p.at("kappa_reg"),
                      .beta = n.adaptive ? n.p.at("adapt_beta") : 0.0,
                      .rho = n.adaptive ? std::exp(-c_.dt / n.p.at("adapt_tau")) : 0.0,
                      .cutoff = in_steps(n.p.at("eprop_isi_trace_cutoff"), c_.dt),
                      .lag = c_.output + c_.feedback - 1};
  if (n.has_current) {
    target.alpha_syn = n.alpha_syn();
    target.P_s = n.P_s();
  }
  target.psi = [this, j](Step t) { return psi_.at(static_cast<std::size_t>(t)).at(j); };
  target.reg = [this, j](Step t) { return reg_.at(static_cast<std::size_t>(t)).at(j); };
  target.signal = [this, j, B = feedback()](Step t) {
    const auto& E = error_.at(static_cast<std::size_t>(t + c_.output));
    double L = 0.0;
    for (std::uint32_t k = 0; k < n_out; ++k) L += B[j * n_out + k] * E[k];
    return L;
  };
  return target;
}

ScalarTarget ScalarNetwork::readout(std::uint32_t k) const {
  ScalarTarget target{.readout = true,
                      .alpha = std::exp(-c_.dt / tau_out_[k]),
                      .cutoff = in_steps(parameters_of(c_).at("eprop_isi_trace_cutoff"), c_.dt),
                      .lag = c_.output + c_.feedback - 1};
  target.signal = [this, k](Step t) { return error_.at(static_cast<std::size_t>(t)).at(k); };
  return target;
}

void ScalarNetwork::connect(std::size_t projection, std::uint32_t sources, Step delay) {
  const double eta = std::visit([](const auto& o) { return o.eta; }, c_.optimizer);
  const ScalarLearning learning{c_.optimizer, eta, c_.each_step, delay};
  const auto weight = weights_of(projection);
  Wiring wiring{projection == 0 ? &input_spikes_ : &spikes, delay, {}};
  for (std::uint32_t j = 0; j < sizes[projection][0]; ++j) {
    auto& row = wiring.synapses.emplace_back();
    for (std::uint32_t i = 0; i < sources; ++i) {
      row.emplace_back(projection == 2 ? readout(j) : neuron(j), learning, weight[j * sources + i]);
    }
  }
  wirings_.push_back(std::move(wiring));
}

std::vector<double> ScalarNetwork::receive(Wiring& wiring) {
  std::vector<double> sum(wiring.synapses.size(), 0.0);
  if (t_ < wiring.delay) return sum;
  const auto& spiked = (*wiring.spikes)[static_cast<std::size_t>(t_ - wiring.delay)];
  for (std::size_t j = 0; j < sum.size(); ++j) {
    for (std::size_t i = 0; i < spiked.size(); ++i) {
      if (!spiked[i]) continue;
      wiring.synapses[j][i].transmit(t_);
      sum[j] += wiring.synapses[j][i].weight;
    }
  }
  return sum;
}

void ScalarNetwork::step() {
  const auto from_inputs = receive(wirings_[0]), from_neurons = receive(wirings_[1]),
             to_readouts = receive(wirings_[2]);
  for (auto* rows : {&V_rec, &V_out, &psi_, &reg_, &error_}) rows->emplace_back();
  spikes.emplace_back();
  input_spikes_.emplace_back();
  for (std::uint32_t i = 0; i < n_in; ++i) input_spikes_.back().push_back(spikes_in(i, t_));
  for (std::uint32_t j = 0; j < n_rec; ++j) {
    auto& n = rec_[j];
    n.step(from_inputs[j] + from_neurons[j]);
    V_rec.back().push_back(n.V + n.p.at("E_L"));
    psi_.back().push_back(n.psi);
    reg_.back().push_back(n.reg);
    spikes.back().push_back(n.z != 0.0);
  }
  for (std::uint32_t k = 0; k < n_out; ++k) {
    y_[k] = std::exp(-c_.dt / tau_out_[k]) * y_[k] + to_readouts[k];
    V_out.back().push_back(y_[k]);
    error_.back().push_back((y_[k] - target_signal(k, t_)) * window_signal(t_));
  }
  ++t_;
}

void ScalarNetwork::run(Step end) {
  while (t_ < end) step();
}

std::vector<double> ScalarNetwork::weights(std::size_t projection) const {
  std::vector<double> w;
  for (const auto& row : wirings_[projection].synapses) {
    for (auto synapse : row) {
      synapse.transmit(t_);
      w.push_back(synapse.weight);
    }
  }
  return w;
}

}  // namespace eprop::testing
