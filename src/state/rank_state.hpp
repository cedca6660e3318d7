#pragma once

#include <array>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "core/partition.hpp"
#include "core/spike_history.hpp"
#include "core/step_ring.hpp"
#include "devices/spike_sources.hpp"
#include "devices/step_rates.hpp"
#include "exchange/interval_exchange.hpp"
#include "plan/plan.hpp"
#include "state/worker.hpp"

/// Everything on a rank that changes while the simulation runs. The plan says how.
namespace eprop::state {

/// The spikes of a population that matter to this rank, whichever rank they are from.
struct SpikeState {
  core::SpikeHistory history;
  core::SpikesBySource of_interval;  ///< of the update interval that is learnt from
};

struct InputState : SpikeState {
  devices::SpikePlayer player;
};

struct NeuronState : SpikeState {
  exchange::OwnSpikes own;
};

/// What a rank knows of a population of readouts, of all ranks: [step][readout].
struct ReadoutState {
  core::StepRing errors;
  core::StepRing potentials;                           ///< mV; with cross_entropy
  std::optional<devices::LossTracker::Window> losses;  ///< if errors are summed up
};

using PopulationState = std::variant<InputState, NeuronState, ReadoutState>;

/// Of a projection that learns.
struct LearningRate {
  double now = 0.0;                     ///< in force
  std::array<double, 2> of_interval{};  ///< of update interval k, at k mod 2 (bsshslm_2020)
};

struct RankState {
  RankState(std::shared_ptr<const plan::Plan> made, const core::Layout& where)
      : shared_plan(std::move(made)), plan(*shared_plan), layout(where) {}
  RankState(const RankState&) = delete;
  RankState& operator=(const RankState&) = delete;

  const std::shared_ptr<const plan::Plan> shared_plan;  ///< with replicas
  const plan::Plan& plan;
  const core::Layout layout;
  std::vector<PopulationState> populations;
  std::vector<LearningRate> learning_rates;  ///< by projection index
  std::vector<devices::StepRatePlayer> rates;
  std::vector<std::unique_ptr<Worker>> workers;
  std::vector<Divergence> divergences;  ///< memory for throw_if_diverged()

  /// The spikes of a population, which must not be one of readouts.
  [[nodiscard]] SpikeState& spikes(std::uint32_t population) {
    return spikes_in<SpikeState>(populations[population]);
  }
  [[nodiscard]] const SpikeState& spikes(std::uint32_t population) const {
    return spikes_in<const SpikeState>(populations[population]);
  }
  [[nodiscard]] const ReadoutState& readouts(std::uint32_t population) const {
    return std::get<ReadoutState>(populations[population]);
  }
  [[nodiscard]] ReadoutState& readouts(std::uint32_t population) {
    return std::get<ReadoutState>(populations[population]);
  }

  /// How a projection of the plus family optimizes now.
  [[nodiscard]] plasticity::TransmissionOptimizer transmission_optimizer(
      std::uint32_t projection) const {
    return plan.projections[projection].transmission_optimizer(learning_rates[projection].now);
  }

 private:
  template <class S>
  static S& spikes_in(auto& state) {
    if (auto* neurons = std::get_if<NeuronState>(&state)) return *neurons;
    return *std::get_if<InputState>(&state);
  }
};

}  // namespace eprop::state
