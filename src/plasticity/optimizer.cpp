#include "plasticity/optimizer.hpp"

#include <cmath>

#include "core/finite.hpp"
#include "network/optimizers.hpp"

namespace eprop::plasticity {

OptimizerParameters::OptimizerParameters(const Optimizer& optimizer) {
  const auto& common = network::common_parameters(optimizer);
  batch_size = common.batch_size;
  eta = common.eta;
  w_min = common.Wmin;
  w_max = common.Wmax;
  if (const auto* a = std::get_if<Adam>(&optimizer)) {
    adam = true;
    beta_1 = a->beta_1;
    beta_2 = a->beta_2;
    epsilon = a->epsilon;
  }
}

double OptimizerParameters::rate(double eta_now, std::int64_t n) const {
  if (!adam) return eta_now;
  const auto power = static_cast<double>(n);
  return eta_now * std::sqrt(1.0 - std::pow(beta_2, power)) / (1.0 - std::pow(beta_1, power));
}

void add_optimizer_state(synapses::SynapseTile& tile, const OptimizerParameters& p) {
  if (p.batch_size > 1) tile.gradient_sum.assign(tile.size(), 0.0);
  if (p.adam) {
    tile.m.assign(tile.size(), 0.0);
    tile.v.assign(tile.size(), 0.0);
  }
}

namespace {

struct Bounds {
  double low, high;
  [[nodiscard]] double clip(double w) const {
    const double x = w < low ? low : w;
    return x > high ? high : x;
  }
};

// Where they clip, the loops below return bits that are not 0 if something is not finite, a weight
// before it is clipped: a bound would hide an infinite one, and with it the gradient it came from.

template <bool clips>
std::uint64_t descend(double* __restrict w, std::uint32_t size, const double* __restrict g,
                      double rate, Bounds bounds) {
  std::uint64_t not_finite = 0;
#pragma omp simd reduction(| : not_finite)
  for (std::uint32_t s = 0; s < size; ++s) {
    const double x = w[s] - rate * g[s];
    w[s] = clips ? bounds.clip(x) : x;
    if constexpr (clips) not_finite |= core::not_finite(x);
  }
  return not_finite;
}

template <bool clips>
std::uint64_t adam(double* __restrict w, double* __restrict m, double* __restrict v,
                   std::uint32_t size, const double* __restrict g, double rate,
                   const OptimizerParameters& p) {
  const double b1 = p.beta_1, b2 = p.beta_2, epsilon = p.epsilon;
  const Bounds bounds{p.w_min, p.w_max};
  std::uint64_t not_finite = 0;
#pragma omp simd reduction(| : not_finite)
  for (std::uint32_t s = 0; s < size; ++s) {
    m[s] = b1 * m[s] + (1.0 - b1) * g[s];
    v[s] = b2 * v[s] + (1.0 - b2) * g[s] * g[s];
    const double x = w[s] - rate * m[s] / (std::sqrt(v[s]) + epsilon);
    w[s] = clips ? bounds.clip(x) : x;
    // An infinite v would stop the weight in silence.
    if constexpr (clips) not_finite |= core::not_finite(x) | core::not_finite(v[s]);
  }
  return not_finite;
}

template <bool clips>
void optimize(synapses::SynapseTile& tile, const OptimizerParameters& p, std::uint32_t first,
              std::uint32_t size, const double* g, double rate) {
  double* w = tile.weight.data() + first;
  tile.not_finite |=
      p.adam ? adam<clips>(w, tile.m.data() + first, tile.v.data() + first, size, g, rate, p)
             : descend<clips>(w, size, g, rate, {p.w_min, p.w_max});
}

}  // namespace

void optimize(synapses::SynapseTile& tile, const OptimizerParameters& p, std::uint32_t first,
              std::uint32_t size, const double* gradient, double rate) {
  optimize<true>(tile, p, first, size, gradient, rate);
}

void optimize_without_clipping(synapses::SynapseTile& tile, const OptimizerParameters& p,
                               std::uint32_t first, std::uint32_t size, const double* gradient,
                               double rate) {
  optimize<false>(tile, p, first, size, gradient, rate);
}

void clip(synapses::SynapseTile& tile, const OptimizerParameters& p, std::uint32_t first,
          std::uint32_t size) {
  double* __restrict w = tile.weight.data() + first;
  const bool finite =
      core::all_finite({w, size}) && (!p.adam || core::all_finite({tile.v.data() + first, size}));
  if (!finite) tile.not_finite = 1;
  const Bounds bounds{p.w_min, p.w_max};
#pragma omp simd
  for (std::uint32_t s = 0; s < size; ++s) w[s] = bounds.clip(w[s]);
}

}  // namespace eprop::plasticity
