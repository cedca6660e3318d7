#include "random_network.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "eprop/errors.hpp"
#include "every_model.hpp"
#include "network/check_synapses.hpp"
#include "network/model_traits.hpp"
#include "network/optimizers.hpp"
#include "random_values.hpp"

namespace eprop::fuzz {
namespace {

constexpr double steps_of_input = 120.0;

NetworkOptions random_options(Dice& dice) {
  NetworkOptions options;
  options.dt = dice.odd() ? dice.odd_number() : dice.one_of({1.0, 1.0, 0.5, 0.1, 0.25, 0.3, 2.0});
  options.seed = dice.odd() ? ~std::uint64_t{0} : dice.below(1000);
  if (!dice.odd()) {
    const auto steps = 3 + dice.below(38);
    options.update_interval = random_time(dice, steps, steps, options.dt);
    if (dice.chance(0.6)) options.learning_window = random_time(dice, 1, steps, options.dt);
  }
  options.reset_neurons_on_update = dice.chance(0.7);
  return options;
}

std::string odd_name(Dice& dice) {
  return dice.one_of<std::string>({"", "a/b", "in0", std::string(300, 'x'), "\xff\xfe", "..", "\n",
                                   std::string("zero\0byte", 9)});
}

/// What a network is made of, as far as it was accepted.
class Builder {
 public:
  Builder(Dice& dice, Transcript& transcript, Network& network)
      : dice_(dice),
        transcript_(transcript),
        network_(network),
        family_(dice.chance(0.5) ? Family::bsshslm_2020 : Family::plus) {}

  void build() {
    const auto inputs = 1 + dice_.below(2), neurons = 1 + dice_.below(3), readouts = dice_.below(3);
    for (std::uint64_t i = 0; i < inputs; ++i) add_inputs(name("in", i));
    for (std::uint64_t i = 0; i < neurons; ++i) {
      add_neurons(name("rec", i), Role::recurrent, recurrent_);
    }
    for (std::uint64_t i = 0; i < readouts; ++i) {
      add_neurons(name("out", i), Role::readout, readouts_);
    }
    connect_all(inputs_, recurrent_, 0.8);
    connect_all(recurrent_, recurrent_, 0.6);
    connect_all(recurrent_, readouts_, 0.8);
    connect_all(inputs_, readouts_, 0.1);
    if (dice_.odd()) connect(any_population(), any_population());
    for (const auto readout : readouts_) add_feedback(readout);
    if (dice_.odd()) add_signal(any_population(), any_population());
  }

 private:
  std::string name(std::string_view begin, std::uint64_t number) {
    return dice_.odd() ? odd_name(dice_) : fmt::format("{}{}", begin, number);
  }
  Population any_population() {
    return random_handle<Population>(dice_, network_.populations().size());
  }
  [[nodiscard]] double dt() const { return network_.options().dt; }
  [[nodiscard]] std::uint32_t size_of(Population p) const { return network_.at(p).size; }

  std::uint32_t random_size() {
    if (dice_.odd()) return dice_.one_of({0U, 0U, 1U, 70U, 300U});
    return static_cast<std::uint32_t>(1 + dice_.below(9));
  }

  void add_inputs(const std::string& name) {
    transcript_.attempt("add inputs", [&] {
      const auto size = random_size();
      if (dice_.chance(0.5)) {
        const bool round_times = dice_.chance(0.2);
        inputs_.push_back(network_.add(
            name, SpikeTrains{random_trains(dice_, size, 0.0, steps_of_input, dt()), round_times}));
        return;
      }
      PoissonSource source{.rate = random_value(dice_, 0.0, 300.0, size)};
      if (dice_.chance(0.2)) source.start = random_time(dice_, 0, 20, dt());
      if (dice_.chance(0.2)) source.stop = random_time(dice_, 0, 60, dt());
      inputs_.push_back(network_.add(name, size, source));
    });
  }

  NeuronModel random_model(Role role) {
    std::vector<NeuronModel> models;
    for (const auto& model : testing::every_model()) {
      const auto family = network::family(model);
      if (network::is_readout(model) != (role == Role::readout)) continue;
      if (family == family_ || family == Family::none || dice_.odd()) models.push_back(model);
    }
    return dice_.one_of(models);
  }

  void add_neurons(const std::string& name, Role role, std::vector<Population>& added) {
    transcript_.attempt("add neurons", [&] {
      const auto size = random_size();
      auto model = random_model(role);
      randomize(dice_, model, size, dt());
      if (dice_.is_sane() && dice_.chance(0.1)) {
        added.push_back(add_spoilt(name, size, model));
        return;
      }
      if (dice_.odd()) set_parameter(model, odd_name(dice_), dice_.odd_number());
      if (dice_.odd()) set_parameter(model, "loss", "\xff");
      added.push_back(network_.add(name, size, model));
    });
  }

  /// Neurons with one value that may break a rule: the refusal must name it.
  Population add_spoilt(const std::string& name, std::uint32_t size, NeuronModel model) {
    const double value = dice_.odd_number();
    const auto parameter = spoil(dice_, model, value);
    try {
      return network_.add(name, size, model);
    } catch (const InvalidParameter& error) {
      const auto wanted = fmt::format("{} = {}", parameter, value);
      if (std::string_view(error.what()).find(wanted) != std::string_view::npos) throw;
      throw Fault(fmt::format("a refusal does not name {}: {}", wanted, error.what()));
    }
  }

  std::optional<double> random_delay(bool one_step) {
    if (dice_.odd()) return dice_.odd_number();
    if (one_step || dice_.chance(0.5)) return std::nullopt;
    return random_time(dice_, 1, 5, dt());
  }

  SynapseModel random_synapse(Population source, Population target, const Value& weight) {
    const auto* model = std::get_if<NeuronModel>(&network_.at(target).what);
    auto family = model == nullptr ? Family::none : network::family(*model);
    if (dice_.odd()) family = dice_.one_of({Family::none, Family::bsshslm_2020, Family::plus});
    if (dice_.chance(0.15)) family = Family::none;
    Optimizer optimizer = dice_.one_of(network::all_optimizers());
    randomize(dice_, optimizer);
    const bool from_inputs = !std::holds_alternative<NeuronModel>(network_.at(source).what);
    const bool onto_readouts = model != nullptr && network::is_readout(*model);
    switch (family) {
      case Family::bsshslm_2020: {
        EpropSynapseBsshslm2020 s{.weight = weight, .delay = random_delay(true)};
        s.tau_m_readout = dice_.odd() ? dice_.odd_number() : dice_.one_of({10.0, 10.0, 25.0});
        s.average_gradient = dice_.chance(0.3);
        s.optimizer = optimizer;
        return s;
      }
      case Family::plus:
        // Delays to readouts must agree, which Simulation checks.
        return EpropSynapse{weight, random_delay(onto_readouts), dice_.chance(0.5), optimizer};
      default:
        return StaticSynapse{weight, random_delay(onto_readouts && !from_inputs)};
    }
  }

  void connect(Population source, Population target) {
    transcript_.attempt("connect", [&] {
      const auto sources = size_of(source), targets = size_of(target);
      auto rule = random_rule(dice_, sources, targets);
      const auto n = network::weight_array_size(rule, sources, targets);
      const auto weight = n > 100000 ? Value(1.0) : random_value(dice_, -3.0, 8.0, n);
      const auto synapse = random_synapse(source, target, weight);
      if (dice_.chance(0.1)) {
        WeightMatrix matrix{targets, sources, std::vector<double>(std::size_t{sources} * targets)};
        for (double& w : matrix.weights) w = random_weight();
        if (dice_.odd()) matrix.weights.push_back(1.0);
        if (dice_.odd()) matrix.sources = 4294967295U;
        network_.connect(source, target, matrix, synapse);
        return;
      }
      network_.connect(source, target, std::move(rule), synapse,
                       dice_.odd() ? odd_name(dice_) : std::string());
    });
  }

  double random_weight() {
    if (dice_.odd()) return dice_.odd_number();
    constexpr double no_synapse = std::numeric_limits<double>::quiet_NaN();
    return dice_.chance(0.5) ? no_synapse : dice_.between(-3.0, 8.0);
  }

  void connect_all(const std::vector<Population>& sources, const std::vector<Population>& targets,
                   double probability) {
    for (const auto source : sources) {
      for (const auto target : targets) {
        if (dice_.chance(probability)) connect(source, target);
      }
    }
  }

  void add_signal(Population readout, Population target) {
    transcript_.attempt("connect learning signal", [&] {
      auto rule = random_rule(dice_, size_of(readout), size_of(target));
      const auto n = network::weight_array_size(rule, size_of(readout), size_of(target));
      const auto weight = n > 100000 ? Value(1.0) : random_value(dice_, -1.0, 1.0, n);
      network_.connect_learning_signal(readout, target, std::move(rule), weight,
                                       random_delay(family_ == Family::bsshslm_2020));
    });
  }

  void connect_rate(Population readout, RateReceptor receptor, const StepRates& rates) {
    transcript_.attempt("connect rate", [&] {
      const auto generator = network_.add(
          dice_.odd() ? odd_name(dice_) : fmt::format("rate{}", network_.rate_generators().size()),
          rates);
      network_.connect_rate(generator, readout, receptor);
    });
  }

  /// Targets and learning signals of readouts.
  void add_feedback(Population readout) {
    const auto& model = std::get<NeuronModel>(network_.at(readout).what);
    for (const auto target : recurrent_) {
      const auto family = network::family(std::get<NeuronModel>(network_.at(target).what));
      if (family == network::family(model) && dice_.chance(0.8)) add_signal(readout, target);
    }
    const auto generators = dice_.chance(0.5) ? 1 : size_of(readout);
    if (dice_.chance(0.9)) {
      connect_rate(readout, RateReceptor::target_signal,
                   random_rates(dice_, generators, 0.0, steps_of_input, dt()));
    }
    if (network::family(model) != Family::plus && !dice_.odd()) return;
    const StepRates window{.times = {0.0}, .amplitudes = {{1.0}}};
    connect_rate(readout, RateReceptor::learning_window,
                 dice_.chance(0.6) ? window : random_rates(dice_, 1, 0.0, steps_of_input, dt()));
  }

  Dice& dice_;
  Transcript& transcript_;
  Network& network_;
  Family family_;
  std::vector<Population> inputs_, recurrent_, readouts_;
};

}  // namespace

std::vector<std::vector<double>> random_trains(Dice& dice, std::size_t neurons, double first,
                                               double steps, double dt) {
  std::vector<std::vector<double>> times(dice.odd() ? neurons + 1 : neurons);
  for (auto& train : times) {
    for (std::uint64_t n = dice.below(30); n > 0; --n) {
      train.push_back((first + std::floor(dice.between(0.0, steps))) * dt);
    }
    if (dice.odd()) train.push_back(dice.odd_number());
  }
  return times;
}

StepRates random_rates(Dice& dice, std::size_t generators, double first, double steps, double dt) {
  StepRates rates{.round_times = dice.chance(0.2)};
  double step = first;
  for (std::uint64_t n = dice.below(6); n > 0; --n) {
    rates.times.push_back(dice.odd() ? dice.odd_number() : step * dt);
    step += 1.0 + std::floor(dice.between(0.0, steps / 6.0));
  }
  rates.amplitudes.resize(dice.odd() ? generators + 1 : generators);
  for (auto& amplitudes : rates.amplitudes) {
    amplitudes.resize(rates.times.size() + (dice.odd() ? 1 : 0));
    for (double& a : amplitudes) a = dice.odd() ? dice.odd_number() : dice.between(-1.0, 1.0);
  }
  return rates;
}

std::optional<Network> random_network(Dice& dice, Transcript& transcript) {
  const auto options = random_options(dice);
  std::optional<Network> network;
  transcript.attempt("network", [&] { network.emplace(options); });
  if (network) Builder(dice, transcript, *network).build();
  return network;
}

}  // namespace eprop::fuzz
