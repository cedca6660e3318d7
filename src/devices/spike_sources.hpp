#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <variant>
#include <vector>

#include "core/random.hpp"
#include "core/spike_history.hpp"
#include "eprop/network.hpp"

/// Input populations. Their spikes are known everywhere, so every rank makes all of them and none
/// travel.
namespace eprop::devices {

/// Spikes given beforehand, and in the course of the simulation.
class TrainPlayer {
 public:
  TrainPlayer(const SpikeTrains& trains, double dt);

  /// Adds spikes, none of them before step `now`.
  void add(const std::vector<std::vector<double>>& times, double dt, Step now);
  void emit(Step t, core::SpikeHistory& history);

  /// A spike to come.
  struct Event {
    Step step;
    std::uint32_t source;
    auto operator<=>(const Event&) const = default;
  };
  /// The spikes that are not emitted yet, by step, then source; for checkpoints.
  [[nodiscard]] std::vector<Event> pending() const;
  void set_pending(std::vector<Event> events);

 private:
  bool sort_into_buckets(const std::vector<Event>& events);

  std::vector<Step> steps_;  ///< [spike], by step, then source, without repetitions
  std::vector<std::uint32_t> sources_;
  std::size_t next_ = 0;
};

/// Independent Poisson processes, drawn from counter-based random numbers: the spikes of a neuron
/// in a block of steps depend on nothing before it.
class PoissonPlayer {
 public:
  PoissonPlayer(const PoissonSource& source, std::uint32_t size, std::uint32_t population,
                const NetworkOptions& options);

  void emit(Step t, core::SpikeHistory& history);

 private:
  /// Draws the spikes of all neurons in a block, from one to the next by geometrically distributed
  /// gaps.
  void draw(Step block);

  struct Neuron {
    double log_miss;    ///< log of the probability of no spike in a step
    double block_miss;  ///< bound on the probability of no spike in a block, from above
  };
  std::vector<Neuron> neurons_;
  Step start_, stop_;
  core::RandomStream random_;
  Step block_ = -1;                                  ///< whose spikes are drawn
  std::vector<std::vector<std::uint32_t>> sources_;  ///< [step of the block], ascending
};

using SpikePlayer = std::variant<TrainPlayer, PoissonPlayer>;

}  // namespace eprop::devices
