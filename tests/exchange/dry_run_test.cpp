#include <gtest/gtest.h>

#include "eprop/comm/launch.hpp"
#include "exchange/interval_exchange.hpp"

namespace eprop::exchange {
namespace {

/// Rank 0 of three, which have 3, 3 and 4 of ten neurons. It needs the second neuron of each rank,
/// and the fourth of the last, which it has not itself.
struct DryRunExchange : ::testing::Test {
  std::unique_ptr<comm::Communicator> comm = comm::make_dry_run(0, 3);
  core::SpikeHistory history{10};
  OwnSpikes own;

  IntervalExchange with(std::vector<SignalChannel> signals) {
    return {*comm,
            {.ranks = 3, .threads = 1, .rank = 0},
            {{10, {1, 4, 7, 9}, &history, &own}},
            std::move(signals)};
  }
  void run(IntervalExchange& exchange) {
    own.sources = {0, 1, 2};
    own.step_ends = {2, 3};
    exchange.run(0, 2);
  }
  std::vector<std::uint32_t> at(Step t) {
    const auto sources = history.at(t);
    return {sources.begin(), sources.end()};
  }
};

TEST_F(DryRunExchange, BringsTheSpikesOfNeededNeuronsThatStandWhereItsOwnSpiked) {
  auto exchange = with({});
  run(exchange);
  EXPECT_EQ(at(0), (std::vector<std::uint32_t>{0, 1, 4, 7}));
  EXPECT_EQ(at(1), (std::vector<std::uint32_t>{2}));
  EXPECT_EQ(exchange.traffic().messages, 2U);
  // To each of the two others two counts and a source.
  EXPECT_EQ(exchange.traffic().bytes, 6 * sizeof(std::uint32_t));
  EXPECT_GE(exchange.bytes(), exchange.traffic().bytes);
}

TEST_F(DryRunExchange, BringsZerosForSignalsOfAsManyReadoutsAsTheSenderHas) {
  core::StepRing ring(4, 7);  // 2, 2 and 3 readouts
  for (const Step t : {0, 1}) std::fill_n(ring.row(t), 7, 5.0);
  auto exchange = with({{7, {true, true, true}, &ring}});
  run(exchange);
  for (const Step t : {0, 1}) {
    for (std::uint32_t k = 0; k < 7; ++k) EXPECT_EQ(ring.row(t)[k], k < 2 ? 5.0 : 0.0);
  }
  EXPECT_EQ(at(0), (std::vector<std::uint32_t>{0, 1, 4, 7}));
  EXPECT_EQ(exchange.traffic().bytes, 6 * sizeof(std::uint32_t) + 8 * sizeof(double));
}

TEST_F(DryRunExchange, BringsSignalsToARankThatSendsNone) {
  core::StepRing ring(4, 1);  // on the last rank
  for (const Step t : {0, 1}) ring.row(t)[0] = 5.0;
  IntervalExchange exchange(*comm, {.ranks = 3, .threads = 1, .rank = 0},
                            {{10, {}, &history, &own}}, {{1, {true, true, true}, &ring}});
  run(exchange);
  EXPECT_EQ(ring.row(0)[0], 0.0);
  EXPECT_EQ(ring.row(1)[0], 0.0);
  EXPECT_EQ(at(0), (std::vector<std::uint32_t>{0, 1}));
  EXPECT_EQ(exchange.traffic().messages, 0U);
}

}  // namespace
}  // namespace eprop::exchange
