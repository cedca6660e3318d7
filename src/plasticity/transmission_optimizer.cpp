#include "plasticity/transmission_optimizer.hpp"

#include <algorithm>
#include <cmath>

namespace eprop::plasticity {
namespace {

/// Optimizations between two looks for moments that have vanished.
constexpr std::int64_t look_interval = 64;

/// Where m has vanished, only v goes on, and by k optimizations at once. Returns how many synapses
/// still move.
///
/// When a synapse settles must not depend on its neighbours in the row, which depend on the layout,
/// or v would be rounded differently.
std::uint32_t settle(const double* m, const double* v, std::uint32_t size, double beta_2,
                     std::int64_t k, double* settled) {
  double power = -1.0;
  std::uint32_t moving = 0;
  for (std::uint32_t s = 0; s < size; ++s) {
    if (m[s] != 0.0) {
      ++moving;
    } else if (settled[s] < 0.0) {
      if (power < 0.0) power = std::pow(beta_2, static_cast<double>(k));
      settled[s] = power * v[s];
    }
  }
  return moving;
}

}  // namespace

void TransmissionScratch::reserve(std::size_t row) {
  if (gradient.size() >= row) return;
  gradient.resize(row);
  mean.resize(row);
  zeros.resize(row, 0.0);
  settled.resize(row);
}

void optimize_without_gradients(synapses::SynapseTile& tile, std::uint32_t first,
                                std::uint32_t size, const TransmissionOptimizer& o,
                                std::int64_t done, std::int64_t n, TransmissionScratch& scratch) {
  const auto& p = o.parameters;
  double* v = tile.v.data() + first;
  const double* m = tile.m.data() + first;
  double* settled = scratch.settled.data();
  std::fill_n(settled, size, -1.0);
  while (done < n && settle(m, v, size, p.beta_2, n - done, settled) > 0) {
    const auto look = std::min(n, (done / look_interval + 1) * look_interval);
    while (done < look) {
      ++done;
      optimize_without_clipping(tile, p, first, size, scratch.zeros.data(), p.rate(o.eta, done));
    }
  }
  for (std::uint32_t s = 0; s < size; ++s) {
    if (settled[s] >= 0.0) v[s] = settled[s];
  }
}

void optimize_up_to(synapses::SynapseTile& tile, std::uint32_t first, std::uint32_t size,
                    const double* g, const TransmissionOptimizer& o, std::int64_t done,
                    std::int64_t n, double rate_of_n, TransmissionScratch& scratch) {
  const auto& p = o.parameters;
  const double rate = done + 1 == n ? rate_of_n : p.rate(o.eta, done + 1);
  if (!p.adam || done + 1 == n) {
    optimize(tile, p, first, size, g, rate);
    return;
  }
  optimize_without_clipping(tile, p, first, size, g, rate);
  optimize_without_gradients(tile, first, size, o, done + 1, n, scratch);
  clip(tile, p, first, size);
}

}  // namespace eprop::plasticity
