#pragma once

#include "eprop/step.hpp"
#include "neurons/dynamics.hpp"

namespace eprop::neurons {

/// The columns of a block and the rows of its archive as the loops over neurons see them, and what
/// the models have in common, for neuron i. Null where the model does not have it.
struct Columns {
  Columns(RecurrentBlock& b, const ArchiveRows& rows)
      : v(b.v.data()),
        z(b.z.data()),
        r(b.refractory.data()),
        a(b.a.data()),
        input(b.input.data()),
        current(b.current.data()),
        rate(b.rate.data()),
        n_spikes(b.n_spikes.data()),
        next(b.next_forced.data()),
        psi(rows.surrogate_gradient),
        reg(rows.regularization),
        P_i(b.P_i.data()),
        P_z(b.P_z.data()),
        alpha(b.alpha.data()),
        I_e(b.I_e.data()),
        v_th(b.v_th.data()),
        v_min(b.v_min.data()),
        v_reset(b.v_reset.data()),
        t_ref(b.t_ref.data()),
        rho(b.rho.data()),
        beta(b.beta.data()),
        height(b.height.data()),
        inverse_width(b.inverse_width.data()),
        c_reg(b.c_reg.data()),
        f_target(b.f_target.data()),
        kappa_reg(b.kappa_reg.data()),
        forced_interval(b.forced_interval.data()),
        dt(b.dt) {}

  /// psi_i, zero while the neuron is refractory.
  template <SurrogateGradient S>
  void archive_surrogate_gradient(std::size_t i, double threshold) const {
    const double x = std::abs(v[i] - threshold) * inverse_width[i];
    const double gradient = height[i] * surrogate_gradient<S>(x);
    psi[i] = r[i] > 0.0 ? 0.0 : gradient;
  }

  /// Notes whether the neuron spikes: if `fires` or, for those that ignore their potential, if it
  /// is time to. What arrived and acted in this step is used up.
  template <bool forced>
  double spike(std::size_t i, bool fires, Step t) const {
    const double spiked = forced ? forced_spike(next[i], forced_interval[i], t) : fires ? 1.0 : 0.0;
    z[i] = spiked;
    r[i] = spiked != 0.0 ? t_ref[i] : r[i];
    current[i] = I_e[i];
    input[i] = 0.0;
    return spiked;
  }

  void archive_regularization(std::size_t i, double spiked) const {
    reg[i] = regularize(rate[i], kappa_reg[i], spiked, dt, c_reg[i], f_target[i]);
  }

  double *v, *z, *r, *a, *input, *current, *rate, *n_spikes, *next, *psi, *reg;
  const double *P_i, *P_z, *alpha, *I_e, *v_th, *v_min, *v_reset, *t_ref, *rho, *beta;
  const double *height, *inverse_width, *c_reg, *f_target, *kappa_reg, *forced_interval;
  double dt;
};

}  // namespace eprop::neurons
