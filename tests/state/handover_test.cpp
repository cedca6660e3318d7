#include "state/handover.hpp"

#include <gtest/gtest.h>

#include "../engine/sample_networks.hpp"
#include "distributed_test.hpp"
#include "state/build.hpp"
#include "state/restart.hpp"

namespace eprop::state {

DISTRIBUTED_TEST(Handover, BringsAllToTheStateOfTheFirst, RANKS(1, 2, 3)) {
  constexpr Step now = 84, first = now - 2;  // samples of 20 steps, four a batch
  Adam adam;
  adam.batch_size = 4;
  const auto rank = build(testing::SmallNetwork({.optimizer = adam}).network, {});
  auto& worker = *rank->workers[0];
  auto& recurrent = worker.recurrent[0];
  auto& readouts = worker.readouts[0];
  readouts.losses.emplace(devices::LossTracker::Window{.offset = 4, .interval = 20, .window = 20},
                          3);
  if (comm.rank() == 0) {
    restart(*rank, first - 1);
    auto& inputs = std::get<InputState>(rank->populations[0]);
    auto& neurons = std::get<NeuronState>(rank->populations[1]);
    for (Step t = first - 1; t < now; ++t) {
      std::visit([&](auto& player) { player.emit(t, inputs.history); }, inputs.player);
      inputs.history.end_step();
      neurons.history.append(static_cast<std::uint32_t>(t % 7));
      neurons.history.end_step();
    }
    worker.projections[0].tiles[0].weight[5] = 1.25;
    worker.projections[1].tiles[0].m[3] = 2.5;
    worker.projections[2].tiles[0].v[1] = 3.5;
    recurrent.block.v[2] = -4.5;
    recurrent.block.n_spikes[1] = 1.0;
    recurrent.archive.regularization[6] = 5.5;
    recurrent.surrogate_gradient.row(now - 1)[4] = 6.5;
    readouts.block.error[2] = 7.5;
    readouts.losses->open_sums()[1].target = 8.5;
    rank->readouts(2).errors.row(now - 1)[0] = 9.5;
    for (auto& player : rank->rates) player.advance(now);
  }
  hand_over(*rank, now, comm);

  EXPECT_EQ(worker.projections[0].tiles[0].weight[5], 1.25);
  EXPECT_EQ(worker.projections[1].tiles[0].m[3], 2.5);
  EXPECT_EQ(worker.projections[2].tiles[0].v[1], 3.5);
  EXPECT_EQ(recurrent.block.v[2], -4.5);
  EXPECT_EQ(recurrent.block.n_spikes[1], 1.0);
  EXPECT_EQ(recurrent.archive.regularization[6], 5.5);
  EXPECT_EQ(recurrent.surrogate_gradient.row(now - 1)[4], 6.5);
  EXPECT_EQ(readouts.block.error[2], 7.5);
  EXPECT_EQ(readouts.losses->open_sums()[1].target, 8.5);
  EXPECT_EQ(rank->readouts(2).errors.row(now - 1)[0], 9.5);
  const auto here = [&](std::uint32_t population, Step t) {
    const auto spikes = rank->spikes(population).history.at(t);
    return std::vector<std::uint32_t>(spikes.begin(), spikes.end());
  };
  for (Step t = first; t < now; ++t) {
    EXPECT_EQ(here(1, t), std::vector<std::uint32_t>{static_cast<std::uint32_t>(t % 7)});
    std::vector<std::uint32_t> sources;
    const auto trains = testing::rhythms(6, static_cast<double>(t), static_cast<double>(t + 1));
    for (std::uint32_t i = 0; i < trains.size(); ++i) {
      if (!trains[i].empty()) sources.push_back(i);
    }
    EXPECT_EQ(here(0, t), sources);
  }
  EXPECT_EQ(rank->spikes(0).history.next(), now);
  EXPECT_EQ(rank->spikes(1).history.next(), now);
  const auto never_before = build(testing::SmallNetwork().network, {});
  never_before->rates[0].advance(now);
  EXPECT_EQ(rank->rates[0].now(2), never_before->rates[0].now(2));
}

}  // namespace eprop::state
