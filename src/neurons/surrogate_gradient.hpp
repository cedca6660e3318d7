#pragma once

#include <cmath>

#include "eprop/neuron_models.hpp"

namespace eprop::neurons {

/// std::max by value: through references the loops over neurons would not be vectorised.
inline double larger(double a, double b) { return a < b ? b : a; }

/// Pseudo-derivative of the spike function, of height 1, at the distance x = |V - threshold| /
/// width.
template <SurrogateGradient S>
inline double surrogate_gradient(double x) {
  if constexpr (S == SurrogateGradient::piecewise_linear) {
    return larger(0.0, 1.0 - x);
  } else if constexpr (S == SurrogateGradient::exponential) {
    return std::exp(-x);
  } else if constexpr (S == SurrogateGradient::fast_sigmoid_derivative) {
    return 1.0 / ((1.0 + x) * (1.0 + x));
  } else {
    return 1.0 / (1.0 + x * x);
  }
}

/// Calls f.operator()<S>() for the S given at run time.
template <class F>
auto dispatch(SurrogateGradient s, F&& f) {
  switch (s) {
    case SurrogateGradient::exponential:
      return f.template operator()<SurrogateGradient::exponential>();
    case SurrogateGradient::fast_sigmoid_derivative:
      return f.template operator()<SurrogateGradient::fast_sigmoid_derivative>();
    case SurrogateGradient::arctan_derivative:
      return f.template operator()<SurrogateGradient::arctan_derivative>();
    case SurrogateGradient::piecewise_linear:
      break;
  }
  return f.template operator()<SurrogateGradient::piecewise_linear>();
}

/// Calls f.operator()<B>() for the B given at run time.
template <class F>
auto dispatch(bool b, F&& f) {
  return b ? f.template operator()<true>() : f.template operator()<false>();
}

}  // namespace eprop::neurons
