#include "exchange/interval_exchange.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "distributed_test.hpp"
#include "forwarding_communicator.hpp"

namespace eprop::exchange {
namespace {

/// Passes everything on and notes to and from whom messages go.
class Observed final : public testing::ForwardingCommunicator {
 public:
  using ForwardingCommunicator::ForwardingCommunicator;

  std::vector<int> sent_to, received_from;
  std::vector<std::size_t> sent_bytes;

  void exchange(std::span<const int> to, std::span<const comm::Bytes> out,
                std::span<const int> from, std::span<comm::Bytes> in) override {
    sent_to.assign(to.begin(), to.end());
    received_from.assign(from.begin(), from.end());
    sent_bytes.clear();
    for (const auto& message : out) sent_bytes.push_back(message.size());
    ForwardingCommunicator::exchange(to, out, from, in);
  }
};

/// A deterministic coin that comes up with probability 1/n.
bool coin(std::uint32_t n, std::uint32_t a, std::uint32_t b, std::uint32_t c) {
  std::uint32_t h = a * 0x9E3779B1U ^ b * 0x85EBCA77U ^ c * 0xC2B2AE3DU;
  h ^= h >> 15U;
  h *= 0x2C1B3C6DU;
  return (h >> 16U) % n == 0;
}

using Sources = std::vector<std::uint32_t>;

/// Spiking populations of several sizes with coins for spikes and needs.
struct SomeSpikes {
  static constexpr std::uint32_t sizes[] = {17, 3, 40, 1};
  static constexpr std::size_t channels = std::size(sizes);

  static bool spikes(std::size_t c, std::uint32_t source, Step t) {
    return coin(3, static_cast<std::uint32_t>(c), source, static_cast<std::uint32_t>(t));
  }
  static bool needs(int rank, std::size_t c, std::uint32_t source) {
    return coin(4, 100 + static_cast<std::uint32_t>(rank), static_cast<std::uint32_t>(c), source);
  }

  explicit SomeSpikes(const comm::Communicator& comm) : layout{comm.size(), 2, comm.rank()} {
    for (std::size_t c = 0; c < channels; ++c) {
      histories.emplace_back(20);
      own.emplace_back();
    }
  }

  std::vector<SpikeChannel> spike_channels() {
    std::vector<SpikeChannel> result;
    for (std::size_t c = 0; c < channels; ++c) {
      SpikeChannel channel{sizes[c], {}, &histories[c], &own[c]};
      for (std::uint32_t s = 0; s < sizes[c]; ++s) {
        if (needs(layout.rank, c, s)) channel.needed.push_back(s);
      }
      result.push_back(channel);
    }
    return result;
  }
  void emit(Step t) {
    for (std::size_t c = 0; c < channels; ++c) {
      const auto range = layout.of_this_rank(sizes[c]);
      for (auto s = range.begin; s < range.end; ++s) {
        if (spikes(c, s, t)) own[c].sources.push_back(s);
      }
      own[c].step_ends.push_back(own[c].sources.size());
    }
  }
  /// What this rank is to know: its own spikes and those that it needs.
  [[nodiscard]] Sources expected(std::size_t c, Step t) const {
    Sources sources;
    for (std::uint32_t s = 0; s < sizes[c]; ++s) {
      const bool known = layout.of_this_rank(sizes[c]).contains(s) || needs(layout.rank, c, s);
      if (known && spikes(c, s, t)) sources.push_back(s);
    }
    return sources;
  }

  core::Layout layout;
  std::vector<core::SpikeHistory> histories;
  std::vector<OwnSpikes> own;
};

/// Ranks that need one of the sources of `owner`, other than itself.
std::vector<int> who_needs(const core::Layout& layout, int owner) {
  std::vector<int> ranks;
  for (int r = 0; r < layout.ranks; ++r) {
    bool any = false;
    for (std::size_t c = 0; c < SomeSpikes::channels; ++c) {
      const auto range = layout.of_rank(SomeSpikes::sizes[c], owner);
      for (auto s = range.begin; s < range.end; ++s) any = any || SomeSpikes::needs(r, c, s);
    }
    if (any && r != owner) ranks.push_back(r);
  }
  return ranks;
}

}  // namespace

DISTRIBUTED_TEST(IntervalExchange, BringsExactlyTheSpikesThatARankNeedsInGlobalOrder,
                 RANKS(1, 2, 3, 4)) {
  for (const Step interval : {1, 4}) {
    SomeSpikes traffic(comm);
    IntervalExchange exchange(comm, traffic.layout, traffic.spike_channels(), {});
    for (Step first = 0; first < 60; first += interval) {
      for (Step t = first; t < first + interval; ++t) traffic.emit(t);
      exchange.run(first, first + interval);
      for (std::size_t c = 0; c < SomeSpikes::channels; ++c) {
        EXPECT_TRUE(traffic.own[c].sources.empty());
        EXPECT_TRUE(traffic.own[c].step_ends.empty());
        EXPECT_EQ(traffic.histories[c].next(), first + interval);
        for (Step t = first; t < first + interval; ++t) {
          const auto known = traffic.histories[c].at(t);
          EXPECT_EQ(Sources(known.begin(), known.end()), traffic.expected(c, t))
              << "population " << c << " step " << t;
        }
      }
    }
  }
}

DISTRIBUTED_TEST(IntervalExchange, SendsOneMessageToEachRankThatNeedsAny, RANKS(2, 3, 4)) {
  Observed observed(comm);
  SomeSpikes traffic(comm);
  IntervalExchange exchange(observed, traffic.layout, traffic.spike_channels(), {});
  traffic.emit(0);
  exchange.run(0, 1);
  EXPECT_EQ(observed.sent_to, who_needs(traffic.layout, comm.rank()));
  for (const int r : observed.received_from) {
    const auto receivers = who_needs(traffic.layout, r);
    EXPECT_TRUE(std::count(receivers.begin(), receivers.end(), comm.rank()) == 1);
  }
}

DISTRIBUTED_TEST(IntervalExchange, SendsNothingToRanksThatNeedNothing, RANKS(2, 3, 4)) {
  Observed observed(comm);
  const core::Layout layout{comm.size(), 1, comm.rank()};
  core::SpikeHistory history(5);
  OwnSpikes own;
  const auto range = layout.of_this_rank(8);
  SpikeChannel channel{8, {}, &history, &own};
  if (comm.rank() == 1) channel.needed = {0};  // lives on rank 0
  IntervalExchange exchange(observed, layout, {channel}, {});
  for (auto s = range.begin; s < range.end; ++s) own.sources.push_back(s);
  own.step_ends = {own.sources.size()};
  exchange.run(0, 1);
  EXPECT_EQ(observed.sent_to, comm.rank() == 0 ? std::vector<int>{1} : std::vector<int>{});
  EXPECT_EQ(exchange.traffic().spikes, range.size());
  EXPECT_EQ(exchange.traffic().messages, observed.sent_to.size());
  // How many, and which.
  EXPECT_EQ(exchange.traffic().bytes, comm.rank() == 0 ? 2 * sizeof(std::uint32_t) : 0U);
  EXPECT_EQ(observed.received_from, comm.rank() == 1 ? std::vector<int>{0} : std::vector<int>{});
  // a count and the one source, not all that spiked
  for (const auto bytes : observed.sent_bytes) EXPECT_EQ(bytes, 2 * sizeof(std::uint32_t));
}

DISTRIBUTED_TEST(IntervalExchange, FillsInTheSignalsOfOtherRanksForReaders, RANKS(1, 2, 3, 4)) {
  const core::Layout layout{comm.size(), 2, comm.rank()};
  const std::uint32_t sizes[] = {9, 1, 2};
  const auto value = [](std::size_t c, Step t, std::uint32_t k) {
    return 1000.0 * static_cast<double>(c + 1) + 10.0 * static_cast<double>(t) + k + 0.1;
  };
  // Odd ranks and rank 0 read the first population, all the second, nobody the third.
  const auto reads = [](std::size_t c, int rank) {
    return c == 1 || (c == 0 && (rank == 0 || rank % 2 == 1));
  };
  std::vector<core::StepRing> rings;
  for (const auto size : sizes) rings.emplace_back(5, size);
  std::vector<SignalChannel> channels;
  for (std::size_t c = 0; c < 3; ++c) {
    SignalChannel channel{sizes[c], {}, &rings[c]};
    for (int r = 0; r < comm.size(); ++r) channel.readers.push_back(reads(c, r));
    channels.push_back(channel);
  }
  SomeSpikes traffic(comm);  // spikes before the signals leave doubles unaligned in messages
  IntervalExchange exchange(comm, layout, traffic.spike_channels(), channels);
  for (Step first = 0; first < 30; first += 3) {
    for (Step t = first; t < first + 3; ++t) {
      traffic.emit(t);
      for (std::size_t c = 0; c < 3; ++c) {
        const auto own = layout.of_this_rank(sizes[c]);
        std::fill_n(rings[c].row(t), sizes[c], -1.0);
        for (auto k = own.begin; k < own.end; ++k) rings[c].row(t)[k] = value(c, t, k);
      }
    }
    exchange.run(first, first + 3);
    for (Step t = first; t < first + 3; ++t) {
      for (std::size_t c = 0; c < 3; ++c) {
        for (std::uint32_t k = 0; k < sizes[c]; ++k) {
          const bool known = reads(c, comm.rank()) || layout.of_this_rank(sizes[c]).contains(k);
          EXPECT_EQ(rings[c].row(t)[k], known ? value(c, t, k) : -1.0) << c << " " << t << " " << k;
        }
      }
    }
  }
}

}  // namespace eprop::exchange
