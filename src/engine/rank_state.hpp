#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "core/divisor.hpp"
#include "core/partition.hpp"
#include "devices/spike_sources.hpp"
#include "devices/step_rates.hpp"
#include "engine/parts.hpp"
#include "eprop/comm/communicator.hpp"
#include "exchange/interval_exchange.hpp"

namespace eprop::engine {

/// Properties of the simulation in steps.
struct Timing {
  double dt = 1.0;                    ///< ms
  core::Divisor update_interval = 1;  ///< T (bsshslm_2020)
  Step learning_window = 0;           ///< W (bsshslm_2020)
  bool reset_neurons_on_update = true;
  core::Divisor exchange_interval = 1;  ///< minimum delay
};

/// What a rank knows of a population: its spikes, or its signals, of all ranks.
struct PopulationState {
  std::unique_ptr<core::SpikeHistory> history;  ///< null for readouts
  exchange::OwnSpikes own;
  core::SpikesBySource interval_spikes;        ///< of the update interval that is learnt from
  bool learns_by_interval = false;             ///< feeds synapses that need interval_spikes
  std::optional<devices::SpikePlayer> player;  ///< of input populations
  core::StepRing errors;                       ///< of readouts
  std::optional<devices::LossTracker::Window> losses;  ///< of readouts whose errors are summed up
  plasticity::TransmissionMode transmission;           ///< of targets in the plus family
  core::StepRing potentials;                           ///< of readouts with cross_entropy, mV
};

/// Everything that lives on one rank.
struct RankState {
  RankState(const Network& network, const core::Layout& layout);
  RankState(const RankState&) = delete;
  RankState& operator=(const RankState&) = delete;

  const Network network;
  const core::Layout layout;
  Timing timing;
  std::vector<PopulationState> populations;
  std::vector<ProjectionInfo> projections;
  std::vector<devices::StepRatePlayer> rates;
  std::vector<std::unique_ptr<Worker>> workers;
  std::vector<Divergence> divergences;  ///< of all ranks: memory for throw_if_diverged()

  /// The exchange over `comm`; collective.
  [[nodiscard]] exchange::IntervalExchange make_exchange(comm::Communicator& comm);

 private:
  void build_populations();
};

}  // namespace eprop::engine
