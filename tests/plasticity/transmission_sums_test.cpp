#include "plasticity/transmission_sums.hpp"

#include <gtest/gtest.h>

#include "plain_descent.hpp"
#include "plasticity/transmission_steps.hpp"
#include "transmission_noise.hpp"
#include "transmission_rig.hpp"

namespace eprop::plasticity {
namespace {

using testing::archive_lag;
using testing::descent_per_spike;

constexpr std::uint32_t n_neurons = 5;
constexpr Step known = 3 * prefix_block;  // steps that the archive knows

/// Neurons with an archive of random numbers, and synapses of a source onto the last four.
struct Sums {
  explicit Sums(bool one_filter) {
    mode.lag = archive_lag;
    mode.shared = mode.one_cutoff = mode.prefix_sums = mode.needs_sums = mode.needs_steps = true;
    mode.cutoff = 1000;
    mode.one_filter = one_filter;
    mode.parameters.alpha = core::Powers(0.92);
    mode.parameters.kappa = core::Powers(0.95);
    mode.parameters.kappa_reg = core::Powers(one_filter ? 0.95 : 0.9);
    archive = TransmissionArchive(mode, n_neurons);
    psi = core::StepRing(rows_kept(mode), n_neurons);
    block.kappa.assign(n_neurons, 0.95);
    signals[0] = {.readouts = n_neurons, .neurons = n_neurons, .errors = &errors, .lead = 1};
    signals[0].B.assign(std::size_t{n_neurons} * n_neurons, 0.0);
    for (std::uint32_t j = 0; j < n_neurons; ++j) signals[0].B[j * n_neurons + j] = 1.0;
    for (Step t = 0; t < known + archive_lag + 1; ++t) {
      archive.extend(t, mode, block, psi, signals);
      for (std::uint32_t j = 0; j < n_neurons; ++j) {
        psi.row(t)[j] = testing::psi_of(j, t);
        archive.regularization.row(t)[j] = testing::reg_of(j, t);
        errors.row(t)[j] = testing::error_of(j, t);
      }
    }
    const std::vector<network::Connection> list{{0, 1, 0}, {0, 2, 1}, {0, 4, 2}};
    tile = synapses::SynapseTile(list, {1, n_neurons}, 1);
    add_transmission_state(tile, mode, false, false, descent_per_spike);
    scratch.reserve(n_neurons);
  }
  Sums(const Sums&) = delete;
  Sums& operator=(const Sums&) = delete;

  TransmittingRow row() {
    return {tile,
            0,
            clock,
            {.mode = mode,
             .readouts = false,
             .offset = 1,
             .block = &block,
             .surrogate_gradient = &psi,
             .archive = &archive},
            descent_per_spike,
            scratch};
  }
  /// The same one step after the other.
  void sum_step_by_step(Step from, Step to) {
    const auto r = row();
    auto trace = clock.trace;
    for (Step t = from; t < to; ++t) {
      trace.advance(mode.parameters, false, shared_trace_input(clock, mode, t));
      step_recurrent_shared(r, t, trace.z_bar);
      for (std::uint32_t s = 0; s < tile.size(); ++s) {
        tile.gradient_sum[s] += scratch.gradient[s];
      }
    }
  }

  TransmissionMode mode;
  neurons::RecurrentBlock block{EpropIaf{}, 0, {7, 7 + n_neurons}, 1.0, 1};
  core::StepRing psi, errors{300, n_neurons};
  std::vector<SignalWeights> signals{1};
  TransmissionArchive archive;
  synapses::SynapseTile tile;
  SourceClock clock;
  TransmissionScratch scratch;
};

struct Stretch {
  Step from, to;
};

TEST(SumByPrefixes, IsTheSumOverTheSteps) {
  const Stretch stretches[] = {{0, 1},
                               {3, 4},
                               {10, 50},
                               {prefix_block - 1, prefix_block},
                               {prefix_block, prefix_block + 1},
                               {prefix_block - 1, prefix_block + 1},
                               {5, 3 * prefix_block}};
  for (const bool one_filter : {false, true}) {
    for (const auto& [from, to] : stretches) {
      // Spikes before the stretch, in its first step, in it and in its last.
      for (const std::vector<Step>& ago : {std::vector<Step>{0}, {0, 1}, {0, 3, 40}}) {
        Sums sums(one_filter), steps(one_filter);
        for (auto* s : {&sums, &steps}) {
          s->clock.last = std::min(from + 41, to - 1);
          for (const Step a : ago) s->clock.recent |= 1ULL << a;
          s->clock.trace.z_bar = 0.4;
          for (std::uint32_t i = 0; i < s->tile.size(); ++i) {
            s->tile.e_bar[i] = 0.3 - 0.2 * i;
            if (!one_filter) s->tile.e_reg[i] = 0.1 + 0.1 * i;
            s->tile.gradient_sum[i] = 1.0 + i;
          }
        }
        sums.scratch.gradient = sums.tile.gradient_sum;
        sum_by_prefixes(sums.row(), from, to);
        steps.sum_step_by_step(from, to);
        for (std::uint32_t s = 0; s < sums.tile.size(); ++s) {
          EXPECT_NEAR(sums.scratch.gradient[s], steps.tile.gradient_sum[s], 1e-10);
          EXPECT_NEAR(sums.tile.e_bar[s], steps.tile.e_bar[s], 1e-11);
          if (one_filter) continue;
          EXPECT_NEAR(sums.tile.e_reg[s], steps.tile.e_reg[s], 1e-11);
        }
        ASSERT_FALSE(::testing::Test::HasFailure()) << from << " to " << to;
      }
    }
  }
}

TEST(SumByPrefixes, OfNoStepsChangesNothing) {
  Sums sums(false);
  sums.clock.last = 20;
  sums.clock.recent = 1;
  sums.tile.e_bar.assign(3, 0.5);
  sums.scratch.gradient.assign(3, 0.25);
  sum_by_prefixes(sums.row(), 20, 20);
  EXPECT_EQ(sums.tile.e_bar, core::Column(3, 0.5));
  EXPECT_EQ(sums.scratch.gradient, core::Column(3, 0.25));
}

// Sums over products of powers of these factors; the smallest is where they are still used.
TEST(TransmissionBySums, KeepsTenDigitsForAllFactors) {
  const std::vector<double> factors{0.85, 0.9, 0.97, 0.999};
  for (const double alpha : factors) {
    for (const double kappa : {0.85, 0.9, 0.97, 0.999, 1.0}) {
      for (const double kappa_reg : factors) {
        for (const double cutoff : {40.0, 1e9}) {
          testing::expect_as_defined(
              {.alpha = alpha, .kappa = kappa, .kappa_reg = kappa_reg, .cutoff = cutoff});
        }
      }
    }
  }
}

TEST(SumBySteps, OntoReadoutsIsThatOfErrorsTimesTheTrace) {
  constexpr std::uint32_t first = 3;  // of the population
  TransmissionMode mode;
  mode.lag = archive_lag;
  mode.shared = mode.one_cutoff = true;
  mode.cutoff = 1000;
  mode.parameters.alpha = core::Powers(0.5);
  const neurons::ReadoutBlock block(EpropReadout{}, 0, {first, first + n_neurons}, 1.0, 1);
  core::StepRing errors(20, first + n_neurons);
  for (Step t = 0; t < 20; ++t) {
    for (std::uint32_t k = 0; k < first + n_neurons; ++k)
      errors.row(t)[k] = testing::error_of(k, t);
  }
  const std::vector<network::Connection> list{{0, 1, 0}, {0, 2, 1}, {0, 4, 2}};
  synapses::SynapseTile tile(list, {1, n_neurons}, 1);
  add_transmission_state(tile, mode, true, false, descent_per_spike);
  SourceClock clock;
  clock.last = 6;
  clock.recent = 0b101;  // steps 6 and 4
  clock.trace.z_bar = 0.8;
  TransmissionScratch scratch;
  scratch.gradient.assign(3, 2.0);
  const TransmittingRow row(
      tile, 0, clock,
      {.mode = mode, .readouts = true, .offset = 1, .readout_block = &block, .errors = &errors},
      descent_per_spike, scratch);
  sum_by_steps(row, 3, 8);
  const double z_bar[] = {0.4, 1.2, 0.6, 1.3, 0.65};
  for (std::uint32_t s = 0; s < 3; ++s) {
    const auto readout = first + 1 + tile.target[s];
    double expected = 2.0;
    for (Step t = 3; t < 8; ++t) expected += testing::error_of(readout, t) * z_bar[t - 3];
    EXPECT_DOUBLE_EQ(scratch.gradient[s], expected);
  }
  sum_by_steps(row, 8, 8);
  EXPECT_EQ(clock.trace.z_bar, 0.8);
}

}  // namespace
}  // namespace eprop::plasticity
