#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "neurons/readout_block.hpp"

namespace eprop::neurons {
namespace {

constexpr double readout_dt = 0.5;
constexpr std::uint32_t n_readouts = 5;

/// The readouts' membrane as defined, one neuron.
struct ScalarMembrane {
  double C_m, E_L, I_e, tau_m, V_min;
  bool regular;
  double y, I = 0.0;

  void step(double z_in) {
    const double alpha = std::exp(-readout_dt / tau_m);
    y = tau_m / C_m * (1.0 - alpha) * I + (regular ? 1.0 : 1.0 - alpha) * z_in + alpha * y;
    y = std::max(y, V_min - E_L);
    I = I_e;
  }
};

struct Readouts {
  template <class Model>
  explicit Readouts(Model model) {
    std::mt19937 generator(3);
    const auto column = [&](double low, double high) {
      std::uniform_real_distribution<double> draw(low, high);
      Value::Array values(n_readouts);
      for (auto& x : values) x = draw(generator);
      return values;
    };
    const auto C_m = column(100, 300), E_L = column(-1, 1), I_e = column(-5, 20),
               tau_m = column(5, 30), V_min = column(-4, -2), V_m = column(-1, 1);
    Value::Array regular(n_readouts, 1.0);
    if constexpr (requires { model.regular_spike_arrival; }) {
      regular[1] = regular[3] = 0.0;
      model.regular_spike_arrival = regular;
    }
    model.C_m = C_m;
    model.E_L = E_L;
    model.I_e = I_e;
    model.tau_m = tau_m;
    model.V_min = V_min;
    model.V_m = V_m;
    block.emplace(model, 0, core::Range{0, n_readouts}, readout_dt, 1);
    for (std::uint32_t k = 0; k < n_readouts; ++k) {
      expected.push_back(
          {C_m[k], E_L[k], I_e[k], tau_m[k], V_min[k], regular[k] != 0.0, V_m[k] - E_L[k]});
    }
  }

  void step(const ReadoutInputs& inputs) {
    std::normal_distribution<double> draw(0.0, 2.0);
    for (std::uint32_t k = 0; k < n_readouts; ++k) {
      block->input[k] = draw(random);
      expected[k].step(block->input[k]);
    }
    block->update(inputs);
    for (std::uint32_t k = 0; k < n_readouts; ++k) {
      ASSERT_NEAR(block->v[k], expected[k].y, 1e-12);
      ASSERT_EQ(block->input[k], 0.0);
    }
  }
  [[nodiscard]] double potential(std::uint32_t k) const { return expected[k].y + expected[k].E_L; }

  std::mt19937 random{17};
  std::optional<ReadoutBlock> block;
  std::vector<ScalarMembrane> expected;
};

std::vector<double> targets_of(int t) {
  std::vector<double> target(n_readouts);
  for (std::uint32_t k = 0; k < n_readouts; ++k) target[k] = std::sin(0.1 * t + k);
  return target;
}

TEST(ReadoutBsshslm2020, ComparesThePotentialOfTheStepBeforeWithTheTarget) {
  Readouts readouts{EpropReadoutBsshslm2020{}};
  std::vector<double> before(n_readouts, 0.0);
  for (int t = 0; t < 200; ++t) {
    const auto target = targets_of(t);
    const bool learning = t % 7 > 3;
    readouts.step({target.data(), nullptr, learning, {}});
    for (std::uint32_t k = 0; k < n_readouts; ++k) {
      const auto& b = *readouts.block;
      EXPECT_NEAR(b.potential[k], readouts.potential(k), 1e-12);
      EXPECT_NEAR(b.signal[k], learning ? before[k] : 0.0, 1e-12);
      EXPECT_EQ(b.target[k], learning ? target[k] : 0.0);
      EXPECT_NEAR(b.error[k], learning ? before[k] - target[k] : 0.0, 1e-12);
      before[k] = readouts.potential(k);
    }
  }
}

EpropReadoutBsshslm2020 softmax() {
  EpropReadoutBsshslm2020 model;
  model.loss = Loss::cross_entropy;
  return model;
}

TEST(ReadoutBsshslm2020, NormalizesExponentialsOfTheStepBeforeForCrossEntropy) {
  Readouts readouts{softmax()};
  std::vector<double> before(n_readouts, 0.0);
  for (int t = 0; t < 200; ++t) {
    const auto target = targets_of(t);
    const bool learning = t > 0 && t % 7 > 3;
    double sum = 0.0;
    for (const double p : before) sum += std::exp(p);
    readouts.step({target.data(), nullptr, learning, before});
    for (std::uint32_t k = 0; k < n_readouts; ++k) {
      const auto& b = *readouts.block;
      const double signal = std::exp(before[k]) / sum;
      EXPECT_NEAR(b.potential[k], readouts.potential(k), 1e-12);
      EXPECT_NEAR(b.signal[k], learning ? signal : 0.0, 1e-12);
      if (learning) {
        EXPECT_NEAR(b.log_signal[k], std::log(signal), 1e-12);
      }
      EXPECT_EQ(b.target[k], learning ? target[k] : 0.0);
      EXPECT_NEAR(b.error[k], learning ? signal - target[k] : 0.0, 1e-12);
    }
    for (std::uint32_t k = 0; k < n_readouts; ++k) before[k] = readouts.potential(k);
  }
}

TEST(ReadoutBsshslm2020, NormalizesPotentialsWhoseExponentialsAreOutOfRange) {
  const std::vector<double> target(3, 0.0);
  const auto signals_of = [&](const std::vector<double>& potentials) {
    ReadoutBlock block(softmax(), 0, {0, 3}, readout_dt, 1);
    block.update({target.data(), nullptr, true, potentials});
    return block;
  };
  const auto high = signals_of({710.0, 710.0 + std::log(3.0), 710.0});
  EXPECT_NEAR(high.signal[0], 0.2, 1e-12);
  EXPECT_NEAR(high.error[1], 0.6, 1e-12);
  const auto low = signals_of({-800.0, -800.0, -801.0});
  EXPECT_NEAR(low.signal[0], 1.0 / (2.0 + std::exp(-1.0)), 1e-12);
  const auto apart = signals_of({5000.0, 0.0, 1e300});
  EXPECT_EQ(apart.signal, (core::Column{0.0, 0.0, 1.0}));
  EXPECT_EQ(apart.log_signal, (core::Column{-1e300, -1e300, 0.0}));
}

TEST(ReadoutBsshslm2020, NormalizesAlikeWhereverTheReadoutsLive) {
  const std::vector<double> potentials{3.0, -2.0, 0.1, 7.3, 1.0 / 3.0};
  const std::vector<double> target(n_readouts, 0.25);
  ReadoutBlock all(softmax(), 0, {0, n_readouts}, readout_dt, 1);
  all.update({target.data(), nullptr, true, potentials});
  for (std::uint32_t k = 0; k < n_readouts; ++k) {
    ReadoutBlock one(softmax(), 0, {k, k + 1}, readout_dt, 1);
    one.update({target.data(), nullptr, true, potentials});
    EXPECT_EQ(one.signal[0], all.signal[k]);
    EXPECT_EQ(one.log_signal[0], all.log_signal[k]);
    EXPECT_EQ(one.error[0], all.error[k]);
  }
}

TEST(EpropReadout, WeighsSignalAndTargetWithTheLearningWindow) {
  Readouts readouts{EpropReadout{}};
  for (int t = 0; t < 200; ++t) {
    const auto target = targets_of(t);
    std::vector<double> window(n_readouts);
    for (std::uint32_t k = 0; k < n_readouts; ++k) window[k] = t % 5 == 0 ? 0.0 : 0.5 * k;
    readouts.step({target.data(), window.data(), false, {}});
    for (std::uint32_t k = 0; k < n_readouts; ++k) {
      const auto& b = *readouts.block;
      EXPECT_NEAR(b.signal[k], readouts.potential(k) * window[k], 1e-12);
      EXPECT_EQ(b.target[k], target[k] * window[k]);
      EXPECT_NEAR(b.error[k], (readouts.potential(k) - target[k]) * window[k], 1e-12);
    }
  }
}

TEST(ReadoutBlocks, ResetToRest) {
  EpropReadoutBsshslm2020 model;
  model.E_L = -3.0;
  model.V_m = 2.0;
  ReadoutBlock block(model, 0, {0, 2}, readout_dt, 1);
  EXPECT_EQ(block.v, (core::Column{5.0, 5.0}));
  block.reset();
  EXPECT_EQ(block.v, (core::Column{0.0, 0.0}));
}

}  // namespace
}  // namespace eprop::neurons
