#pragma once

#include <cstdint>
#include <vector>

#include "eprop/step.hpp"
#include "plasticity/optimizer.hpp"

/// Optimizers of synapses that learn whenever they transmit.
namespace eprop::plasticity {

struct SourceClock;

struct TransmissionOptimizer {
  const OptimizerParameters& parameters;
  double eta;
  bool each_step;
  Step delay;  ///< of the synapse

  /// Whether it matters how many optimizations there have been.
  [[nodiscard]] bool counts() const {
    return parameters.moves_without_gradient || parameters.batch_size > 1;
  }
  /// Whether gradients are summed up before they are used.
  [[nodiscard]] bool sums() const { return !each_step || parameters.batch_size > 1; }
  /// Optimizations due once target step t has been handled, if there is one for each step.
  [[nodiscard]] std::int64_t due_after_step(Step t) const {
    return (t + 1) / parameters.batch_size;
  }
  /// Optimizations due with a transmission in step `arrival`, if there is one for each.
  [[nodiscard]] std::int64_t due_with_spike(Step arrival) const {
    return (arrival - delay) / parameters.batch_size;
  }
};

struct TransmissionScratch {
  core::Column gradient;  ///< [synapse of a row]
  core::Column mean;      ///< [synapse of a row], over a batch
  core::Column zeros;
  struct Due {
    std::uint32_t source;
    SourceClock* clock;
  };
  std::vector<Due> due;  ///< sources whose synapses are to be updated
  /// [synapse of a row][weight, state], and whether it has ended: see optimize_without_gradients()
  std::vector<double> ends;
  std::vector<char> at_end;

  void reserve(std::size_t row);
};

/// Optimizations number done + 1 to n of neighbouring synapses: the first with the mean gradients
/// g, the others with zero. Then clips the weights. `rate_of_n` is parameters.rate(eta, n).
void optimize_up_to(synapses::SynapseTile& tile, std::uint32_t first, std::uint32_t size,
                    const double* g, const TransmissionOptimizer& o, std::int64_t done,
                    std::int64_t n, const Rate& rate_of_n, TransmissionScratch& scratch);

/// Optimizations number done + 1 to n of neighbouring synapses, all with zero gradients and without
/// clipping: one by one as long as they have no closed form (OptimizerRule::rests).
void optimize_without_gradients(synapses::SynapseTile& tile, std::uint32_t first,
                                std::uint32_t size, const TransmissionOptimizer& o,
                                std::int64_t done, std::int64_t n, TransmissionScratch& scratch);

}  // namespace eprop::plasticity
