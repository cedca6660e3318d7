#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <variant>
#include <vector>

#include "core/random.hpp"
#include "core/spike_history.hpp"
#include "eprop/inputs.hpp"
#include "eprop/network.hpp"
#include "eprop/spike_events.hpp"
#include "eprop/step.hpp"

/// Input populations. Their spikes are known everywhere, so every rank makes all of them and none
/// travel.
namespace eprop::devices {

/// Spikes given beforehand, and in the course of the simulation. Those that come together are
/// sorted by themselves and merged with the others as they are emitted: to add spikes costs what is
/// added, however many are to come.
class TrainPlayer {
 public:
  TrainPlayer(const SpikeTrains& trains, double dt);

  /// Adds spikes of the neurons, times[i] of neuron i in ms, none of them before a step that has
  /// been emitted.
  void add(const std::vector<std::vector<double>>& times, double dt);
  void add(SpikeEvents events);
  void emit(Step t, core::SpikeHistory& history);
  /// Drops the spikes of all steps before t.
  void skip_to(Step t);

  /// The spikes that are not emitted yet, in order; for checkpoints.
  [[nodiscard]] SpikeEvents pending() const;
  void set_pending(SpikeEvents events);

 private:
  /// Spikes to come that came together, in order; never without any. Copies of a player share them.
  struct Run {
    std::shared_ptr<const SpikeEvents> spikes;
    std::size_t next = 0;
    Step step = 0;  ///< steps[next], at hand for the heap

    [[nodiscard]] std::size_t left() const { return spikes->steps.size() - next; }
    /// Whether the other run is emitted before this one.
    [[nodiscard]] bool operator<(const Run& other) const;
    /// The sources of step t; moves on to what follows.
    std::span<const std::uint32_t> take(Step t);
  };
  void put_back();

  std::vector<Run> runs_;  ///< a heap; the first has the earliest spikes, of such runs the most
  // Sources of a step in which several runs have spikes: of one, of all others, and of all.
  std::vector<std::uint32_t> sources_, further_, merged_;
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
