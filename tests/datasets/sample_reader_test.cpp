#include "eprop/sample_reader.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <limits>
#include <thread>

#include "datasets/require_sample.hpp"
#include "datasets/sample_order.hpp"
#include "eprop/datasets/digits.hpp"
#include "eprop/errors.hpp"
#include "message_of.hpp"
#include "refusal.hpp"

namespace eprop {
namespace {

using std::chrono::milliseconds;
using testing::refusal;

constexpr std::size_t nowhere = std::numeric_limits<std::size_t>::max();

/// Sample i is a spike in step i; one sample is broken.
class NumberedSamples : public Dataset {
 public:
  explicit NumberedSamples(std::size_t broken = nowhere, milliseconds delay = {})
      : broken_(broken), delay_(delay) {}

  std::size_t size() const override { return 200; }
  std::uint32_t channels() const override { return 1; }
  std::uint32_t classes() const override { return 10; }
  std::uint32_t label(std::size_t index) const override {
    datasets::require_sample(*this, index);
    return static_cast<std::uint32_t>(index % 10);
  }
  std::vector<ChannelSpike> spikes(std::size_t index) const override {
    ++reads;
    std::this_thread::sleep_for(delay_);
    if (index == broken_) {
      throw DatasetError("sample " + std::to_string(index) + " is broken");
    }
    return {{static_cast<double>(index), 0}};
  }

  mutable std::atomic<std::size_t> reads{0};

 private:
  std::size_t broken_;
  milliseconds delay_;
};

const InputEncoding encoding{ChannelMap::all(1), {.duration = 200.0, .steps = 200}};

std::vector<std::size_t> indices(const std::vector<EncodedSample>& batch) {
  std::vector<std::size_t> result;
  for (const EncodedSample& sample : batch) result.push_back(sample.index);
  return result;
}

/// All batches, as indices, by so many threads.
std::vector<std::vector<std::size_t>> read_all(ReaderOptions options, std::size_t threads) {
  options.threads = threads;
  SampleReader reader(std::make_shared<NumberedSamples>(), encoding, options);
  std::vector<std::vector<std::size_t>> batches;
  for (auto batch = reader.next(); !batch.empty(); batch = reader.next()) {
    batches.push_back(indices(batch));
  }
  EXPECT_TRUE(reader.next().empty());
  return batches;
}

TEST(SampleReader, HandsOutBatchesInSequence) {
  SampleReader reader(std::make_shared<NumberedSamples>(), encoding,
                      {.samples = 5, .batch = 2, .order = SampleOrder::in_sequence});
  const auto first = reader.next();
  EXPECT_EQ(indices(first), (std::vector<std::size_t>{0, 1}));
  EXPECT_EQ(first.at(1).label, 1U);
  EXPECT_EQ(first.at(1).input.spikes, (std::vector<std::vector<Step>>{{2}}));
  EXPECT_EQ(indices(reader.next()), (std::vector<std::size_t>{2, 3}));
  EXPECT_EQ(indices(reader.next()), (std::vector<std::size_t>{4}));
  EXPECT_TRUE(reader.next().empty());
  EXPECT_TRUE(reader.next().empty());
}

TEST(SampleReader, GoesOnEpochAfterEpochInTheShuffledOrder) {
  const auto order = datasets::sample_order(SampleOrder::shuffled, 9, 200, 0, 500);
  std::vector<std::size_t> read;
  for (const auto& batch : read_all({.samples = 500, .batch = 7, .seed = 9}, 1)) {
    read.insert(read.end(), batch.begin(), batch.end());
  }
  EXPECT_EQ(read, order);
}

TEST(SampleReader, GivesTheSameWithAnyNumberOfThreads) {
  const ReaderOptions options{.samples = 300, .batch = 4, .batches_ahead = 5};
  const auto one = read_all(options, 1);
  EXPECT_EQ(read_all(options, 3), one);
  EXPECT_EQ(read_all(options, 8), one);
}

TEST(SampleReader, OfNothingEndsAtOnce) { EXPECT_TRUE(read_all({.samples = 0}, 2).empty()); }

TEST(SampleReader, TakesBatchesLargerThanAllSamples) {
  EXPECT_EQ(read_all({.samples = 3, .batch = nowhere}, 1).at(0).size(), 3U);
}

TEST(SampleReader, GivesWhatTheEncodingGives) {
  const auto data = datasets::drawn_digits(1, 40, 10).training;
  const StepGrid grid{.duration = datasets::digit_duration, .steps = 300};
  const InputEncoding digits{select_active_channels(*data, grid), grid};
  SampleReader reader(data, digits, {.samples = 20, .batch = 7, .threads = 2});
  for (auto batch = reader.next(); !batch.empty(); batch = reader.next()) {
    for (const EncodedSample& sample : batch) {
      EXPECT_EQ(sample.label, data->label(sample.index));
      EXPECT_EQ(sample.input.spikes, digits.encode(data->spikes(sample.index)).spikes);
    }
  }
}

TEST(SampleReader, ReadsAheadButNotWithoutBound) {
  const auto data = std::make_shared<NumberedSamples>();
  SampleReader reader(data, encoding,
                      {.samples = 100, .batch = 5, .batches_ahead = 2, .threads = 3});
  const auto waits_for = [&](std::size_t reads) {
    for (int i = 0; i < 2000 && data->reads < reads; ++i) {
      std::this_thread::sleep_for(milliseconds(1));
    }
    return data->reads >= reads;
  };
  EXPECT_TRUE(waits_for(10));
  std::this_thread::sleep_for(milliseconds(50));
  EXPECT_EQ(data->reads, 10U);
  (void)reader.next();
  EXPECT_TRUE(waits_for(15));
}

TEST(SampleReader, ErrorComesInPlaceOfItsBatchAndStays) {
  SampleReader reader(std::make_shared<NumberedSamples>(13), encoding,
                      {.samples = 40, .batch = 5, .order = SampleOrder::in_sequence, .threads = 2});
  EXPECT_FALSE(reader.next().empty());
  EXPECT_FALSE(reader.next().empty());
  for (int call = 0; call < 2; ++call) {
    EXPECT_EQ(testing::message_of<DatasetError>([&] { (void)reader.next(); }),
              "sample 13 is broken");
  }
}

TEST(SampleReader, MayBeDestroyedAtAnyMoment) {
  const auto data = std::make_shared<NumberedSamples>(nowhere, milliseconds(1));
  for (int round = 0; round < 20; ++round) {  // while it reads, waits for room, or both
    SampleReader reader(data, encoding, {.samples = 200, .batch = 2, .threads = 2});
    if (round % 2 == 1) (void)reader.next();
    std::this_thread::sleep_for(milliseconds(round));
  }
  data->reads = 0;
  { const SampleReader reader(data, encoding, {.samples = 200, .batch = 100}); }
  EXPECT_LT(data->reads, 100U);  // not even the first batch was finished
}

TEST(SampleReader, RefusesWhatIsMissingOrNotPositive) {
  const auto error = [](std::shared_ptr<const Dataset> data, const ReaderOptions& options) {
    return refusal([&] { SampleReader(std::move(data), encoding, options); });
  };
  const auto data = std::make_shared<NumberedSamples>();
  EXPECT_EQ(error(nullptr, {}), "sample reader: dataset = none: must be given");
  EXPECT_EQ(error(data, {.batch = 0}), "sample reader: batch = 0: must be at least 1");
  EXPECT_NE(error(data, {.batches_ahead = 0}), "");
  EXPECT_NE(error(data, {.threads = 0}), "");
  EXPECT_NE(error(std::make_shared<MemoryDataset>(1, 1, std::vector<LabelledSpikes>{}), {}), "");
  const std::vector<LabelledSpikes> one(1);
  EXPECT_EQ(error(std::make_shared<MemoryDataset>(2, 1, one), {}),
            "sample reader: channels of the encoding = 1: must be those of the data set, 2");
}

}  // namespace
}  // namespace eprop
