#include "plasticity/interval_gradient.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "random_archive.hpp"

namespace eprop::plasticity {
namespace {

using testing::RandomArchive;

constexpr std::uint32_t n_targets = 9;
constexpr std::uint32_t first_target = 20;  // of those in a population

/// Neurons of which only what the backward pass reads is set.
NeuronModel random_neurons(bool adaptive) {
  NeuronModel model =
      neuron_model(adaptive ? "eprop_iaf_adapt_bsshslm_2020" : "eprop_iaf_bsshslm_2020");
  Value::Array regular(first_target + n_targets, 1.0);
  for (const auto j : {2U, 7U, first_target + 2, first_target + 7}) regular[j] = 0.0;
  set_parameter(model, "regular_spike_arrival", regular);
  set_parameter(model, "tau_m", Uniform{3.0, 40.0});
  if (adaptive) {
    set_parameter(model, "adapt_beta", Uniform{0.0, 3.0});
    set_parameter(model, "adapt_tau", Uniform{5.0, 200.0});
  }
  return model;
}

/// The gradient by its definition: eligibility traces, forwards in time.
double forward_gradient(const RandomArchive& a, const neurons::RecurrentBlock& block,
                        std::uint32_t j, const std::vector<bool>& arrivals, double kappa,
                        bool last_known) {
  const double beta = block.adaptive ? block.beta[j] : 0.0;
  const double rho = block.adaptive ? block.rho[j] : 0.0;
  double z_bar = 0.0, epsilon = 0.0, e_bar = 0.0, gradient = 0.0;
  for (Step t = a.interval.first; t < a.interval.last; ++t) {
    const bool arrives = arrivals[static_cast<std::size_t>(t - a.interval.first)];
    const bool known = last_known || t < a.interval.last - 1;
    z_bar = block.alpha[j] * z_bar + (arrives ? block.P_z[j] : 0.0);
    const double e = a.surrogate_gradient.row(t)[j] * (z_bar - beta * epsilon);
    epsilon = rho * epsilon + e;
    e_bar = kappa * e_bar + (1.0 - kappa) * e;
    gradient += (known ? a.learning_signal(j, t) : 0.0) * e_bar + a.archive.regularization[j] * e;
  }
  return gradient;
}

void compare(bool adaptive, double kappa, bool last_known, Step T, std::int64_t k) {
  RandomArchive a(n_targets, T, k, 100U + static_cast<unsigned>(k));
  const neurons::RecurrentBlock block(random_neurons(adaptive), 0,
                                      {first_target, first_target + n_targets}, 1.0, 5);
  GradientScratch scratch;
  for (const core::Range tile : {core::Range{0, 4}, core::Range{4, n_targets}}) {
    recurrent_coefficients(block, a.archive, a.surrogate_gradient, a.signals, tile, a.interval,
                           kappa, last_known, scratch);
    for (int repetition = 0; repetition < 5; ++repetition) {
      const auto arrivals = a.arrivals();
      for (auto j = tile.begin; j < tile.end; ++j) {
        double gradient = 0.0;
        for (std::size_t s = 0; s < arrivals.size(); ++s) {
          if (arrivals[s]) gradient += scratch.coefficients[s * tile.size() + j - tile.begin];
        }
        const double expected = forward_gradient(a, block, j, arrivals, kappa, last_known);
        ASSERT_NEAR(gradient, expected, 1e-12 * (1.0 + std::abs(expected)))
            << "neuron " << j << " kappa " << kappa << " interval " << k;
      }
    }
  }
}

class BackwardPass : public ::testing::TestWithParam<bool> {};

TEST_P(BackwardPass, YieldsTheGradientOfTheForwardDefinition) {
  for (const double kappa : {0.0, 0.5, std::exp(-0.1), 0.999}) {
    for (const std::int64_t k : {0, 1, 6}) compare(GetParam(), kappa, true, 40, k);
  }
}

TEST_P(BackwardPass, TakesAnUnknownLastLearningSignalAsZero) {
  for (const std::int64_t k : {0, 3}) compare(GetParam(), std::exp(-0.1), false, 25, k);
}

TEST_P(BackwardPass, HandlesTheShortestInterval) {
  compare(GetParam(), std::exp(-0.1), true, 3, 2);
  compare(GetParam(), std::exp(-0.1), false, 3, 2);
}

INSTANTIATE_TEST_SUITE_P(Adaptation, BackwardPass, ::testing::Bool(), [](const auto& tested) {
  return std::string(tested.param ? "WithAdaptation" : "WithoutAdaptation");
});

TEST(BackwardPassMemory, IsLeftCleanForTheNextTile) {
  RandomArchive a(n_targets, 20, 1, 1);
  const neurons::RecurrentBlock block(random_neurons(true), 0, {0, n_targets}, 1.0, 5);
  GradientScratch used, fresh;
  recurrent_coefficients(block, a.archive, a.surrogate_gradient, a.signals, {0, n_targets},
                         a.interval, 0.9, true, used);
  recurrent_coefficients(block, a.archive, a.surrogate_gradient, a.signals, {2, 5}, a.interval, 0.9,
                         false, used);
  recurrent_coefficients(block, a.archive, a.surrogate_gradient, a.signals, {2, 5}, a.interval, 0.9,
                         false, fresh);
  used.coefficients.resize(std::size_t{20} * 3);
  fresh.coefficients.resize(std::size_t{20} * 3);
  EXPECT_EQ(used.coefficients, fresh.coefficients);
}

TEST(BackwardPass, ReadsPackedSurrogateGradientsToTheBit) {
  for (const std::int64_t k : {0, 5}) {
    RandomArchive a(n_targets, 40, k, 7);
    const neurons::RecurrentBlock block(random_neurons(true), 0, {0, n_targets}, 1.0, 5);
    core::PackedRows packed(a.surrogate_gradient.rows(), n_targets);
    for (Step t = a.interval.first; t < a.interval.last; ++t) {
      double* psi = a.surrogate_gradient.row(t);
      for (std::uint32_t j = 0; j < n_targets; ++j) psi[j] = psi[j] < 0.25 ? 0.0 : psi[j];
      packed.put(t, psi);
    }
    GradientScratch as_they_are, unpacked;
    for (const core::Range tile : {core::Range{0, n_targets}, core::Range{2, 5}}) {
      a.archive.packed = {};
      recurrent_coefficients(block, a.archive, a.surrogate_gradient, a.signals, tile, a.interval,
                             0.9, true, as_they_are);
      a.archive.packed = packed;
      recurrent_coefficients(block, a.archive, core::StepRing(1, n_targets), a.signals, tile,
                             a.interval, 0.9, true, unpacked);
      for (std::size_t i = 0; i < std::size_t{40} * tile.size(); ++i) {
        ASSERT_EQ(as_they_are.coefficients[i], unpacked.coefficients[i]);
      }
    }
  }
}

TEST(BackwardPassTiles, DoNotChangeABitOfTheCoefficients) {
  RandomArchive a(n_targets, 20, 1, 1);
  const neurons::RecurrentBlock block(random_neurons(true), 0, {0, n_targets}, 1.0, 5);
  GradientScratch whole, part;
  recurrent_coefficients(block, a.archive, a.surrogate_gradient, a.signals, {0, n_targets},
                         a.interval, 0.9, true, whole);
  for (std::uint32_t begin = 0; begin < n_targets; ++begin) {
    for (std::uint32_t end = begin + 1; end <= n_targets; ++end) {
      const auto width = end - begin;
      recurrent_coefficients(block, a.archive, a.surrogate_gradient, a.signals, {begin, end},
                             a.interval, 0.9, true, part);
      for (std::size_t t = 0; t < 20; ++t) {
        for (auto j = begin; j < end; ++j) {
          ASSERT_EQ(part.coefficients[t * width + j - begin],
                    whole.coefficients[t * n_targets + j]);
        }
      }
    }
  }
}

TEST(Interval, BeginsTwoStepsAfterAMultipleOfItsLength) {
  EXPECT_EQ(interval(0, 50).first, 2);
  EXPECT_EQ(interval(0, 50).last, 52);
  EXPECT_EQ(interval(3, 50).first, 152);
  EXPECT_EQ(interval(3, 50).last, 202);
}

TEST(CloseInterval, ComparesTheRateWithItsTargetAndStartsCountingAnew) {
  EpropIafBsshslm2020 model;
  model.c_reg = Value::Array{300.0, 150.0, 0.0};
  model.f_target = Value::Array{10.0, 20.0, 5.0};
  neurons::RecurrentBlock block(model, 0, {0, 3}, 0.5, 1);
  block.n_spikes = {3.0, 0.0, 7.0};
  RecurrentArchive archive;
  archive.regularization.assign(3, 99.0);
  close_interval(block, 200, archive);
  EXPECT_DOUBLE_EQ(archive.regularization[0], 300.0 * (3.0 / 200.0 - 0.005) / 200.0);
  EXPECT_DOUBLE_EQ(archive.regularization[1], 150.0 * (0.0 - 0.01) / 200.0);
  EXPECT_EQ(archive.regularization[2], 0.0);
  EXPECT_EQ(block.n_spikes, core::Column(3, 0.0));
}

}  // namespace
}  // namespace eprop::plasticity
