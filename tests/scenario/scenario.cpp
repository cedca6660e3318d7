#include "scenario.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <optional>

#include "eprop/eprop.hpp"
#include "keys.hpp"
#include "network/optimizers.hpp"

namespace eprop::scenario {
namespace {

using nlohmann::json;

/// The number that a text is, such as "-inf".
std::optional<double> number_in(const std::string& text) {
  char* end = nullptr;
  const double number = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != 0) return std::nullopt;
  return number;
}

Value to_value(const json& j) {
  if (j.is_boolean()) return Value(j.get<bool>());
  if (j.is_array()) return Value(j.get<std::vector<double>>());
  return Value(j.get<double>());
}

NeuronModel to_model(std::string_view name, const json& parameters) {
  NeuronModel model = neuron_model(name);
  for (const auto& [key, value] : parameters.items()) {
    if (!value.is_string()) {
      set_parameter(model, key, to_value(value));
      continue;
    }
    const auto text = value.get<std::string>();
    const auto number = number_in(text);
    if (number) set_parameter(model, key, *number);
    if (!number) set_parameter(model, key, std::string_view(text));
  }
  return model;
}

Optimizer to_optimizer(const json& j) {
  auto optimizer = optimizer_named(j.at("type").get<std::string>());
  const auto set = [&](const network::OptimizerParameter& p, auto& field) {
    field = j.value(std::string(p.name), field);
  };
  std::visit([&](auto& o) { network::visit_optimizer_parameters(o, set); }, optimizer);
  return optimizer;
}

struct Block {
  Population population;
  std::uint32_t first;  ///< number of its first neuron among the recurrent ones
  std::uint32_t n;
};

struct Wired {
  std::string matrix;
  Projection projection;
  std::uint32_t first_target, first_source;
};

/// The network of a scenario and the handles to it.
class Scenario {
 public:
  explicit Scenario(const json& j) : j_(j), network_(options(j)) {
    add_populations();
    connect();
  }

  Result simulate(comm::Communicator& comm, int threads) {
    Simulation simulation(network_, comm, threads);
    record(simulation);
    const auto end = static_cast<Step>(std::llrint(j_.at("final_spike").get<double>() / dt()));
    simulation.run(end + 1);
    Result result;
    for (const auto& block : recurrent_) {
      result.recurrent.push_back(
          traces(simulation, block.population, recurrent_variables(block.population), block.n));
      const auto spikes = simulation.take_spikes(block.population);
      for (std::size_t i = 0; i < spikes.times.size(); ++i) {
        result.spike_times.push_back(spikes.times[i]);
        result.spike_neurons.push_back(static_cast<std::int64_t>(spikes.neurons[i]) + block.first);
      }
    }
    sort_spikes(result);
    result.readout = traces(simulation, readout_, readout_variables(), n_readouts_);
    collect_weights(simulation, result);
    return result;
  }

 private:
  [[nodiscard]] double dt() const { return j_.at("dt").get<double>(); }
  [[nodiscard]] bool by_interval() const { return scenario::by_interval(j_); }

  static NetworkOptions options(const json& j) {
    NetworkOptions options;
    options.dt = j.at("dt").get<double>();
    if (scenario::by_interval(j)) {
      options.update_interval = j.at("update_interval").get<double>();
      options.learning_window = j.at("learning_window").get<double>();
      options.reset_neurons_on_update = j.at("reset_neurons_on_update").get<bool>();
    }
    return options;
  }

  void add_populations() {
    in_ = network_.add("in",
                       SpikeTrains{j_.at("input_spikes").get<std::vector<std::vector<double>>>()});
    std::uint32_t first = 0;
    for (const auto& p : j_.at("recurrent")) {
      const auto n = p.at("n").get<std::uint32_t>();
      const auto name = "rec" + std::to_string(recurrent_.size());
      const auto model = to_model(p.at("model").get<std::string>(), p.at("params"));
      recurrent_.push_back({network_.add(name, n, model), first, n});
      first += n;
    }
    n_recurrent_ = first;
    const auto& readout = j_.at("readout");
    n_readouts_ = readout.at("n").get<std::uint32_t>();
    readout_ = network_.add("out", n_readouts_,
                            to_model(by_interval() ? "eprop_readout_bsshslm_2020" : "eprop_readout",
                                     readout.at("params")));
    const auto& target = j_.at("target");
    const auto generator = network_.add(
        "target", StepRates{target.at("times").get<std::vector<double>>(),
                            target.at("values").get<std::vector<std::vector<double>>>()});
    network_.connect_rate(generator, readout_, RateReceptor::target_signal);
    if (!by_interval()) {
      const auto& window = j_.at("learning_window_signal");
      network_.connect_rate(
          network_.add("window", StepRates{window.at("times").get<std::vector<double>>(),
                                           {window.at("values").get<std::vector<double>>()}}),
          readout_, RateReceptor::learning_window);
    }
  }

  [[nodiscard]] SynapseModel synapse(std::vector<double> weights) const {
    const auto optimizer = to_optimizer(j_.at("optimizer"));
    if (by_interval()) {
      EpropSynapseBsshslm2020 s;
      s.weight = std::move(weights);
      s.tau_m_readout = j_.at("tau_m_readout").get<double>();
      s.average_gradient = j_.at("average_gradient").get<bool>();
      s.optimizer = optimizer;
      return s;
    }
    EpropSynapse s;
    s.weight = std::move(weights);
    s.optimize_each_step = j_.at("optimizer").value("optimize_each_step", true);
    s.optimizer = optimizer;
    return s;
  }

  /// Targets and sources of in_rec, rec_rec or rec_out.
  [[nodiscard]] std::pair<std::size_t, std::size_t> shape(const std::string& matrix) const {
    return {matrix == "rec_out" ? n_readouts_ : n_recurrent_,
            matrix == "in_rec" ? j_.at("input_spikes").size() : n_recurrent_};
  }

  /// A matrix [target][source] of the scenario; InvalidParameter if it is smaller or larger.
  [[nodiscard]] const json& weights(const std::string& name, std::size_t targets,
                                    std::size_t sources) const {
    const auto& matrix = j_.at("weights").at(name);
    const auto require = [&](const std::string& what, std::size_t size, std::size_t needed) {
      if (size == needed) return;
      throw InvalidParameter(
          fmt::format("scenario: weights.{} = {} {}: must be {}", name, size, what, needed));
    };
    require("rows", matrix.size(), targets);
    for (const auto& row : matrix) require("columns", row.size(), sources);
    return matrix;
  }

  void connect_matrix(const std::string& matrix, Population source, std::uint32_t first_source,
                      std::uint32_t sources, Population target, std::uint32_t first_target,
                      std::uint32_t targets) {
    const auto [rows, columns] = shape(matrix);
    const auto& w = weights(matrix, rows, columns);
    ExplicitList list;
    std::vector<double> weights;
    for (std::uint32_t t = 0; t < targets; ++t) {
      for (std::uint32_t s = 0; s < sources; ++s) {
        const double weight = w.at(first_target + t).at(first_source + s).get<double>();
        if (weight == 0.0) continue;
        list.source.push_back(s);
        list.target.push_back(t);
        weights.push_back(weight);
      }
    }
    wired_.push_back(
        {matrix, network_.connect(source, target, std::move(list), synapse(std::move(weights))),
         first_target, first_source});
  }

  void connect() {
    const auto n_in = static_cast<std::uint32_t>(j_.at("input_spikes").size());
    for (const auto& to : recurrent_) {
      connect_matrix("in_rec", in_, 0, n_in, to.population, to.first, to.n);
    }
    for (const auto& from : recurrent_) {
      for (const auto& to : recurrent_) {
        connect_matrix("rec_rec", from.population, from.first, from.n, to.population, to.first,
                       to.n);
      }
    }
    for (const auto& from : recurrent_) {
      connect_matrix("rec_out", from.population, from.first, from.n, readout_, 0, n_readouts_);
    }
    const auto& out_rec = weights("out_rec", n_recurrent_, n_readouts_);
    for (const auto& to : recurrent_) {
      std::vector<double> B;
      for (std::uint32_t j = 0; j < to.n; ++j) {
        for (const double b : out_rec.at(to.first + j)) B.push_back(b);
      }
      network_.connect_learning_signal(readout_, to.population, AllToAll{}, B);
    }
  }

  [[nodiscard]] std::vector<std::string> recurrent_variables(Population population) const {
    std::vector<std::string> names{"V_m", "surrogate_gradient", "learning_signal"};
    const auto& what = network_.populations()[population.index].what;
    const auto& model = std::get<NeuronModel>(what);
    std::visit(
        [&]<class M>(const M&) {
          if constexpr (requires(M m) { m.adapt_beta; }) {
            names.insert(names.end(), {"V_th_adapt", "adaptation"});
          }
        },
        model);
    return names;
  }

  [[nodiscard]] std::vector<std::string> readout_variables() const {
    std::vector<std::string> names{"V_m", "readout_signal", "target_signal", "error_signal"};
    if (by_interval()) names.emplace_back("readout_signal_unnorm");
    return names;
  }

  void record(Simulation& simulation) const {
    const RecordingWindow window{.stop = j_.at("final_spike").get<double>()};
    for (const auto& block : recurrent_) {
      simulation.record_spikes(block.population, window);
      simulation.record(block.population,
                        {.variables = recurrent_variables(block.population), .window = window});
    }
    simulation.record(readout_, {.variables = readout_variables(), .window = window});
  }

  [[nodiscard]] PopulationResult traces(Simulation& simulation, Population population,
                                        const std::vector<std::string>& names,
                                        std::uint32_t n) const {
    const auto recorded = simulation.take_traces(network_.populations()[population.index].name);
    PopulationResult result{recorded.times, {}};
    const std::size_t samples = recorded.times.size(), columns = n * names.size();
    for (std::size_t v = 0; v < names.size(); ++v) {
      std::vector<std::vector<double>> rows(n, std::vector<double>(samples));
      for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t t = 0; t < samples; ++t) {
          rows[i][t] = recorded.values[t * columns + i * names.size() + v];
        }
      }
      result.variables.emplace_back(names[v], std::move(rows));
    }
    return result;
  }

  static void sort_spikes(Result& result) {
    std::vector<std::pair<double, std::int64_t>> spikes;
    for (std::size_t i = 0; i < result.spike_times.size(); ++i) {
      spikes.emplace_back(result.spike_times[i], result.spike_neurons[i]);
    }
    std::sort(spikes.begin(), spikes.end());
    for (std::size_t i = 0; i < spikes.size(); ++i) {
      std::tie(result.spike_times[i], result.spike_neurons[i]) = spikes[i];
    }
  }

  void collect_weights(Simulation& simulation, Result& result) {
    for (const auto& wired : wired_) {
      auto found = std::find_if(result.final_weights.begin(), result.final_weights.end(),
                                [&](const auto& w) { return w.first == wired.matrix; });
      if (found == result.final_weights.end()) {
        const auto [targets, sources] = shape(wired.matrix);
        found = result.final_weights.insert(
            found, {wired.matrix, std::vector(targets, std::vector<double>(sources, 0.0))});
      }
      const auto table = simulation.weights(wired.projection);
      for (std::size_t s = 0; s < table.weight.size(); ++s) {
        found->second[wired.first_target + table.target[s]][wired.first_source + table.source[s]] =
            table.weight[s];
      }
    }
  }

  const json& j_;
  Network network_;
  Population in_, readout_;
  std::uint32_t n_readouts_ = 0, n_recurrent_ = 0;
  std::vector<Block> recurrent_;
  std::vector<Wired> wired_;
};

}  // namespace

Result simulate(const json& scenario, comm::Communicator& comm, int threads) {
  try {
    check_keys(scenario);
    return Scenario(scenario).simulate(comm, threads);
  } catch (const json::exception& e) {
    throw InvalidParameter(fmt::format("scenario: {}", e.what()));
  }
}

}  // namespace eprop::scenario
