#include "plasticity/transmission_archive.hpp"
#include "plain_descent.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace eprop::plasticity {
namespace {

using testing::archive_lag;

constexpr std::uint32_t n_archived = 3;

/// Synapses that use sums, or learn step by step.
TransmissionMode mode_of(bool sums, bool steps, bool one_filter = false) {
  TransmissionMode mode;
  mode.lag = archive_lag;
  mode.shared = mode.one_cutoff = true;
  mode.one_filter = one_filter;
  mode.needs_sums = sums;
  mode.needs_steps = steps;
  mode.parameters.alpha = core::Powers(0.9);
  mode.parameters.kappa = core::Powers(0.95);
  mode.parameters.kappa_reg = core::Powers(one_filter ? 0.95 : 0.85);
  return mode;
}

double psi_of(std::uint32_t j, Step t) { return 0.1 * static_cast<double>((t + 2) % 5) + 0.01 * j; }
double reg_of(std::uint32_t j, Step t) { return 0.02 * static_cast<double>(t % 3) - 0.01 * j; }
double error_of(Step t) { return 0.3 * static_cast<double>(t % 4) - 0.4; }
double B_of(std::uint32_t j) { return 1.5 - 0.5 * static_cast<double>(j); }

/// A block, one readout, and the archive before step t.
struct Rig {
  explicit Rig(const TransmissionMode& its_mode) : mode(its_mode), archive(mode, n_archived) {
    block.kappa.assign(n_archived, mode.parameters.kappa.base());
    signals[0].readouts = 1;
    signals[0].neurons = n_archived;
    for (std::uint32_t j = 0; j < n_archived; ++j) signals[0].B.push_back(B_of(j));
    signals[0].errors = &errors;
    signals[0].lead = 1;
  }
  void run(Step steps) {
    for (; t < steps; ++t) {
      archive.extend(t, mode, block, psi, signals);
      for (std::uint32_t j = 0; j < n_archived; ++j) {
        psi.row(t)[j] = psi_of(j, t);
        archive.regularization.row(t)[j] = reg_of(j, t);
      }
      errors.row(t)[0] = error_of(t);
    }
  }
  [[nodiscard]] double signal(std::uint32_t j, Step step) const {
    const double L = B_of(j) * error_of(step + 1);
    return mode.one_filter ? L + (1.0 - mode.parameters.kappa.base()) * reg_of(j, step) : L;
  }

  TransmissionMode mode;
  neurons::RecurrentBlock block{EpropIaf{}, 0, {4, 4 + n_archived}, 1.0, 1};
  core::StepRing psi{rows_kept(mode), n_archived}, errors{300, 1};
  std::vector<SignalWeights> signals{1};
  TransmissionArchive archive;
  Step t = 0;
};

/// F, G and H before step t + 1, by their definition.
struct ArchivedSums {
  double F = 0.0, G = 0.0, H = 0.0;
  ArchivedSums(Step t, double alpha, double kappa, const auto& psi, const auto& signal) {
    const Step begin = t / prefix_block * prefix_block;
    for (Step s = begin; s <= t; ++s) {
      const double weighted = std::pow(alpha / kappa, s - begin) * psi(s);
      F += weighted;
      H += weighted * G;
      G += std::pow(kappa, s - begin) * signal(s);
    }
  }
};

TEST(TransmissionMode, UsesSumsForTransmissionsOfOptimizersThatDoNotDivide) {
  auto mode = mode_of(true, false);
  mode.prefix_sums = true;
  const auto uses = [&](const Optimizer& optimizer, bool each_step) {
    const OptimizerParameters p(optimizer);
    return mode.uses_sums({p, 0.1, each_step, 1});
  };
  EXPECT_TRUE(uses(GradientDescent{}, false));
  EXPECT_TRUE(uses(Momentum{}, false));
  EXPECT_FALSE(uses(GradientDescent{}, true));
  EXPECT_FALSE(uses(Adam{}, false));
  EXPECT_FALSE(uses(RmsProp{}, false));
  mode.prefix_sums = false;
  EXPECT_FALSE(uses(GradientDescent{}, false));
}

TEST(TransmissionArchive, KeepsAsManyStepsAsAreRead) {
  EXPECT_EQ(rows_kept(mode_of(false, false)), 1);
  EXPECT_EQ(rows_kept(mode_of(true, false)), archive_lag + 2);
  EXPECT_EQ(rows_kept(mode_of(false, true)), 128 + archive_lag + 1);
  EXPECT_EQ(rows_kept(mode_of(true, true)), 224 + archive_lag + 1);
}

TEST(TransmissionArchive, IsSweptBeforeItOverwritesWhatIsNotHandled) {
  for (const bool sums : {false, true}) {
    const auto mode = mode_of(sums, !sums);
    // What a sweep leaves is looked at again after sweep_interval steps, and read a step later.
    EXPECT_EQ(1000 + sweep_interval + 2 - oldest_unswept(mode, 1000), archive_steps(mode));
  }
}

TEST(TransmissionArchive, HasSumsOnlyWhereTheyAreUsed) {
  const TransmissionArchive steps(mode_of(false, true), n_archived),
      sums(mode_of(true, false), n_archived), one(mode_of(true, false, true), n_archived);
  EXPECT_TRUE(steps.sums.ring.empty());
  EXPECT_EQ(sums.sums.ring.rows(), 224 + archive_lag + 1);
  EXPECT_EQ(sums.sums_reg.ring.rows(), 224 + archive_lag + 1);
  EXPECT_EQ(one.sums.ring.rows(), 224 + archive_lag + 1);
  EXPECT_TRUE(one.sums_reg.ring.empty());
  EXPECT_EQ(steps.regularization.rows(), 128 + archive_lag + 1);
  EXPECT_EQ(TransmissionArchive(mode_of(false, true, true), n_archived).regularization.rows(),
            archive_lag + 2);
}

TEST(TransmissionArchive, LearnsASignalOnceItIsKnown) {
  for (const bool one_filter : {false, true}) {
    Rig rig(mode_of(false, true, one_filter));
    rig.run(archive_lag + 1);  // extended before step lag, the last time
    EXPECT_EQ(rig.archive.signal.row(0)[0], 0.0);
    rig.run(90);
    for (Step step = 0; step < 90 - archive_lag - 1; ++step) {
      for (std::uint32_t j = 0; j < n_archived; ++j) {
        EXPECT_DOUBLE_EQ(rig.archive.signal.row(step)[j], rig.signal(j, step)) << j << " " << step;
      }
    }
    EXPECT_EQ(rig.archive.signal.row(90 - archive_lag - 1)[0], 0.0);
  }
}

TEST(TransmissionArchive, StaysEmptyWithoutSynapsesThatLearn) {
  Rig rig(mode_of(false, false));
  rig.run(20);
  EXPECT_EQ(rig.archive.signal.row(0)[0], 0.0);
}

TEST(TransmissionArchive, SumsUpFromTheBeginOfABlock) {
  for (const bool one_filter : {false, true}) {
    Rig rig(mode_of(true, false, one_filter));
    constexpr Step end = 3 * prefix_block;
    rig.run(end + archive_lag + 1);
    const auto& a = rig.archive;
    const auto& p = rig.mode.parameters;
    for (const Step t :
         {Step{0}, Step{1}, prefix_block - 1, prefix_block, prefix_block + 7, end - 1}) {
      for (std::uint32_t j = 0; j < n_archived; ++j) {
        const auto psi = [j](Step s) { return psi_of(j, s); };
        const ArchivedSums signal(t, p.alpha.base(), p.kappa.base(), psi,
                                  [&](Step s) { return rig.signal(j, s); });
        EXPECT_NEAR(a.sums.f(t)[j], signal.F, 1e-12) << t;
        EXPECT_NEAR(a.sums.g(t)[j], signal.G, 1e-12) << t;
        EXPECT_NEAR(a.sums.h(t)[j], signal.H, 1e-12) << t;
        if (one_filter) continue;
        const ArchivedSums reg(t, p.alpha.base(), p.kappa_reg.base(), psi,
                               [&](Step s) { return reg_of(j, s); });
        EXPECT_NEAR(a.sums_reg.f(t)[j], reg.F, 1e-9) << t;
        EXPECT_NEAR(a.sums_reg.g(t)[j], reg.G, 1e-12) << t;
        EXPECT_NEAR(a.sums_reg.h(t)[j], reg.H, 1e-9) << t;
      }
    }
  }
}

}  // namespace
}  // namespace eprop::plasticity
