#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "random_archive.hpp"

namespace eprop::plasticity {
namespace {

using testing::RandomArchive;

constexpr std::uint32_t n_readouts = 7;

neurons::ReadoutBlock block_of(core::Range range) {
  EpropReadoutBsshslm2020 model;
  model.tau_m = Uniform{3.0, 40.0};
  model.regular_spike_arrival = Value::Array{1, 0, 1, 1, 0, 1, 1};
  return {model, 0, range, 1.0, 5};
}

TEST(ReadoutCoefficients, YieldTheGradientOfTheForwardDefinition) {
  const auto block = block_of({2, n_readouts});
  const auto n = static_cast<std::uint32_t>(block.size());
  for (const std::int64_t k : {0, 1, 4}) {
    constexpr Step T = 30;
    RandomArchive a(1, T, k, 7);
    core::StepRing errors(T + 4, n_readouts);
    for (Step t = a.interval.first; t < a.interval.last + 2; ++t) {
      a.fill(errors.row(t), n_readouts, -1.0, 1.0);
    }
    GradientScratch scratch;
    for (const core::Range tile : {core::Range{0, 2}, core::Range{2, n}}) {
      readout_coefficients(block, errors, tile, a.interval, scratch);
      const auto arrivals = a.arrivals();  // in the steps [kT+3, (k+1)T+3)
      for (auto j = tile.begin; j < tile.end; ++j) {
        double z_bar = 0.0, expected = 0.0, gradient = 0.0;
        for (std::size_t s = 0; s < arrivals.size(); ++s) {
          const Step t = a.interval.first + 1 + static_cast<Step>(s);
          z_bar = block.alpha[j] * z_bar + (arrivals[s] ? block.P_z[j] : 0.0);
          expected += errors.row(t + 1)[block.neurons.begin + j] * z_bar;
          if (!arrivals[s]) continue;
          gradient += scratch.coefficients[(s + 1) * tile.size() + j - tile.begin];
        }
        EXPECT_NEAR(gradient, expected, 1e-12 * (1.0 + std::abs(expected))) << "readout " << j;
      }
    }
  }
}

}  // namespace
}  // namespace eprop::plasticity
