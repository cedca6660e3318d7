#include "plasticity/transmission_steps.hpp"

#include <gtest/gtest.h>

#include "plain_descent.hpp"
#include "transmission_rig.hpp"

namespace eprop::plasticity {
namespace {

using testing::archive_lag;
using testing::plain_descent;

constexpr std::uint32_t block_size = 9, offset = 2;  // of neurons; of the tile's first target
constexpr Step now = 5;

double number(std::uint32_t i) { return 0.1 + 0.07 * i; }

/// Three sources onto the last seven neurons of a block: all, all but one, scattered ones. The
/// columns of the tile and of the neurons hold numbers.
struct Rows {
  explicit Rows(bool shared, bool adaptive = false, bool one_filter = false) {
    const std::vector<std::vector<std::uint32_t>> rows{
        {0, 1, 2, 3, 4, 5, 6}, {0, 1, 2, 4, 5, 6}, {1, 4, 6}};
    std::vector<network::Connection> list;
    for (std::uint32_t j = 0; j < block_size - offset; ++j) {
      for (std::uint32_t s = 0; s < rows.size(); ++s) {
        for (const auto target : rows[s]) {
          if (target == j) list.push_back({s, j, list.size()});
        }
      }
    }
    tile = synapses::SynapseTile(list, {0, block_size - offset}, 3);
    mode.lag = archive_lag;
    mode.shared = shared;
    mode.one_filter = one_filter;
    mode.parameters.kappa = core::Powers(0.9);
    mode.parameters.kappa_reg = core::Powers(one_filter ? 0.9 : 0.8);
    mode.parameters.rho = core::Powers(0.7);
    add_transmission_state(tile, mode, false, adaptive, optimizer());
    for (auto* column : {&tile.e_bar, &tile.e_reg, &tile.epsilon, &tile.z_bar}) {
      for (std::uint32_t s = 0; s < column->size(); ++s) (*column)[s] = number(s);
    }
    const core::Column factors(block_size, 0.5);
    neurons.alpha = neurons.beta = neurons.rho = neurons.kappa = neurons.kappa_reg = factors;
    for (std::uint32_t j = 0; j < block_size; ++j) {
      neurons.beta[j] += 0.1 * j;
      neurons.alpha[j] += 0.01 * j;
      neurons.kappa[j] += 0.02 * j;
      neurons.kappa_reg[j] += 0.03 * j;
      psi.row(now)[j] = number(j);
      archive.signal.row(now)[j] = number(2 * j) - 0.5;
      archive.regularization.row(now)[j] = number(3 * j) - 0.8;
    }
    neurons.cutoff.assign(block_size, 100.0);
    clock.last = now;  // which is the third step of the open interval
    scratch.reserve(block_size);
  }
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;

  [[nodiscard]] TransmissionOptimizer optimizer() const { return {plain_descent, 0.1, true, 1}; }
  [[nodiscard]] TransmittingRow row(std::uint32_t source) {
    return {tile,
            source,
            clock,
            {.mode = mode,
             .readouts = false,
             .offset = offset,
             .block = &neurons,
             .surrogate_gradient = &psi,
             .archive = &archive},
            optimizer(),
            scratch};
  }

  TransmissionMode mode;
  synapses::SynapseTile tile;
  neurons::RecurrentBlock neurons{EpropIafAdapt{}, 0, {20, 20 + block_size}, 1.0, 1};
  core::StepRing psi{8, block_size};
  TransmissionArchive archive = [] {
    TransmissionArchive rings;
    rings.signal = rings.regularization = core::StepRing(8, block_size);
    return rings;
  }();
  SourceClock clock;
  TransmissionScratch scratch;
};

/// The traces of a synapse and its gradient in a step.
struct ScalarSynapse {
  double e_bar, e_reg, epsilon, gradient = 0.0;

  ScalarSynapse(const synapses::SynapseTile& tile, std::uint32_t s)
      : e_bar(tile.e_bar[s]),
        e_reg(tile.e_reg.empty() ? 0.0 : tile.e_reg[s]),
        epsilon(tile.epsilon.empty() ? 0.0 : tile.epsilon[s]) {}

  void step(const Rows& r, std::uint32_t j, double z, double beta, double rho, double kappa,
            double kappa_reg) {
    const double e = r.psi.row(now)[j] * (z - beta * epsilon);
    epsilon = rho * epsilon + e;
    e_bar = kappa * e_bar + e;
    e_reg = kappa_reg * e_reg + (1.0 - kappa_reg) * e;
    gradient = r.archive.signal.row(now)[j] * e_bar;
    if (!r.tile.e_reg.empty()) gradient += r.archive.regularization.row(now)[j] * e_reg;
  }

  void expect_in(const Rows& r, const TransmittingRow& row, std::uint32_t s) const {
    const auto synapse = row.row.first + s;
    EXPECT_DOUBLE_EQ(r.tile.e_bar[synapse], e_bar) << s;
    if (!r.tile.e_reg.empty()) {
      EXPECT_DOUBLE_EQ(r.tile.e_reg[synapse], e_reg) << s;
    }
    if (!r.tile.epsilon.empty()) {
      EXPECT_DOUBLE_EQ(r.tile.epsilon[synapse], epsilon) << s;
    }
    EXPECT_DOUBLE_EQ(r.scratch.gradient[s], gradient) << s;
  }
};

TEST(StepOfSharedParameters, IsThatOfTheDefinitionForRowsOfEveryShape) {
  for (const bool adaptive : {false, true}) {
    for (const bool one_filter : {false, true}) {
      for (std::uint32_t source = 0; source < 3; ++source) {
        Rows rows(true, adaptive, one_filter);
        const auto row = rows.row(source);
        std::vector<ScalarSynapse> expected;
        for (std::uint32_t s = 0; s < row.row.size; ++s) {
          const auto j = offset + row.row.target[s];
          auto& synapse = expected.emplace_back(rows.tile, row.row.first + s);
          synapse.step(rows, j, 0.6, adaptive ? rows.neurons.beta[j] : 0.0, 0.7, 0.9,
                       one_filter ? 0.9 : 0.8);
        }
        step_recurrent_shared(row, now, 0.6);
        for (std::uint32_t s = 0; s < row.row.size; ++s) expected[s].expect_in(rows, row, s);
      }
    }
  }
}

TEST(StepOfSharedParameters, LeavesOtherRowsAlone) {
  Rows rows(true);
  const auto before = rows.tile;
  const auto row = rows.row(1);
  step_recurrent_shared(row, now, 0.6);
  for (std::uint32_t s = 0; s < rows.tile.size(); ++s) {
    const bool own = s >= row.row.first && s < row.row.first + row.row.size;
    EXPECT_EQ(rows.tile.e_bar[s] != before.e_bar[s], own) << s;
    EXPECT_EQ(rows.tile.e_reg[s] != before.e_reg[s], own) << s;
  }
}

TEST(StepOfOwnParameters, IsThatOfTheDefinition) {
  for (const bool adaptive : {false, true}) {
    Rows rows(false, adaptive);
    const auto row = rows.row(2);
    std::vector<ScalarSynapse> expected;
    std::vector<double> z_bar;
    for (std::uint32_t s = 0; s < row.row.size; ++s) {
      const auto j = offset + row.row.target[s];
      const auto& b = rows.neurons;
      z_bar.push_back(b.alpha[j] * rows.tile.z_bar[row.row.first + s] + 1.0);
      auto& synapse = expected.emplace_back(rows.tile, row.row.first + s);
      synapse.step(rows, j, z_bar[s], adaptive ? b.beta[j] : 0.0, b.rho[j], b.kappa[j],
                   b.kappa_reg[j]);
    }
    step_recurrent(row, now, {1.0, 0.0});
    for (std::uint32_t s = 0; s < row.row.size; ++s) {
      EXPECT_DOUBLE_EQ(rows.tile.z_bar[row.row.first + s], z_bar[s]) << s;
      expected[s].expect_in(rows, row, s);
    }
  }
}

TEST(StepOfOwnParameters, FiltersSpikesTwiceWhereTargetsHaveCurrents) {
  Rows rows(false);
  rows.tile.i_bar.assign(rows.tile.size(), 2.0);
  rows.neurons.alpha_syn.assign(block_size, 0.75);
  rows.neurons.P_s.assign(block_size, 0.25);
  const auto row = rows.row(2);
  const auto z_bar = rows.tile.z_bar[row.row.first];
  step_recurrent(row, now, {1.0, 1.0});
  EXPECT_DOUBLE_EQ(rows.tile.z_bar[row.row.first],
                   rows.neurons.alpha[offset + 1] * z_bar + 0.25 * 2.0);
  EXPECT_DOUBLE_EQ(rows.tile.i_bar[row.row.first], 0.75 * 2.0 + 1.0);
}

// The third step of an interval: a cutoff of three steps is its last, of two is past.
TEST(StepOfOwnParameters, OnlyLetsTracesDecayPastATargetsOwnCutoff) {
  Rows rows(false, true);
  const auto row = rows.row(2);  // onto 1, 4 and 6
  rows.neurons.cutoff[offset + 4] = 1.0;
  rows.neurons.cutoff[offset + 6] = 2.0;
  const auto before = rows.tile;
  step_recurrent(row, now, {0.0, 1.0});
  EXPECT_NE(rows.scratch.gradient[0], 0.0);
  for (const std::uint32_t s : {1U, 2U}) {
    const auto synapse = row.row.first + s;
    const auto j = offset + row.row.target[s];
    const auto& b = rows.neurons;
    EXPECT_EQ(rows.scratch.gradient[s], 0.0);
    EXPECT_DOUBLE_EQ(rows.tile.e_bar[synapse], b.kappa[j] * before.e_bar[synapse]);
    EXPECT_DOUBLE_EQ(rows.tile.e_reg[synapse], b.kappa_reg[j] * before.e_reg[synapse]);
    EXPECT_DOUBLE_EQ(rows.tile.epsilon[synapse], b.rho[j] * before.epsilon[synapse]);
    const double enters = s == 1 ? 1.0 : 0.0;  // of a cutoff of one step, and of a longer one
    EXPECT_DOUBLE_EQ(rows.tile.z_bar[synapse], b.alpha[j] * before.z_bar[synapse] + enters);
  }
  rows.neurons.cutoff[offset + 6] = 3.0;
  step_recurrent(row, now, {0.0, 1.0});
  EXPECT_NE(rows.scratch.gradient[2], 0.0);
}

/// Errors of a population of which the block is the end.
class StepOfReadouts : public ::testing::Test {
 protected:
  StepOfReadouts() {
    for (std::uint32_t k = 0; k < errors.columns(); ++k) errors.row(now)[k] = number(k);
    readouts.cutoff.assign(block_size, 100.0);
  }
  [[nodiscard]] TransmittingRow row(Rows& rows, std::uint32_t source) const {
    return {rows.tile,
            source,
            rows.clock,
            {.mode = rows.mode,
             .readouts = true,
             .offset = offset,
             .readout_block = &readouts,
             .errors = &errors},
            rows.optimizer(),
            rows.scratch};
  }

  neurons::ReadoutBlock readouts{EpropReadout{}, 0, {20, 20 + block_size}, 1.0, 1};
  core::StepRing errors{8, 20 + block_size};
};

TEST_F(StepOfReadouts, TakesTheTraceThatTheyShareUpToTheCutoff) {
  Rows rows(true);
  readouts.cutoff[offset + 4] = 2.0;
  step_readout(row(rows, 2), now, 0.5, {1.0, 1.0});
  EXPECT_DOUBLE_EQ(rows.scratch.gradient[0], number(20 + offset + 1) * 0.5);
  EXPECT_EQ(rows.scratch.gradient[1], 0.0);
  EXPECT_DOUBLE_EQ(rows.scratch.gradient[2], number(20 + offset + 6) * 0.5);
}

TEST_F(StepOfReadouts, GivesEverySynapseItsOwnTraceWhereParametersDiffer) {
  Rows rows(false);
  for (std::uint32_t j = 0; j < block_size; ++j) readouts.alpha[j] = 0.5 + 0.01 * j;
  readouts.cutoff[offset + 4] = 1.0;
  const auto r = row(rows, 2);
  const auto before = rows.tile;
  step_readout(r, now, 99.0, {1.0, 0.0});
  for (const std::uint32_t s : {0U, 1U, 2U}) {
    const auto j = r.row.target[s];
    const double z = (0.5 + 0.01 * (offset + j)) * before.z_bar[r.row.first + s] + (s == 1 ? 0 : 1);
    EXPECT_DOUBLE_EQ(rows.tile.z_bar[r.row.first + s], z);
    EXPECT_DOUBLE_EQ(rows.scratch.gradient[s], s == 1 ? 0.0 : number(20 + offset + j) * z);
  }
}

// Factors with which intervals are handled step by step.
TEST(TransmissionByShortFilters, IsAsDefined) {
  using testing::Parameters;
  for (const double factor : {0.0, 0.1, 0.8}) {
    for (const auto parameters : {Parameters::shared, Parameters::shared_adaptive}) {
      testing::expect_as_defined({.parameters = parameters, .alpha = factor});
      testing::expect_as_defined({.parameters = parameters, .kappa = factor});
      testing::expect_as_defined({.parameters = parameters, .kappa_reg = factor});
      testing::expect_as_defined({.parameters = parameters, .kappa = factor, .kappa_reg = factor});
    }
  }
}

}  // namespace
}  // namespace eprop::plasticity
