#include <gtest/gtest.h>

#include <cstring>

#include "eprop/comm/collectives.hpp"
#include "exchange/interval_exchange.hpp"
#include "message_of.hpp"

namespace eprop::exchange {
namespace {

using comm::Bytes;

/// Rank 0 of two, whose peer wants nothing and sends `message`.
class ScriptedPeer final : public comm::Communicator {
 public:
  Bytes message;

  [[nodiscard]] int rank() const override { return 0; }
  [[nodiscard]] int size() const override { return 2; }
  std::vector<Bytes> all_to_all(const std::vector<Bytes>& to) override { return {to[0], {}}; }
  void exchange(std::span<const int> to, std::span<const Bytes>, std::span<const int> from,
                std::span<Bytes> in) override {
    EXPECT_TRUE(to.empty());
    ASSERT_EQ(from.size(), 1U);
    in[0] = message;
  }

  void barrier() override {}
  void broadcast(std::span<std::byte>, int) override {}
  void all_gather(std::span<const std::byte>, std::span<std::byte>) override {}
  std::vector<Bytes> gather(std::span<const std::byte>, int) override { return {}; }
  std::unique_ptr<comm::Communicator> split(int) override { return nullptr; }
  void fail(const std::string& text) override { throw comm::RankFailure(text); }
  void report(const std::string& text) override { throw comm::RankFailure(text); }
};

/// Four neurons and four readouts, of which the peer has the last two each.
struct DamagedMessage : ::testing::Test {
  ScriptedPeer peer;
  core::SpikeHistory history{10};
  OwnSpikes own;
  core::StepRing signals{4, 4};
  IntervalExchange exchange{peer,
                            {.ranks = 2, .threads = 1, .rank = 0},
                            {{4, {2, 3}, &history, &own}},
                            {{4, {true, false}, &signals}}};

  void add(std::initializer_list<std::uint32_t> words) {
    const auto bytes = std::as_bytes(std::span(words.begin(), words.size()));
    peer.message.insert(peer.message.end(), bytes.begin(), bytes.end());
  }
  void add_signals(std::initializer_list<double> values) {
    const auto bytes = std::as_bytes(std::span(values.begin(), values.size()));
    peer.message.insert(peer.message.end(), bytes.begin(), bytes.end());
  }
  /// Receives the message as that of the steps 0 and 1; the error, or nothing.
  std::string receive() {
    own.sources = {1};
    own.step_ends = {1, 1};
    return testing::message_of<comm::CommError>([&] { exchange.run(0, 2); });
  }
};

TEST_F(DamagedMessage, AWholeOneIsRead) {
  add({2, 0, 1, 0});
  add_signals({1.5, 2.5, 3.5, 4.5});
  EXPECT_EQ(receive(), "");
  EXPECT_EQ(history.at(0).size(), 3U);
  EXPECT_EQ(history.at(0)[0], 1U);
  EXPECT_EQ(history.at(0)[2], 3U);
  EXPECT_TRUE(history.at(1).empty());
  EXPECT_EQ(signals.row(0)[2], 1.5);
  EXPECT_EQ(signals.row(1)[3], 4.5);
}

TEST_F(DamagedMessage, WithoutContentIsRefused) {
  EXPECT_EQ(receive(), "message of rank 1: 0 bytes where 4 more than 0 were expected");
}

TEST_F(DamagedMessage, ThatEndsWithinAStepIsRefused) {
  add({2, 0});
  EXPECT_EQ(receive(), "message of rank 1: 8 bytes where 8 more than 4 were expected");
}

TEST_F(DamagedMessage, ThatEndsWithinAWordIsRefused) {
  add({1, 0, 0});
  peer.message.resize(11);
  EXPECT_EQ(receive(), "message of rank 1: 11 bytes where 4 more than 8 were expected");
}

TEST_F(DamagedMessage, ThatAnnouncesMoreSpikesThanMemoryHoldsIsRefused) {
  add({0xFFFFFFFF, 0, 0});
  EXPECT_EQ(receive(), "message of rank 1: 12 bytes where 17179869180 more than 4 were expected");
}

TEST_F(DamagedMessage, WithoutItsLastSignalIsRefused) {
  add({0, 0});
  add_signals({1.5, 2.5, 3.5});
  EXPECT_EQ(receive(), "message of rank 1: 32 bytes where 16 more than 24 were expected");
}

TEST_F(DamagedMessage, ThatGoesOnAfterItsEndIsRefused) {
  add({0, 0});
  add_signals({1.5, 2.5, 3.5, 4.5, 5.5});
  EXPECT_EQ(receive(), "message of rank 1: 48 bytes, of which 40 were expected");
}

}  // namespace
}  // namespace eprop::exchange
