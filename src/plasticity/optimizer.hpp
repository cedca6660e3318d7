#pragma once

#include <cstdint>

#include "eprop/synapse_models.hpp"
#include "synapses/synapse_tile.hpp"

namespace eprop::plasticity {

/// Parameters of an optimizer in a flat form for the update loops.
struct OptimizerParameters {
  explicit OptimizerParameters(const Optimizer& optimizer);

  bool adam = false;
  std::int64_t batch_size = 1;
  double eta = 0.0;
  double w_min = 0.0, w_max = 0.0;
  double beta_1 = 0.0, beta_2 = 0.0, epsilon = 0.0;

  /// Learning rate of the n-th optimization (n >= 1), bias corrections of Adam included.
  [[nodiscard]] double rate(double eta_now, std::int64_t n) const;
};

/// Gives a tile the columns that the optimizer needs.
void add_optimizer_state(synapses::SynapseTile& tile, const OptimizerParameters& p);

/// Optimizes `size` synapses from `first` on with their mean gradients, and clips their weights to
/// [Wmin, Wmax]. `rate` is p.rate(...). The tile notes what is not finite.
void optimize(synapses::SynapseTile& tile, const OptimizerParameters& p, std::uint32_t first,
              std::uint32_t size, const double* gradient, double rate);

/// The two halves of optimize(), for several optimizations before weights are clipped once. The
/// second notes what is not finite.
void optimize_without_clipping(synapses::SynapseTile& tile, const OptimizerParameters& p,
                               std::uint32_t first, std::uint32_t size, const double* gradient,
                               double rate);
void clip(synapses::SynapseTile& tile, const OptimizerParameters& p, std::uint32_t first,
          std::uint32_t size);

}  // namespace eprop::plasticity
