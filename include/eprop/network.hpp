#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "eprop/connection_rules.hpp"
#include "eprop/inputs.hpp"
#include "eprop/neuron_models.hpp"
#include "eprop/synapse_models.hpp"
#include "eprop/value.hpp"
#include "eprop/weights.hpp"

namespace eprop {

/// Handles of what a Network holds; valid for that network, its copies and simulations of it. A
/// handle of another network is refused with InvalidParameter if this one has nothing of its index;
/// it stands for what has that index otherwise.
struct Population {
  std::uint32_t index = 0;
};
struct Projection {
  std::uint32_t index = 0;
};
struct RateGenerator {
  std::uint32_t index = 0;
};

/// Properties of the whole network. Times in ms.
struct NetworkOptions {
  double dt = 1.0;         ///< resolution, > 0
  std::uint64_t seed = 1;  ///< of all random numbers: connections, distributions, Poisson sources
  /// bsshslm_2020: weights change at the end of each update interval; a multiple of dt, at least 3
  /// steps. If not given, 1000 ms in whole steps: the nearest number of them, and at least 3.
  std::optional<double> update_interval;
  /// bsshslm_2020: the last part of each update interval in which readouts produce errors; a
  /// multiple of dt, <= update_interval. If not given, all of it.
  std::optional<double> learning_window;
  bool reset_neurons_on_update = true;  ///< bsshslm_2020: neurons start each interval from rest
};

/// What to simulate: populations, projections and devices. Building one is cheap: every rank
/// describes the whole network, in the same words; Simulation then makes the part that lives on its
/// rank. All functions throw InvalidParameter naming the thing, the value and the rule.
class Network {
 public:
  struct PopulationSpec {
    std::string name;
    std::uint32_t size = 0;
    std::variant<NeuronModel, SpikeTrains, PoissonSource> what;
  };
  struct ProjectionSpec {
    std::string name;
    Population source, target;
    ConnectionRule rule;
    SynapseModel synapse;
  };
  struct LearningSignalSpec {
    std::string name;
    Population readout, target;
    ConnectionRule rule;
    Value weight = 1.0;
    double delay = 1.0;  ///< ms
  };
  struct RateGeneratorSpec {
    std::string name;
    StepRates rates;
  };
  struct RateConnection {
    RateGenerator generator;
    Population readout;
    RateReceptor receptor;
  };

  /// With the default options.
  Network();
  /// A template, as Network({}) would otherwise be ambiguous: {} could be options or a network.
  template <std::same_as<NetworkOptions> Options = NetworkOptions>
  explicit Network(Options options);

  /// Adds `size` neurons; names are unique, not ".", and without '/' and control characters. Global
  /// indices within a population count from 0.
  Population add(std::string name, std::uint32_t size, NeuronModel model);
  /// Adds one input neuron per spike train.
  Population add(std::string name, SpikeTrains trains);
  Population add(std::string name, std::uint32_t size, PoissonSource source);
  /// Adds one step rate generator per row of amplitudes.
  RateGenerator add(std::string name, StepRates rates);

  /// Connects neurons by spikes. The name defaults to "SOURCE_TARGET".
  Projection connect(Population source, Population target, ConnectionRule rule,
                     SynapseModel synapse, std::string name = {});
  /// The synapses that a matrix has, with its weights in place of those of `synapse`.
  Projection connect(Population source, Population target, const WeightMatrix& weights,
                     SynapseModel synapse, std::string name = {});
  /// Broadcasts the error signals of readouts to recurrent neurons of the same family; delay in ms,
  /// one step if not given.
  void connect_learning_signal(Population readout, Population target, ConnectionRule rule,
                               Value weight, std::optional<double> delay = {});
  /// Feeds generator i to readout i, or the only generator to all. The learning window belongs to
  /// eprop_readout.
  void connect_rate(RateGenerator generator, Population readout, RateReceptor receptor);

  /// ms from the begin of a sample at the inputs to that of its effect on a population, that is
  /// what readouts are to be compared with targets from on. bsshslm_2020: two steps for neurons,
  /// four for readouts, by which their update intervals are shifted. Others: the shortest way from
  /// any input population, by delays. InvalidParameter if there is none.
  [[nodiscard]] double sample_offset(Population population) const;

  /// What was described under a handle; InvalidParameter if there is nothing.
  [[nodiscard]] const PopulationSpec& at(Population handle) const;
  [[nodiscard]] const ProjectionSpec& at(Projection handle) const;
  [[nodiscard]] const RateGeneratorSpec& at(RateGenerator handle) const;
  /// All of it; options and delays that were not given have their values here.
  [[nodiscard]] const NetworkOptions& options() const { return options_; }
  [[nodiscard]] const std::vector<PopulationSpec>& populations() const { return populations_; }
  [[nodiscard]] const std::vector<ProjectionSpec>& projections() const { return projections_; }
  [[nodiscard]] const std::vector<LearningSignalSpec>& learning_signals() const {
    return learning_signals_;
  }
  [[nodiscard]] const std::vector<RateGeneratorSpec>& rate_generators() const {
    return rate_generators_;
  }
  [[nodiscard]] const std::vector<RateConnection>& rate_connections() const {
    return rate_connections_;
  }

 private:
  void require_new_name(const std::string& name) const;

  NetworkOptions options_;
  std::vector<PopulationSpec> populations_;
  std::vector<ProjectionSpec> projections_;
  std::vector<LearningSignalSpec> learning_signals_;
  std::vector<RateGeneratorSpec> rate_generators_;
  std::vector<RateConnection> rate_connections_;
};

}  // namespace eprop
