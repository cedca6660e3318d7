#include "plan/replicas.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "../engine/sample_networks.hpp"
#include "network/optimizers.hpp"

namespace eprop::plan {
namespace {

testing::SmallOptions in_batches(std::int64_t size) {
  return {.optimizer = GradientDescent{.batch_size = size, .eta = 0.1}};
}

/// Of a network of independent samples to which something has been added.
std::string obstacle(const std::function<void(testing::SmallNetwork&)>& add) {
  testing::SmallNetwork small(in_batches(6));
  add(small);
  return replica_obstacle(make_plan(small.network));
}

TEST(ReplicaObstacle, IsNoneWhereNeuronsAreResetAndWeightsStay) {
  EXPECT_EQ(obstacle([](auto&) {}), "");
}

TEST(ReplicaObstacle, IsWhatLastsFromSampleToSample) {
  auto lasting = in_batches(6);
  lasting.network.reset_neurons_on_update = false;
  EXPECT_EQ(replica_obstacle(make_plan(testing::SmallNetwork(lasting).network)),
            "neurons are not reset after a sample (reset_neurons_on_update)");
  EXPECT_EQ(replica_obstacle(make_plan(testing::SmallNetwork(in_batches(1)).network)),
            "weights change after each sample (batch_size = 1)");
  EXPECT_EQ(obstacle([](auto& small) { small.network.add("plus", 2, EpropIaf{}); }),
            "neurons of 'plus' are not reset after a sample: they are no bsshslm_2020");
  EXPECT_EQ(obstacle([](auto& small) {
              EpropIafBsshslm2020 forced;
              forced.ignore_and_spike = true;
              small.network.add("forced", 2, forced);
            }),
            "neurons of 'forced' spike in fixed steps (ignore_and_spike)");
}

TEST(ReplicaObstacle, IsASynapseWhoseSpikesArriveInTheNextSample) {
  const auto with = [](bool from_inputs, double delay) {
    return obstacle([=](auto& small) {
      small.network.connect(from_inputs ? small.in : small.rec, small.rec, AllToAll{},
                            StaticSynapse{0.1, delay}, "still");
    });
  };
  EXPECT_EQ(with(true, 1.0), "");
  EXPECT_EQ(with(true, 2.0), "spikes of 'still' arrive after more than a step");
  EXPECT_EQ(with(false, 1.0),
            "'still' does not learn, and carries spikes from one sample into the next");
}

TEST(ReplicaObstacle, IsABatchThatIsNotTheSameForAll) {
  EXPECT_EQ(obstacle([](auto& small) {
              EpropSynapseBsshslm2020 other;
              other.optimizer = GradientDescent{.batch_size = 2, .eta = 0.1};
              small.network.connect(small.in, small.rec, AllToAll{}, other, "other");
            }),
            "batch_size is 6 in some projections and 2 in others");
  Network nothing_learns;
  nothing_learns.add("rec", 2, EpropIafBsshslm2020{});
  EXPECT_EQ(replica_obstacle(make_plan(nothing_learns)), "no projection learns");
}

TEST(Replicas, AreAtMostHalfTheBatch) {
  const auto most = [](std::int64_t batch) {
    return most_replicas(make_plan(testing::SmallNetwork(in_batches(batch)).network));
  };
  EXPECT_EQ(most(1), 1);
  EXPECT_EQ(most(2), 1);
  EXPECT_EQ(most(3), 1);
  EXPECT_EQ(most(7), 3);
  EXPECT_EQ(most(64), 32);
}

TEST(Batch, BeginsWhenAllOfTheLastOneIsLearnt) {
  const auto plan = make_plan(testing::SmallNetwork(in_batches(3)).network);
  EXPECT_EQ(samples_of_batch(plan), 3);
  std::vector<Step> begins;
  for (Step t = 0; t < 130; ++t) {
    if (batch_begins(plan, t)) begins.push_back(t);
  }
  EXPECT_EQ(begins, (std::vector<Step>{0, 4, 64, 124}));
}

TEST(LearningSynapses, AreAtMostAsManyAsPairs) {
  const testing::SmallNetwork small(in_batches(3));
  EXPECT_EQ(possible_learning_synapses(make_plan(small.network)), 6 * 7 + 7 * 7 + 7 * 3);
}

}  // namespace
}  // namespace eprop::plan
