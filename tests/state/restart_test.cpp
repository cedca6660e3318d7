#include "state/restart.hpp"

#include <gtest/gtest.h>

#include "../engine/sample_networks.hpp"
#include "state/build.hpp"

namespace eprop::state {
namespace {

using testing::SmallNetwork;

/// A network of 20 steps a sample, on one rank.
std::unique_ptr<RankState> built() {
  return build(SmallNetwork({.optimizer = GradientDescent{.batch_size = 4}}).network, {});
}

TEST(Restart, GoesOnWithTheInputsThatAreUnderWay) {
  const auto rank = built();
  restart(*rank, 42);
  const auto& inputs = rank->spikes(0).history;
  EXPECT_EQ(inputs.next(), 42);
  EXPECT_EQ(inputs.oldest(), 41);
  const auto expected = testing::rhythms(6, 41.0, 42.0);
  std::vector<std::uint32_t> sources;
  for (std::uint32_t i = 0; i < expected.size(); ++i) {
    if (!expected[i].empty()) sources.push_back(i);
  }
  ASSERT_FALSE(sources.empty());
  const auto under_way = inputs.at(41);
  EXPECT_EQ(std::vector(under_way.begin(), under_way.end()), sources);
  EXPECT_EQ(rank->spikes(1).history.next(), 42);
  EXPECT_TRUE(rank->spikes(1).history.at(41).empty());
}

TEST(Restart, BringsRatesToTheStep) {
  const auto once = built(), step_by_step = built();
  restart(*once, 42);
  for (Step t = 0; t <= 42; ++t) step_by_step->rates[0].advance(t);
  EXPECT_EQ(once->rates[0].now(1), step_by_step->rates[0].now(1));
  EXPECT_NE(once->rates[0].now(1), 0.0);
}

TEST(Restart, ForgetsWhatNoResetDoes) {
  const auto rank = built();
  auto& block = rank->workers[0]->recurrent[0].block;
  block.n_spikes[3] = 5.0;
  block.current[2] = -1.0;
  restart(*rank, 42);
  EXPECT_EQ(block.n_spikes[3], 0.0);
  EXPECT_EQ(block.current, block.I_e);
}

TEST(Follow, GivesAReplicaTheInputsToCome) {
  const auto rank = built();
  std::get<devices::TrainPlayer>(std::get<InputState>(rank->populations[0]).player)
      .add({{150.0}, {}, {}, {}, {}, {}}, 1.0);
  rank->workers[0]->readouts[0].losses.emplace(
      devices::LossTracker::Window{.offset = 4, .interval = 20, .window = 20}, 3);
  const auto replica = build_replica(*rank);
  EXPECT_FALSE(replica->workers[0]->readouts[0].losses);
  follow(*replica, *rank);
  const auto pending = [](const RankState& state) {
    return std::get<devices::TrainPlayer>(std::get<InputState>(state.populations[0]).player)
        .pending();
  };
  EXPECT_EQ(pending(*replica), pending(*rank));
  EXPECT_EQ(pending(*replica).steps.back(), 150);
  EXPECT_EQ(replica->workers[0]->readouts[0].losses->window().interval, 20);
}

TEST(Replica, HasNeuronsOfItsOwnAndTheSameSynapses) {
  const auto rank = built();
  const auto replica = build_replica(*rank);
  EXPECT_EQ(&replica->workers[0]->projections, &rank->workers[0]->projections);
  EXPECT_NE(&replica->workers[0]->recurrent[0], &rank->workers[0]->recurrent[0]);
  EXPECT_EQ(replica->workers[0]->recurrent[0].block.v_th,
            rank->workers[0]->recurrent[0].block.v_th);
  EXPECT_EQ(replica->workers[0]->recurrent[0].signals[0].errors, &replica->readouts(2).errors);
  EXPECT_EQ(&replica->plan, &rank->plan);
}

}  // namespace
}  // namespace eprop::state
