#pragma once

#include <algorithm>
#include <cstdint>

#include "eprop/step.hpp"
#include "noise.hpp"

/// What targets offer to the synapses of the plus family, as functions of neuron and step: tables
/// of long runs need not be kept.
namespace eprop::testing {

/// Sizes of the populations of readouts that send learning signals.
constexpr std::uint32_t readouts[] = {2, 1};

inline double psi_of(std::uint32_t j, Step t) {
  return std::max(0.0, noise(Quantity::psi, j, t) - 0.5);
}
inline double reg_of(std::uint32_t j, Step t) { return 0.2 * (noise(Quantity::reg, j, t) - 0.5); }
/// Readouts err in two of three stretches of time.
inline double error_of(std::uint32_t k, Step t) {
  return t / 40 % 3 == 2 ? 0.0 : 2.0 * noise(Quantity::error, k, t) - 1.0;
}
inline double B_of(std::uint32_t k, std::uint32_t j) {
  return 2.0 * noise(Quantity::B, k * 100 + j) - 1.0;
}

/// Steps from psi to the error of a readout; the second population's is one step where the lag is
/// longer than it needs.
inline Step lead_of(std::size_t population, Step lag) {
  return population == 0 ? std::max<Step>(1, lag - 1) : 1;
}

/// L_j(t) = sum_k B_jk E_k(t + lead)
inline double signal_of(std::uint32_t j, Step t, Step lag) {
  double L = 0.0;
  for (std::uint32_t k = 0; k < readouts[0] + readouts[1]; ++k) {
    L += B_of(k, j) * error_of(k, t + lead_of(k < readouts[0] ? 0 : 1, lag));
  }
  return L;
}

}  // namespace eprop::testing
