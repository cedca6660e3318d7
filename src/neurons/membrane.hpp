#pragma once

#include "core/column.hpp"
#include "network/parameter_columns.hpp"

namespace eprop::neurons {

/// The leaky membrane of neurons and readouts, integrated exactly over a step (Rotter & Diesmann
/// 1999). Potentials are relative to E_L.
struct MembraneColumns {
  core::Column alpha;  ///< exp(-dt/tau_m)
  core::Column P_i;    ///< tau_m/C_m (1 - alpha), mV/pA
  core::Column P_z;  ///< what an arriving weight adds to V; 1 unless a group of the model says else
  core::Column I_e, E_L, v_min;

  [[nodiscard]] std::uint64_t membrane_bytes() const;
};

/// exp(-dt/tau)
[[nodiscard]] double decay(double dt, double tau);

/// P_s, what a current that decays with tau_syn adds to V in a step, per its size at the begin
/// (Rotter & Diesmann 1999), mV/pA:
///
///     tau_m tau_syn / (C_m (tau_m - tau_syn)) (exp(-dt/tau_m) - exp(-dt/tau_syn))
///
/// and its limit dt/C_m exp(-dt/tau_m) where the time constants are equal.
[[nodiscard]] double synaptic_propagator(double dt, double tau_m, double tau_syn, double C_m);

/// From the parameters of the group Membrane.
void set_membrane(MembraneColumns& columns, const network::ParameterColumns& p, double dt);
/// From those of the group SpikeArrival.
void set_spike_arrival(MembraneColumns& columns, const network::ParameterColumns& p);
/// V_m relative to E_L.
[[nodiscard]] core::Column initial_potential(const network::ParameterColumns& p);

/// f of every value of x.
template <class F>
core::Column map(const core::Column& x, F f) {
  core::Column y(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) y[i] = f(x[i]);
  return y;
}

/// f of every pair of values.
template <class F>
core::Column map(const core::Column& x, const core::Column& y, F f) {
  core::Column z(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) z[i] = f(x[i], y[i]);
  return z;
}

}  // namespace eprop::neurons
