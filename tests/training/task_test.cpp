#include "eprop/task.hpp"

#include <gtest/gtest.h>

#include "toy_tasks.hpp"

namespace eprop {
namespace {

class ReadoutsAlone final : public Task {
 public:
  ReadoutsAlone() : Task({.dt = 0.5}) {
    in = network.add("in", SpikeTrains{std::vector<std::vector<double>>(1)});
    out = network.add("out", 1, EpropReadoutBsshslm2020{});
    plastic = {network.connect(in, out, AllToAll{}, EpropSynapseBsshslm2020{})};
  }
  std::vector<Sample> next(Phase) override { return {}; }
};

TEST(Task, CountsTheStepsUntilNeuronsAndReadoutsAnswer) {
  const testing::ToyCurve curve({});
  const auto& network = curve.network;  // in steps of 1 ms
  EXPECT_EQ(static_cast<double>(curve.target_offset()), network.sample_offset(curve.out));
  EXPECT_EQ(static_cast<double>(curve.recurrent_offset()),
            network.sample_offset(curve.recurrent[0]));
  EXPECT_LT(curve.recurrent_offset(), curve.target_offset());
}

TEST(Task, WithoutNeuronsCountsThoseOfReadouts) {
  const ReadoutsAlone task;
  EXPECT_EQ(task.recurrent_offset(), task.target_offset());
  EXPECT_EQ(0.5 * static_cast<double>(task.target_offset()), task.network.sample_offset(task.out));
}

TEST(Phases, HaveNames) {
  EXPECT_EQ(to_string(Phase::training), "training");
  EXPECT_EQ(to_string(Phase::validation), "validation");
  EXPECT_EQ(to_string(Phase::test), "test");
}

}  // namespace
}  // namespace eprop
