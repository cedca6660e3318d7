#include "training/training_state.hpp"

#include <gtest/gtest.h>

#include <boost/archive/binary_oarchive.hpp>
#include <boost/serialization/string.hpp>
#include <sstream>
#include <string>

#include "eprop/errors.hpp"
#include "message_of.hpp"

namespace eprop::training {
namespace {

std::string refusal_of(const std::string& bytes) {
  return testing::message_of<CheckpointError>([&] { (void)training_state(bytes, "a.ckpt"); });
}

TEST(TrainingState, ComesBackAsItWas) {
  const TrainingState state{.task = "waves",
                            .identity = "1a",
                            .previous = "waves_1.ckpt",
                            .batch_size = 3,
                            .record = true,
                            .last_recorded = 7,
                            .finished = true,
                            .rate_scale = 0.5,
                            .losses = {1.0, 0.5},
                            .errors = {0.25, 0.0},
                            .phases = {0, 1},
                            .pending = 11,
                            .confusion = {1, 2, 3, 4},
                            .best = {2, 0.5, {{1.0, 2.0}, {}}},
                            .running = {.begun = true,
                                        .phase = 1,
                                        .rate = 0.125,
                                        .may_be_best = true,
                                        .weights = {{3.0}}},
                            .spiked = {0, 1},
                            .warned_of = {"population 'rec'"}};
  const auto back = training_state(to_bytes(state), "a.ckpt");
  EXPECT_EQ(back.task, "waves");
  EXPECT_EQ(back.identity, "1a");
  EXPECT_EQ(back.previous, "waves_1.ckpt");
  EXPECT_EQ(back.batch_size, 3);
  EXPECT_TRUE(back.record);
  EXPECT_EQ(back.last_recorded, 7);
  EXPECT_TRUE(back.finished);
  EXPECT_EQ(back.rate_scale, 0.5);
  EXPECT_EQ(back.losses, state.losses);
  EXPECT_EQ(back.errors, state.errors);
  EXPECT_EQ(back.phases, state.phases);
  EXPECT_EQ(back.pending, 11U);
  EXPECT_EQ(back.confusion, state.confusion);
  EXPECT_EQ(back.best.iteration, 2);
  EXPECT_EQ(back.best.loss, 0.5);
  EXPECT_EQ(back.best.weights, state.best.weights);
  EXPECT_TRUE(back.running.begun);
  EXPECT_EQ(back.running.phase, 1);
  EXPECT_EQ(back.running.rate, 0.125);
  EXPECT_TRUE(back.running.may_be_best);
  EXPECT_EQ(back.running.weights, state.running.weights);
  EXPECT_EQ(back.spiked, state.spiked);
  EXPECT_EQ(back.warned_of, state.warned_of);
  EXPECT_EQ(back.iterations(), 2);
}

TEST(TrainingState, OfAnotherFormatIsRefusedWithBothNames) {
  std::ostringstream stream;
  {
    boost::archive::binary_oarchive archive(stream);
    const std::string older = "eprop training 4";
    archive& older;
  }
  EXPECT_EQ(refusal_of(stream.str()),
            "checkpoint 'a.ckpt': has the format 'eprop training 4', made by another version; this "
            "one reads 'eprop training 5'");
}

TEST(TrainingState, OfWhatIsNoTrainingOrCutOffIsRefused) {
  const std::string message = "checkpoint 'a.ckpt': was not made by a training";
  EXPECT_EQ(refusal_of(""), message);
  EXPECT_EQ(refusal_of("state of somebody's own"), message);
  const auto whole = to_bytes({.task = "waves"});
  EXPECT_EQ(refusal_of(whole.substr(0, whole.size() - 1)), message);
}

}  // namespace
}  // namespace eprop::training
