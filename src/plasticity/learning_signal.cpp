#include "plasticity/learning_signal.hpp"

#include <algorithm>

namespace eprop::plasticity {

void learning_signal(const std::vector<SignalWeights>& signals, Step step, core::Range range,
                     double* __restrict L) {
  const std::size_t n = range.size();
  std::fill_n(L, n, 0.0);
  for (const auto& signal : signals) {
    const double* E = signal.errors->row(step + signal.lead);
    for (std::uint32_t k = 0; k < signal.readouts; ++k) {
      const double e = E[k];
      if (e == 0.0) continue;
      const double* __restrict B = signal.B.data() + k * signal.neurons + range.begin;
#pragma omp simd
      for (std::size_t j = 0; j < n; ++j) L[j] += B[j] * e;
    }
  }
}

}  // namespace eprop::plasticity
