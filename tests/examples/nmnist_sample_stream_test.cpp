#include "neuromorphic_mnist_data/sample_stream.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <limits>
#include <numeric>

#include "message_of.hpp"
#include "neuromorphic_mnist_data/sample_order.hpp"
#include "neuromorphic_mnist_data/synthetic_nmnist.hpp"

namespace eprop::examples {
namespace {

constexpr std::size_t nowhere = std::numeric_limits<std::size_t>::max();

/// Sample i is one event in step i; one sample is broken.
class NumberedSamples : public Dataset {
 public:
  explicit NumberedSamples(std::size_t broken = nowhere, std::chrono::milliseconds delay = {})
      : broken_(broken), delay_(delay) {}

  std::size_t size(Split) const override { return 200; }
  int label(Split split, std::size_t index) const override {
    check_sample_index(split, index, size(split));
    return static_cast<int>(index % 10);
  }
  std::vector<Event> events(Split, std::size_t index) const override {
    ++reads;
    std::this_thread::sleep_for(delay_);
    if (index == broken_)
      throw std::runtime_error("sample " + std::to_string(index) + " is broken");
    return {{0, 0, false, static_cast<std::uint32_t>(index * recording_us / recording_steps)}};
  }

  mutable std::atomic<std::size_t> reads{0};

 private:
  std::size_t broken_;
  std::chrono::milliseconds delay_;
};

ChannelMap every_channel() { return ChannelMap(std::vector<bool>(channel_count, true)); }

std::vector<std::size_t> indices(const SampleGroup& group) {
  std::vector<std::size_t> result;
  for (const EncodedSample& sample : group) result.push_back(sample.index);
  return result;
}

std::vector<std::size_t> counting(std::size_t count) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  return order;
}

TEST(SampleStream, HandsOutTheOrderInGroups) {
  const auto data = std::make_shared<NumberedSamples>();
  SampleStream stream(data, Split::train, every_channel(), {5, 3, 3, 7, 0}, {.group_size = 2});
  const auto first = stream.next();
  ASSERT_TRUE(first);
  EXPECT_EQ(indices(*first), (std::vector<std::size_t>{5, 3}));
  EXPECT_EQ(first->at(0).label, 5);
  EXPECT_EQ(first->at(0).spikes, (std::vector<InputSpike>{{5, 0}}));
  EXPECT_EQ(indices(stream.next().value()), (std::vector<std::size_t>{3, 7}));
  EXPECT_EQ(indices(stream.next().value()), (std::vector<std::size_t>{0}));
  EXPECT_FALSE(stream.next());
  EXPECT_FALSE(stream.next());
}

TEST(SampleStream, CountsEventsBeyondTheSequence) {
  SampleStream stream(std::make_shared<NumberedSamples>(), Split::train, every_channel(),
                      {49, 50, 199}, {.sequence_steps = 50});
  const auto group = stream.next().value();
  EXPECT_EQ(group.at(0).late_events, 0U);
  EXPECT_EQ(group.at(1).late_events, 1U);
  EXPECT_EQ(group.at(2).late_events, 1U);
  EXPECT_TRUE(group.at(2).spikes.empty());
}

TEST(SampleStream, OfNothingEndsAtOnce) {
  SampleStream stream(std::make_shared<NumberedSamples>(), Split::train, every_channel(), {});
  EXPECT_FALSE(stream.next());
}

TEST(SampleStream, GroupMayBeLargerThanTheOrder) {
  SampleStream stream(std::make_shared<NumberedSamples>(), Split::train, every_channel(),
                      counting(3), {.group_size = nowhere});
  EXPECT_EQ(stream.next().value().size(), 3U);
  EXPECT_FALSE(stream.next());
}

TEST(SampleStream, GivesWhatDirectEncodingGives) {
  const auto data = std::make_shared<SyntheticNmnist>(1, 40, 10);
  const ChannelMap map = select_active_channels(*data);
  const auto order = sample_order(4, 40, 0, 60);
  SampleStream stream(data, Split::train, map, order, {.group_size = 7});
  std::size_t position = 0;
  while (const auto group = stream.next()) {
    for (const EncodedSample& sample : *group) {
      ASSERT_EQ(sample.index, order.at(position++));
      EXPECT_EQ(sample.label, data->label(Split::train, sample.index));
      EXPECT_EQ(sample.spikes, encode(data->events(Split::train, sample.index), map));
    }
  }
  EXPECT_EQ(position, order.size());
}

TEST(SampleStream, ReadsAheadButNotWithoutBound) {
  const auto data = std::make_shared<NumberedSamples>();
  SampleStream stream(data, Split::train, every_channel(), counting(100),
                      {.group_size = 5, .groups_ahead = 2});
  const auto waits_for = [&](std::size_t reads) {
    for (int i = 0; i < 2000 && data->reads < reads; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return data->reads >= reads;
  };
  EXPECT_TRUE(waits_for(15));  // two groups wait, a third is in the reader's hands
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_EQ(data->reads, 15U);
  stream.next();
  EXPECT_TRUE(waits_for(20));
}

TEST(SampleStream, ErrorComesInPlaceOfItsGroupAndStays) {
  SampleStream stream(std::make_shared<NumberedSamples>(13), Split::train, every_channel(),
                      counting(40), {.group_size = 5});
  EXPECT_TRUE(stream.next());
  EXPECT_TRUE(stream.next());
  for (int call = 0; call < 2; ++call) {
    EXPECT_EQ(testing::message_of<std::runtime_error>([&] { stream.next(); }),
              "sample 13 is broken");
  }
}

TEST(SampleStream, IndexBeyondTheSetIsAnError) {
  SampleStream stream(std::make_shared<NumberedSamples>(), Split::test, every_channel(), {200});
  EXPECT_EQ(testing::message_of<std::out_of_range>([&] { stream.next(); }),
            "test sample 200: the index must be below the set's size 200");
}

TEST(SampleStream, MayBeDestroyedAtAnyMoment) {
  using std::chrono::milliseconds;
  const auto data = std::make_shared<NumberedSamples>(nowhere, milliseconds(1));
  for (int round = 0; round < 20; ++round) {  // while it reads, waits for room, or both
    SampleStream stream(data, Split::train, every_channel(), counting(200), {.group_size = 2});
    if (round % 2 == 1) stream.next();
    std::this_thread::sleep_for(milliseconds(round));
  }
  data->reads = 0;
  { SampleStream stream(data, Split::train, every_channel(), counting(200)); }
  EXPECT_LT(data->reads, 100U);  // not even the first group was finished
}

TEST(SampleStream, RefusesWhatIsNotPositiveOrMissing) {
  const auto make = [](std::shared_ptr<const Dataset> data, const StreamOptions& options) {
    SampleStream(std::move(data), Split::train, every_channel(), {0}, options);
  };
  const auto data = std::make_shared<NumberedSamples>();
  EXPECT_THROW(make(nullptr, {}), std::invalid_argument);
  EXPECT_THROW(make(data, {.group_size = 0}), std::invalid_argument);
  EXPECT_THROW(make(data, {.groups_ahead = 0}), std::invalid_argument);
  EXPECT_THROW(make(data, {.sequence_steps = -1}), std::invalid_argument);
}

}  // namespace
}  // namespace eprop::examples
