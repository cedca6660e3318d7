#include "plasticity/optimizer.hpp"

#include <algorithm>
#include <cmath>

#include "network/model_traits.hpp"

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

void optimize(synapses::SynapseTile& tile, const OptimizerParameters& p, std::uint32_t first,
              std::uint32_t size, const double* __restrict g, double rate) {
  double* __restrict w = tile.weight.data() + first;
  if (!p.adam) {
#pragma omp simd
    for (std::uint32_t s = 0; s < size; ++s) w[s] -= rate * g[s];
    return;
  }
  double* __restrict m = tile.m.data() + first;
  double* __restrict v = tile.v.data() + first;
  const double b1 = p.beta_1, b2 = p.beta_2, epsilon = p.epsilon;
#pragma omp simd
  for (std::uint32_t s = 0; s < size; ++s) {
    m[s] = b1 * m[s] + (1.0 - b1) * g[s];
    v[s] = b2 * v[s] + (1.0 - b2) * g[s] * g[s];
    w[s] -= rate * m[s] / (std::sqrt(v[s]) + epsilon);
  }
}

void clip(synapses::SynapseTile& tile, const OptimizerParameters& p, std::uint32_t first,
          std::uint32_t size) {
  double* __restrict w = tile.weight.data() + first;
  const double low = p.w_min, high = p.w_max;
#pragma omp simd
  for (std::uint32_t s = 0; s < size; ++s) {
    const double x = w[s] < low ? low : w[s];
    w[s] = x > high ? high : x;
  }
}

}  // namespace eprop::plasticity
