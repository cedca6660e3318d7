#pragma once

#include <cstdint>
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

 private:
  struct Event {
    Step step;
    std::uint32_t source;
    auto operator<=>(const Event&) const = default;
  };
  void sort();

  std::vector<Event> events_;
  std::size_t next_ = 0;
};

/// Independent Poisson processes, drawn per neuron and step from counter-based random numbers.
class PoissonPlayer {
 public:
  PoissonPlayer(const PoissonSource& source, std::uint32_t size, std::uint32_t population,
                const NetworkOptions& options);

  void emit(Step t, core::SpikeHistory& history) const;

 private:
  std::vector<double> probability_;  ///< per neuron, of a spike in a step
  Step start_, stop_;
  core::RandomStream random_;
};

using SpikePlayer = std::variant<TrainPlayer, PoissonPlayer>;

}  // namespace eprop::devices
