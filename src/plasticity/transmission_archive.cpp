#include "plasticity/transmission_archive.hpp"

#include <algorithm>

namespace eprop::plasticity {
namespace {

/// The sums one step further.
void add_step(PrefixSums& sums, Step tau, const core::Powers& ratios, const core::Powers& kappa,
              const double* __restrict psi, const double* __restrict signal) {
  const Step t = tau % prefix_block;
  const double ratio = ratios(t), power = kappa(t);
  const std::size_t n = sums.neurons;
  double* __restrict f = sums.ring.row(tau);
  double* __restrict g = f + n;
  double* __restrict h = g + n;
  if (tau % prefix_block == 0) {
    for (std::size_t j = 0; j < n; ++j) {
      f[j] = ratio * psi[j];
      g[j] = power * signal[j];
      h[j] = 0.0;
    }
    return;
  }
  const double* __restrict f0 = sums.f(tau - 1);
  const double* __restrict g0 = sums.g(tau - 1);
  const double* __restrict h0 = sums.h(tau - 1);
#pragma omp simd
  for (std::size_t j = 0; j < n; ++j) {
    const double weighted = ratio * psi[j];
    f[j] = f0[j] + weighted;
    g[j] = g0[j] + power * signal[j];
    h[j] = h0[j] + weighted * g0[j];
  }
}

}  // namespace

// Where steps are relative to the gradient's own size, the digits that differences of sums lose in
// small gradients would show.
bool TransmissionMode::uses_sums(const TransmissionOptimizer& o) const {
  return prefix_sums && !o.each_step && !o.parameters.divides;
}

Step rows_kept(const TransmissionMode& mode) {
  if (mode.needs_steps) return archive_steps(mode) + mode.lag + 1;
  return mode.needs_sums ? mode.lag + 2 : 1;
}

TransmissionArchive::TransmissionArchive(const TransmissionMode& mode, std::size_t neurons) {
  const Step rows = rows_kept(mode);
  signal = core::StepRing(rows, neurons);
  // With one filter, the signal has taken it in once it is known.
  regularization = core::StepRing(mode.one_filter ? std::min(rows, mode.lag + 2) : rows, neurons);
  if (!mode.needs_sums) return;
  sums = PrefixSums(archive_steps(mode) + mode.lag + 1, neurons);
  if (!mode.one_filter) sums_reg = sums;
  const auto& p = mode.parameters;
  ratio_ = core::Powers(p.alpha.base() / p.kappa.base());
  ratio_reg_ = core::Powers(p.alpha.base() / p.kappa_reg.base());
}

void TransmissionArchive::extend(Step t, const TransmissionMode& mode,
                                 const neurons::RecurrentBlock& block,
                                 const core::StepRing& surrogate_gradient,
                                 const std::vector<SignalWeights>& signals) {
  const Step tau = t - mode.lag - 1;
  if (tau < 0 || !(mode.needs_steps || mode.needs_sums)) return;
  double* __restrict L = signal.row(tau);
  learning_signal(signals, tau, {0, block.neurons.size()}, L);
  if (mode.one_filter) {
    const double* __restrict reg = regularization.row(tau);
    const double* __restrict kappa = block.kappa.data();
#pragma omp simd
    for (std::size_t j = 0; j < block.size(); ++j) L[j] += (1.0 - kappa[j]) * reg[j];
  }
  if (mode.needs_sums) add_to_sums(tau, mode, surrogate_gradient);
}

std::uint64_t TransmissionArchive::bytes() const {
  std::uint64_t sum = 0;
  for (const auto* ring : {&signal, &regularization, &sums.ring, &sums_reg.ring}) {
    sum += ring->bytes();
  }
  return sum;
}

void TransmissionArchive::add_to_sums(Step tau, const TransmissionMode& mode,
                                      const core::StepRing& psi) {
  const auto& p = mode.parameters;
  add_step(sums, tau, ratio_, p.kappa, psi.row(tau), signal.row(tau));
  if (!mode.one_filter) {
    add_step(sums_reg, tau, ratio_reg_, p.kappa_reg, psi.row(tau), regularization.row(tau));
  }
}

}  // namespace eprop::plasticity
