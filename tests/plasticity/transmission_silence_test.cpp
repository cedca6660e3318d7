#include <gtest/gtest.h>

#include "transmission_rig.hpp"

namespace eprop::testing {
namespace {

std::vector<Parameters> all_parameters() {
  return {Parameters::shared, Parameters::shared_adaptive, Parameters::shared_currents,
          Parameters::own,    Parameters::own_adaptive,    Parameters::own_currents};
}

/// Rows without and with gaps and scattered ones spike a few times, then not for thousands of
/// steps.
std::vector<std::set<Step>> trains_with_a_long_silence(Step end) {
  std::vector<std::set<Step>> trains(TransmissionRig::sources);
  trains[0] = {3, 9, 10, end - 2};
  trains[1] = {1, end / 2, end - 3};
  trains[2] = {50, 51, 52, end - 3, end - 1};
  return trains;
}

}  // namespace

TEST(TransmissionAfterLongSilence, LearnsFromAllThatTheRingsHaveOverwritten) {
  constexpr Step end = 6000;
  for (const auto parameters : all_parameters()) {
    for (const double cutoff : {30.0, 1e9}) {
      for (const bool each_step : {false, true}) {
        RigOptions o{.parameters = parameters, .cutoff = cutoff, .lag = 2, .each_step = each_step};
        TransmissionRig descent(o);
        descent.run(trains_with_a_long_silence(end), end);
        EXPECT_LE(descent.error(), 1e-10) << o;
        o.optimizer = Adam{{.batch_size = 3, .eta = 1e-3}};
        TransmissionRig adam(o);
        adam.run(trains_with_a_long_silence(end), end);
        EXPECT_LE(adam.error(), 1e-10) << o;
      }
    }
  }
}

TEST(TransmissionAfterLongSilence, OntoReadoutsLearnsFromAllThatTheRingHasOverwritten) {
  constexpr Step end = 6000;
  for (const auto parameters : {Parameters::shared, Parameters::own}) {
    const RigOptions o{.parameters = parameters, .readouts = true, .lag = 2};
    TransmissionRig rig(o);
    rig.run(trains_with_a_long_silence(end), end);
    EXPECT_LE(rig.error(), 1e-10) << o;
  }
}

// Slow filters: traces that fade away for so long would become numbers too small to compute fast.
TEST(MemoryOfTransmissions, DoesNotGrowWithSilence) {
  constexpr Step begin = 700, end = begin + 100000;
  for (const bool onto_readouts : {false, true}) {
    for (const auto parameters : all_parameters()) {
      const RigOptions o{.parameters = parameters,
                         .readouts = onto_readouts,
                         .alpha = 0.9999,
                         .kappa = 1.0,
                         .kappa_reg = 0.9999,
                         .spread = 0.0,
                         .optimizer = GradientDescent{.eta = 1e-8}};
      TransmissionRig rig(o);
      rig.run(various_trains(begin), begin);
      const auto before = rig.storage();
      rig.run(std::vector<std::set<Step>>(TransmissionRig::sources), end);
      EXPECT_EQ(rig.storage(), before) << o;
      rig.step({4});
      EXPECT_EQ(rig.storage(), before) << o;
      EXPECT_LE(rig.error(), 1e-10) << o;
    }
  }
}

}  // namespace eprop::testing
