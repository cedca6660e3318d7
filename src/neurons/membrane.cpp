#include "neurons/membrane.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

namespace eprop::neurons {

std::uint64_t MembraneColumns::membrane_bytes() const {
  std::uint64_t sum = 0;
  for (const auto* column : {&alpha, &P_i, &P_z, &I_e, &E_L, &v_min})
    sum += core::bytes_of(*column);
  return sum;
}

double decay(double dt, double tau) { return std::exp(-dt / tau); }

double synaptic_propagator(double dt, double tau_m, double tau_syn, double C_m) {
  // With d = dt/shorter - dt/longer, the difference of the exponentials is that of the longer time
  // constant times 1 - exp(-d), which nothing cancels in.
  const double longer = std::max(tau_m, tau_syn), shorter = std::min(tau_m, tau_syn);
  const double d = dt * (longer - shorter) / longer / shorter;
  const double mean = d > 0.0 ? -std::expm1(-d) / d : 1.0;
  return dt / C_m * decay(dt, longer) * mean;
}

void set_membrane(MembraneColumns& columns, const network::ParameterColumns& p, double dt) {
  auto& c = columns;
  const auto& tau = p.at("tau_m");
  c.E_L = p.at("E_L");
  c.I_e = p.at("I_e");
  c.alpha = map(tau, [&](double t) { return decay(dt, t); });
  c.P_i = map(map(tau, p.at("C_m"), std::divides<>()), c.alpha,
              [](double r, double alpha) { return r * (1.0 - alpha); });
  c.P_z.assign(tau.size(), 1.0);
  c.v_min = map(p.at("V_min"), c.E_L, std::minus<>());
}

void set_spike_arrival(MembraneColumns& columns, const network::ParameterColumns& p) {
  columns.P_z = map(p.at("regular_spike_arrival"), columns.alpha, [](double regular, double alpha) {
    return regular != 0.0 ? 1.0 : 1.0 - alpha;
  });
}

core::Column initial_potential(const network::ParameterColumns& p) {
  return map(p.at("V_m"), p.at("E_L"), std::minus<>());
}

}  // namespace eprop::neurons
