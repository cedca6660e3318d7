#include "eprop/network.hpp"

#include <fmt/ranges.h>
#include <pybind11/stl.h>

#include "arrays.hpp"
#include "bindings.hpp"
#include "eprop/errors.hpp"
#include "neuron_models.hpp"
#include "spike_times.hpp"
#include "synapse_models.hpp"
#include "values.hpp"

namespace eprop::python {
namespace {

Network make_network(double dt, std::uint64_t seed, std::optional<double> update_interval,
                     std::optional<double> learning_window, bool reset_neurons_on_update) {
  return Network(
      NetworkOptions{dt, seed, update_interval, learning_window, reset_neurons_on_update});
}

/// The shape that an array of weights with two dimensions has to have.
std::vector<std::size_t> matrix_shape(const ConnectionRule& rule, std::size_t sources,
                                      std::size_t targets) {
  if (const auto* r = std::get_if<FixedIndegree>(&rule)) return {targets, r->indegree};
  if (const auto* r = std::get_if<FixedOutdegree>(&rule)) return {sources, r->outdegree};
  if (std::holds_alternative<AllToAll>(rule)) return {targets, sources};
  if (std::holds_alternative<PairwiseBernoulli>(rule)) return {targets, sources};
  return {};
}

void check_shape(const std::vector<std::size_t>& shape, const ConnectionRule& rule,
                 std::size_t sources, std::size_t targets, const std::string& thing) {
  if (shape.empty()) return;
  const auto wanted = matrix_shape(rule, sources, targets);
  if (wanted == shape) return;
  const auto must = wanted.empty() ? std::string("must have one dimension with this rule")
                                   : fmt::format("must be of shape ({})", fmt::join(wanted, ", "));
  throw InvalidParameter(
      fmt::format("{}: weight = array of shape ({}): {}", thing, fmt::join(shape, ", "), must));
}

std::uint32_t connect(Network& network, std::uint32_t source, std::uint32_t target,
                      const AnyRule& rule, const AnySynapses& synapses, const std::string& name) {
  const auto& from = network.at(Population{source});
  const auto& to = network.at(Population{target});
  check_shape(synapses.weight_shape, rule.rule, from.size, to.size,
              fmt::format("projection '{}'", name.empty() ? from.name + "_" + to.name : name));
  return network.connect(Population{source}, Population{target}, rule.rule, synapses.model, name)
      .index;
}

std::uint32_t connect_matrix(Network& network, std::uint32_t source, std::uint32_t target,
                             const Numbers<double>& weights, const AnySynapses& synapses,
                             const std::string& name) {
  const WeightMatrix matrix{static_cast<std::uint32_t>(weights.shape(0)),
                            static_cast<std::uint32_t>(weights.shape(1)), as_vector(weights)};
  return network.connect(Population{source}, Population{target}, matrix, synapses.model, name)
      .index;
}

void connect_learning_signal(Network& network, std::uint32_t readout, std::uint32_t target,
                             const AnyRule& rule, py::handle weight, std::optional<double> delay) {
  const auto& from = network.at(Population{readout});
  const auto& to = network.at(Population{target});
  const auto thing = fmt::format("learning signal '{}_{}'", from.name, to.name);
  std::vector<std::size_t> shape;
  const auto value = to_value(weight, thing, "weight", &shape);
  check_shape(shape, rule.rule, from.size, to.size, thing);
  network.connect_learning_signal(Population{readout}, Population{target}, rule.rule, value, delay);
}

void connect_rate(Network& network, std::uint32_t generator, std::uint32_t readout,
                  const std::string& receptor) {
  const bool window = receptor == "learning_window";
  if (!window && receptor != "target_signal") {
    refuse("connect_rate", "receptor", py::str(receptor),
           "must be 'target_signal' or 'learning_window'");
  }
  network.connect_rate(RateGenerator{generator}, Population{readout},
                       window ? RateReceptor::learning_window : RateReceptor::target_signal);
}

/// All delays, in ms.
std::vector<double> delays(const Network& network) {
  std::vector<double> all;
  for (const auto& projection : network.projections()) {
    all.push_back(std::visit([](const auto& s) { return s.delay.value(); }, projection.synapse));
  }
  for (const auto& signal : network.learning_signals()) all.push_back(signal.delay);
  return all;
}

/// That of the optimizers, of which the first that there is stands for all; 1 without any.
std::int64_t batch_size(const Network& network) {
  const auto of_synapse = []<class S>(const S& synapse) -> std::optional<std::int64_t> {
    if constexpr (requires { synapse.optimizer; }) {
      return std::visit([](const auto& o) { return o.batch_size; }, synapse.optimizer);
    }
    return {};
  };
  for (const auto& projection : network.projections()) {
    if (const auto size = std::visit(of_synapse, projection.synapse)) return *size;
  }
  return 1;
}

py::dict options(const Network& network) {
  const auto& o = network.options();
  py::dict all;
  all["dt"] = o.dt;
  all["seed"] = o.seed;
  all["update_interval"] = o.update_interval;
  all["learning_window"] = o.learning_window;
  all["reset_neurons_on_update"] = o.reset_neurons_on_update;
  return all;
}

/// The name of what a population consists of.
std::string kind(const Network& network, std::uint32_t population) {
  const auto name = []<class T>(const T& what) -> std::string {
    if constexpr (std::is_same_v<T, NeuronModel>) {
      return std::visit([]<class M>(const M&) { return std::string(M::name); }, what);
    } else {
      return std::is_same_v<T, SpikeTrains> ? "spike trains" : "Poisson source";
    }
  };
  return std::visit(name, network.at(Population{population}).what);
}

}  // namespace

void bind_network(py::module_& m) {
  py::class_<Network>(m, "Network")
      .def(py::init(&make_network), py::arg("dt"), py::arg("seed"), py::arg("update_interval"),
           py::arg("learning_window"), py::arg("reset_neurons_on_update"))
      .def("__copy__", [](const Network& n) { return Network(n); })
      .def("add_neurons",
           [](Network& n, const std::string& name, std::uint32_t size, const AnyNeurons& neurons) {
             return n.add(name, size, neurons.model).index;
           })
      .def("add_spike_trains",
           [](Network& n, const std::string& name, const py::handle& times, bool round_times) {
             return n.add(name, SpikeTrains{spike_times(times, name), round_times}).index;
           })
      .def("add_poisson",
           [](Network& n, const std::string& name, std::uint32_t size, const py::handle& rate,
              double start, double stop) {
             const auto thing = "population '" + name + "'";
             return n.add(name, size, PoissonSource{to_value(rate, thing, "rate"), start, stop})
                 .index;
           })
      .def("add_rates",
           [](Network& n, const std::string& name, const Numbers<double>& times,
              const Numbers<double>& amplitudes, bool round_times) {
             return n.add(name, step_rates(times, amplitudes, round_times)).index;
           })
      .def("connect", &connect)
      .def("connect_matrix", &connect_matrix)
      .def("connect_learning_signal", &connect_learning_signal)
      .def("connect_rate", &connect_rate)
      .def("sample_offset",
           [](const Network& n, std::uint32_t population) {
             return n.sample_offset(Population{population});
           })
      .def("population",
           [](const Network& n, std::uint32_t i) {
             const auto& p = n.at(Population{i});
             return py::make_tuple(p.name, p.size);
           })
      .def("projection",
           [](const Network& n, std::uint32_t i) {
             const auto& p = n.at(Projection{i});
             return py::make_tuple(p.name, p.source.index, p.target.index);
           })
      .def("kind", &kind)
      .def("delays", &delays)
      .def("batch_size", &batch_size)
      .def("options", &options);
}

}  // namespace eprop::python
