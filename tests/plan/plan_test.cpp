#include "plan/plan.hpp"

#include <gtest/gtest.h>

namespace eprop::plan {
namespace {

TEST(Timing, BeginsIntervalsOfNeuronsTwoStepsAfterMultiples) {
  Timing timing;
  timing.update_interval = 5;
  std::vector<Step> begins;
  for (Step t = 0; t < 20; ++t) {
    if (timing.interval_begins(t)) begins.push_back(t);
  }
  EXPECT_EQ(begins, (std::vector<Step>{2, 7, 12, 17}));
}

TEST(ProjectionPlan, OptimizesTransmissionsAtTheRateThatItIsGiven) {
  ProjectionPlan projection;
  projection.delay = 4;
  projection.optimize_each_step = false;
  projection.optimizer.emplace(GradientDescent{.batch_size = 3, .eta = 0.5});
  const auto optimizer = projection.transmission_optimizer(0.25);
  EXPECT_EQ(&optimizer.parameters, &*projection.optimizer);
  EXPECT_EQ(optimizer.eta, 0.25);
  EXPECT_FALSE(optimizer.each_step);
  EXPECT_EQ(optimizer.due_with_spike(10), 2);  // what left in step 6, in batches of three
}

}  // namespace
}  // namespace eprop::plan
