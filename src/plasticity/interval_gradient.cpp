#include "plasticity/interval_gradient.hpp"

#include <algorithm>

namespace eprop::plasticity {
namespace {

void reserve(std::vector<double>& v, std::size_t n) {
  if (v.size() < n) v.resize(n);
}

/// The part of a source's spikes whose arrivals count.
std::span<const std::uint32_t> counted(std::span<const std::uint32_t> steps, std::uint32_t first,
                                       std::uint32_t last) {
  while (!steps.empty() && steps.front() < first) steps = steps.subspan(1);
  while (!steps.empty() && steps.back() >= last) steps = steps.first(steps.size() - 1);
  return steps;
}

void update_row(synapses::SynapseTile& tile, const IntervalUpdate& u, std::uint32_t source,
                double rate, GradientScratch& scratch) {
  const synapses::Row row(tile, source);
  if (row.size == 0) return;
  const auto& p = u.optimizer;
  const auto spikes = counted(u.spikes.of(source), u.first_counted, u.last_counted);
  const bool batch_ends = (u.interval + 1) % p.batch_size == 0;
  const bool moves_without_gradient = p.adam || p.batch_size > 1;
  if (spikes.empty() && !(batch_ends && moves_without_gradient)) return;

  const std::size_t stride = tile.targets.size();
  double* __restrict g = scratch.gradient.data();
  synapses::gather(tile, row, spikes, scratch.coefficients.data() + u.arrival_row * stride, stride,
                   g);
  const double scale = u.scale;
  if (scale != 1.0) {
#pragma omp simd
    for (std::uint32_t s = 0; s < row.size; ++s) g[s] *= scale;
  }
  if (p.batch_size > 1) {
    double* __restrict sum = tile.gradient_sum.data() + row.first;
    const auto batch = static_cast<double>(p.batch_size);
    for (std::uint32_t s = 0; s < row.size; ++s) {
      sum[s] += g[s];
      g[s] = sum[s] / batch;
    }
    if (!batch_ends) return;
    std::fill_n(sum, row.size, 0.0);
  }
  optimize(tile, p, row.first, row.size, g, rate);
  clip(tile, p, row.first, row.size);
}

}  // namespace

void close_interval(neurons::RecurrentBlock& block, Step T, RecurrentArchive& archive) {
  const auto steps = static_cast<double>(T);
  for (std::size_t j = 0; j < block.size(); ++j) {
    archive.regularization[j] =
        block.c_reg[j] * (block.n_spikes[j] / steps - block.f_target[j]) / steps;
    block.n_spikes[j] = 0.0;
  }
}

void recurrent_coefficients(const neurons::RecurrentBlock& block, const RecurrentArchive& archive,
                            const core::StepRing& surrogate_gradient,
                            const std::vector<SignalWeights>& signals, core::Range tile,
                            const Interval& interval, double kappa, bool last_known,
                            GradientScratch& scratch) {
  const std::size_t n = tile.size();
  const auto T = static_cast<std::size_t>(interval.last - interval.first);
  reserve(scratch.coefficients, (T + 1) * n);
  scratch.row.assign(4 * n, 0.0);
  double* __restrict L = scratch.row.data();
  double* __restrict lambda = L + n;    // learning signal still to be weighted by ebar
  double* __restrict eta = lambda + n;  // d gradient / d eps
  double* __restrict mu = eta + n;      // d gradient / d zbar
  const double* __restrict reg = archive.regularization.data() + tile.begin;
  const double* __restrict alpha = block.alpha.data() + tile.begin;
  const double* __restrict P_z = block.P_z.data() + tile.begin;
  const double* __restrict beta = block.adaptive ? block.beta.data() + tile.begin : nullptr;
  const double* __restrict rho = block.adaptive ? block.rho.data() + tile.begin : nullptr;
  for (Step t = interval.last - 1; t >= interval.first; --t) {
    if (t < interval.last - 1 || last_known) {
      learning_signal(signals, t, tile, L);
    }
    const double* __restrict psi = surrogate_gradient.row(t) + tile.begin;
    double* __restrict Q =
        scratch.coefficients.data() + static_cast<std::size_t>(t - interval.first) * n;
    if (beta == nullptr) {
#pragma omp simd
      for (std::size_t j = 0; j < n; ++j) {
        lambda[j] = L[j] + kappa * lambda[j];
        const double d = (1.0 - kappa) * lambda[j] + reg[j];
        mu[j] = psi[j] * d + alpha[j] * mu[j];
        Q[j] = P_z[j] * mu[j];
      }
    } else {
#pragma omp simd
      for (std::size_t j = 0; j < n; ++j) {
        lambda[j] = L[j] + kappa * lambda[j];
        const double d = (1.0 - kappa) * lambda[j] + reg[j] + eta[j];
        eta[j] = rho[j] * eta[j] - beta[j] * psi[j] * d;
        mu[j] = psi[j] * d + alpha[j] * mu[j];
        Q[j] = P_z[j] * mu[j];
      }
    }
  }
}

void readout_coefficients(const neurons::ReadoutBlock& block, const core::StepRing& errors,
                          core::Range tile, const Interval& interval, GradientScratch& scratch) {
  const std::size_t n = tile.size();
  const auto T = static_cast<std::size_t>(interval.last - interval.first);
  reserve(scratch.coefficients, (T + 1) * n);
  scratch.row.assign(n, 0.0);
  double* __restrict mu = scratch.row.data();
  const double* __restrict alpha = block.alpha.data() + tile.begin;
  const double* __restrict P_z = block.P_z.data() + tile.begin;
  for (Step u = interval.last; u > interval.first; --u) {
    const double* __restrict E = errors.row(u + 1) + block.neurons.begin + tile.begin;
    double* __restrict Q =
        scratch.coefficients.data() + static_cast<std::size_t>(u - interval.first) * n;
#pragma omp simd
    for (std::size_t k = 0; k < n; ++k) {
      mu[k] = E[k] + alpha[k] * mu[k];
      Q[k] = P_z[k] * mu[k];
    }
  }
}

void update_tile(synapses::SynapseTile& tile, const IntervalUpdate& u,
                 std::span<const std::uint32_t> sources, bool only, GradientScratch& scratch) {
  reserve(scratch.gradient, tile.repeats ? tile.size() : tile.targets.size());
  const auto n = (u.interval + 1) / u.optimizer.batch_size;
  const double rate = u.optimizer.rate(u.eta, std::max<std::int64_t>(n, 1));
  if (only) {
    for (const auto source : sources) update_row(tile, u, source, rate, scratch);
    return;
  }
  auto next = sources.begin();
  for (std::uint32_t source = 0; source < tile.n_sources(); ++source) {
    if (next != sources.end() && *next == source) {
      ++next;
      continue;
    }
    update_row(tile, u, source, rate, scratch);
  }
}

}  // namespace eprop::plasticity
