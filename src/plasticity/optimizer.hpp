#pragma once

#include <cstdint>
#include <span>

#include "eprop/synapse_models.hpp"
#include "synapses/synapse_tile.hpp"

namespace eprop::plasticity {

/// Learning rate of one optimization.
struct Rate {
  double eta;        ///< as it is set
  double corrected;  ///< with what the optimizer makes of the number of the optimization
};

/// A column in which an optimizer keeps state of the synapses.
struct StateColumn {
  core::Column synapses::SynapseTile::*member;
  /// Steps are divided by it: they are relative to the gradient's own size, and an infinite value
  /// would stop the weight in silence.
  bool divides = false;
};

/// An optimizer in a form for the update loops, and what one has to know of it without asking which
/// it is.
struct OptimizerParameters {
  explicit OptimizerParameters(const Optimizer& what);

  Optimizer optimizer;
  std::int64_t batch_size = 1;
  double eta = 0.0;
  double w_min = 0.0, w_max = 0.0;
  /// An optimization without gradient changes the weight or the state.
  bool moves_without_gradient = false;
  /// Steps are relative to the gradient's own size.
  bool divides = false;

  /// State per synapse.
  [[nodiscard]] std::span<const StateColumn> columns() const;
  /// Learning rate of the n-th optimization (n >= 1).
  [[nodiscard]] Rate rate(double eta_now, std::int64_t n) const;
};

/// Gives a tile the columns that the optimizer needs.
void add_optimizer_state(synapses::SynapseTile& tile, const OptimizerParameters& p);

/// Optimizes `size` synapses from `first` on with their mean gradients, and clips their weights to
/// [Wmin, Wmax]. `rate` is p.rate(...). The tile notes what is not finite.
void optimize(synapses::SynapseTile& tile, const OptimizerParameters& p, std::uint32_t first,
              std::uint32_t size, const double* gradient, const Rate& rate);

/// The two halves of optimize(), for several optimizations before weights are clipped once. The
/// second notes what is not finite.
void optimize_without_clipping(synapses::SynapseTile& tile, const OptimizerParameters& p,
                               std::uint32_t first, std::uint32_t size, const double* gradient,
                               const Rate& rate);
void clip(synapses::SynapseTile& tile, const OptimizerParameters& p, std::uint32_t first,
          std::uint32_t size);

}  // namespace eprop::plasticity
