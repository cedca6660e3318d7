#include "state/memory.hpp"

#include <gtest/gtest.h>

#include "state/build.hpp"

namespace eprop::state {
namespace {

constexpr std::uint32_t n_in = 5, n_rec = 40;
constexpr std::uint64_t number = sizeof(double);

template <class Neuron, class Synapse>
std::unique_ptr<RankState> rank_of(std::uint32_t neurons, const Synapse& synapse) {
  Network network(NetworkOptions{.update_interval = 100.0});
  const auto in = network.add("in", n_in, PoissonSource{.rate = 5.0});
  const auto rec = network.add("rec", neurons, Neuron{});
  network.connect(in, rec, AllToAll{}, synapse);
  return build(network, {});
}

TEST(MemoryUse, OfSynapsesIsThatOfTheirColumns) {
  constexpr std::uint64_t target = sizeof(std::uint16_t), synapses = n_in * n_rec;
  const auto bytes = [&](const RankState& rank) {
    EXPECT_EQ(synapses_of(rank), synapses);
    return memory_of(rank).synapses;
  };
  EpropSynapseBsshslm2020 by_interval;
  EXPECT_EQ(bytes(*rank_of<EpropIafBsshslm2020>(n_rec, by_interval)), synapses * (target + number));
  by_interval.optimizer = Adam{};
  EXPECT_EQ(bytes(*rank_of<EpropIafBsshslm2020>(n_rec, by_interval)),
            synapses * (target + 3 * number));
  // Trace and sum of gradients; nothing of what all synapses of a source share.
  EXPECT_EQ(bytes(*rank_of<EpropIaf>(n_rec, EpropSynapse{.optimize_each_step = false})),
            synapses * (target + 3 * number));
}

TEST(MemoryUse, OfSourcesIsCountedWhereTheFamilyHasClocks) {
  EXPECT_EQ(memory_of(*rank_of<EpropIafBsshslm2020>(n_rec, EpropSynapseBsshslm2020{})).clocks, 0U);
  EXPECT_EQ(memory_of(*rank_of<EpropIaf>(n_rec, EpropSynapse{})).clocks,
            n_in * sizeof(plasticity::SourceClock));
}

TEST(MemoryUse, OfNeuronsGrowsWithThem) {
  const auto of = [](std::uint32_t neurons) {
    return memory_of(*rank_of<EpropIafBsshslm2020>(neurons, EpropSynapseBsshslm2020{}));
  };
  const auto some = of(n_rec), twice = of(2 * n_rec);
  EXPECT_EQ(twice.neurons, 2 * some.neurons);
  EXPECT_EQ(twice.archives, 2 * some.archives);
  EXPECT_GT(some.archives, 100 * n_rec * number);  // a row of surrogate gradients for every step
  EXPECT_GT(some.spikes, 0U);
}

}  // namespace
}  // namespace eprop::state
