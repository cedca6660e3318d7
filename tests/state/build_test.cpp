#include "state/build.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "../engine/results.hpp"
#include "distributed_test.hpp"
#include "refusal.hpp"

namespace eprop::state {
namespace {

/// Inputs, neurons and readouts of both kinds, and a generator of rates.
Network every_role() {
  Network network({.update_interval = 10.0});
  const auto in = network.add("in", SpikeTrains{{{1.0}, {2.0}}});
  network.add("noise", 3, PoissonSource{});
  const auto rec = network.add("rec", 7, EpropIafBsshslm2020{});
  const auto out = network.add("out", 4, EpropReadoutBsshslm2020{});
  EpropReadoutBsshslm2020 softmax;
  softmax.loss = Loss::cross_entropy;
  network.add("classes", 3, softmax);
  network.add("rates", StepRates{{0.0}, {{1.0}}});
  EpropSynapseBsshslm2020 learning;
  learning.optimizer = GradientDescent{.eta = 0.25};
  network.connect(in, rec, AllToAll{}, learning);
  network.connect(rec, out, AllToAll{}, StaticSynapse{});
  return network;
}

core::Layout layout_of(const comm::Communicator& comm) {
  return {comm.size(), testing::threads_per_rank(), comm.rank()};
}

}  // namespace

DISTRIBUTED_TEST(BuiltRank, HoldsTheStateOfEveryPopulation, RANKS(1, 2)) {
  const auto rank = build(every_role(), layout_of(comm));
  ASSERT_EQ(rank->populations.size(), 5U);
  const auto& plan = rank->plan;
  const auto& in = std::get<InputState>(rank->populations[0]);
  EXPECT_TRUE(std::holds_alternative<devices::TrainPlayer>(in.player));
  EXPECT_EQ(in.history.steps_kept(), plan.populations[0].spikes_kept);
  const auto& noise = std::get<InputState>(rank->populations[1]);
  EXPECT_TRUE(std::holds_alternative<devices::PoissonPlayer>(noise.player));
  const auto& rec = std::get<NeuronState>(rank->populations[2]);
  EXPECT_EQ(rec.history.steps_kept(), plan.populations[2].spikes_kept);
  EXPECT_EQ(rec.history.next(), 0);
  EXPECT_GE(rec.own.sources.capacity(), rank->layout.of_this_rank(7).size());
  EXPECT_EQ(rank->readouts(3).errors.columns(), 4U);  // of all ranks
  EXPECT_EQ(rank->readouts(3).errors.rows(), 14);
  EXPECT_TRUE(rank->readouts(3).potentials.empty());
  EXPECT_EQ(rank->readouts(4).potentials.columns(), 3U);
  EXPECT_FALSE(rank->readouts(4).losses.has_value());
  EXPECT_EQ(rank->rates.size(), 1U);
  EXPECT_EQ(rank->divergences.size(), static_cast<std::size_t>(comm.size()));
}

DISTRIBUTED_TEST(BuiltRank, LearnsAtTheRatesOfItsOptimizers, RANKS(1)) {
  const auto rank = build(every_role(), layout_of(comm));
  ASSERT_EQ(rank->learning_rates.size(), 2U);
  EXPECT_EQ(rank->learning_rates[0].now, 0.25);
  EXPECT_EQ(rank->learning_rates[0].of_interval, (std::array{0.25, 0.25}));
  EXPECT_EQ(rank->learning_rates[1].now, 0.0);
}

DISTRIBUTED_TEST(BuiltRank, GivesEachThreadItsNeurons, RANKS(1, 2, 3, 4)) {
  const auto layout = layout_of(comm);
  const auto rank = build(every_role(), layout);
  ASSERT_EQ(rank->workers.size(), static_cast<std::size_t>(layout.threads));
  for (int thread = 0; thread < layout.threads; ++thread) {
    const auto own = layout.of_thread(7, thread);
    const auto& worker = *rank->workers[static_cast<std::size_t>(thread)];
    ASSERT_EQ(worker.recurrent.size(), own.size() == 0 ? 0U : 1U);
    if (own.size() == 0) continue;
    EXPECT_EQ(worker.recurrent[0].block.neurons.begin, own.begin);
    EXPECT_EQ(worker.recurrent[0].block.neurons.end, own.end);
  }
}

DISTRIBUTED_TEST(BuiltRank, IsRefusedWhereADrawnWeightExceedsItsBounds, RANKS(1, 2)) {
  Network network;
  const auto in = network.add("in", 2, PoissonSource{});
  const auto rec = network.add("rec", 8, EpropIaf{});
  const GradientDescent bounds{.Wmin = -1.0, .Wmax = 1.0};
  network.connect(in, rec, AllToAll{},
                  EpropSynapse{.weight = Normal{2.5, 0.01}, .optimizer = bounds});
  const auto message = testing::refusal([&] { (void)build(network, layout_of(comm)); });
  const auto first = layout_of(comm).of_this_rank(8).begin;
  EXPECT_TRUE(
      message.starts_with(fmt::format("projection 'in_rec', synapse 0 -> {}: weight = ", first)))
      << message;
}

DISTRIBUTED_TEST(BuiltRank, IsRefusedWhereDelaysDoNotFitTogether, RANKS(1)) {
  Network network;
  const auto rec = network.add("rec", 4, EpropIaf{});
  const auto out = network.add("out", 2, EpropReadout{});
  network.connect(rec, out, AllToAll{}, EpropSynapse{.delay = 2.0});
  network.connect(rec, out, AllToAll{}, StaticSynapse{.delay = 3.0}, "second");
  network.connect_learning_signal(out, rec, AllToAll{}, 1.0);
  EXPECT_TRUE(testing::refusal([&] {
                (void)build(network, layout_of(comm));
              }).starts_with("projection 'second': delay = 3 ms: "));
}

DISTRIBUTED_TEST(BuiltExchange, BringsSpikesToWhereTheirTargetsAre, RANKS(1, 2, 3)) {
  // Neuron i of twelve reaches its neighbour i + 1 only.
  constexpr std::uint32_t n = 12;
  ExplicitList next;
  for (std::uint32_t i = 0; i + 1 < n; ++i) {
    next.source.push_back(i);
    next.target.push_back(i + 1);
  }
  Network network;
  const auto rec = network.add("rec", n, IafPscDelta{});
  network.connect(rec, rec, next, StaticSynapse{});
  const auto rank = build(network, layout_of(comm));
  auto exchange = make_exchange(*rank, comm);
  auto& neurons = std::get<NeuronState>(rank->populations[0]);
  const auto own = rank->layout.of_this_rank(n);
  for (auto i = own.begin; i < own.end; ++i) neurons.own.sources.push_back(i);
  neurons.own.step_ends = {neurons.own.sources.size()};
  exchange.run(0, 1);
  std::vector<std::uint32_t> expected;  // its own, and the one before them
  for (auto i = own.begin == 0 ? 0 : own.begin - 1; i < own.end; ++i) expected.push_back(i);
  const auto known = neurons.history.at(0);
  EXPECT_EQ(std::vector<std::uint32_t>(known.begin(), known.end()), expected);
}

DISTRIBUTED_TEST(BuiltExchange, BringsErrorsToLearnersAndPotentialsToReadouts, RANKS(1, 2, 3)) {
  Network network({.update_interval = 10.0});
  EpropReadoutBsshslm2020 softmax;
  softmax.loss = Loss::cross_entropy;
  const auto rec = network.add("rec", 9, EpropIafBsshslm2020{});
  const auto out = network.add("out", 6, softmax);
  network.add("unread", 6, EpropReadoutBsshslm2020{});
  network.connect_learning_signal(out, rec, AllToAll{}, 1.0);
  const auto rank = build(network, layout_of(comm));
  auto exchange = make_exchange(*rank, comm);
  std::get<NeuronState>(rank->populations[0]).own.step_ends = {0};
  const auto own = rank->layout.of_this_rank(6);
  for (auto k = own.begin; k < own.end; ++k) {
    rank->readouts(1).errors.row(0)[k] = 1.0 + k;
    rank->readouts(1).potentials.row(0)[k] = 10.0 + k;
    rank->readouts(2).errors.row(0)[k] = 1.0 + k;
  }
  exchange.run(0, 1);
  for (std::uint32_t k = 0; k < 6; ++k) {
    EXPECT_EQ(rank->readouts(1).errors.row(0)[k], 1.0 + k);
    EXPECT_EQ(rank->readouts(1).potentials.row(0)[k], 10.0 + k);
    EXPECT_EQ(rank->readouts(2).errors.row(0)[k], own.contains(k) ? 1.0 + k : 0.0);
  }
}

}  // namespace eprop::state
