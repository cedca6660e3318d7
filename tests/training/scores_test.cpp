#include "training/scores.hpp"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace eprop::training {
namespace {

class TwoReadouts final : public Task {
 public:
  explicit TwoReadouts(Loss loss) : Task({}) {
    EpropReadoutBsshslm2020 readout;
    readout.loss = loss;
    out = network.add("out", 2, readout);
    sequence = window = 4;
  }
  std::vector<Sample> next(Phase) override { return {}; }
};

IntervalLoss sample(std::vector<double> squared, std::vector<double> entropy,
                    std::vector<double> readout) {
  return {std::move(squared), std::move(entropy), std::move(readout), {}};
}

const std::vector<IntervalLoss> samples{sample({1.0, 2.0}, {3.0, 5.0}, {0.1, 0.9}),
                                        sample({4.0, 6.0}, {1.0, 1.0}, {0.7, 0.7})};

TEST(Scores, HalveTheSquaredErrorAndAverageItOverReadoutsAndSamples) {
  const TwoReadouts task(Loss::mean_squared_error);
  const auto [loss, error] = score(task, samples, std::array{0, 0});
  EXPECT_EQ(loss, (0.5 * 3.0 / 2 + 0.5 * 10.0 / 2) / 2);
  EXPECT_EQ(error, 0.0);
}

TEST(Scores, AverageTheCrossEntropyOverTheStepsThatAreJudged) {
  const TwoReadouts task(Loss::cross_entropy);
  EXPECT_EQ(score(task, samples, std::array{0, 0}).loss, (8.0 / 4 + 2.0 / 4) / 2);
}

TEST(Scores, AreTheFractionOfWrongPredictionsWhereTheTaskClassifies) {
  TwoReadouts task(Loss::cross_entropy);
  task.classifies = true;
  EXPECT_EQ(score(task, samples, std::array{1, 0}).error, 0.0);
  EXPECT_EQ(score(task, samples, std::array{0, 0}).error, 0.5);
  EXPECT_EQ(score(task, samples, std::array{0, 1}).error, 1.0);
}

TEST(Scores, PredictTheFirstOfTheLargestReadouts) {
  EXPECT_EQ(predicted_class(samples[0]), 1U);
  EXPECT_EQ(predicted_class(samples[1]), 0U);
}

TEST(Scores, CountPredictionsByLabel) {
  std::vector<std::int64_t> confusion{0, 10, 0, 0};
  count_predictions(samples, std::array{0, 1}, confusion);
  EXPECT_EQ(confusion, (std::vector<std::int64_t>{0, 11, 1, 0}));
}

}  // namespace
}  // namespace eprop::training
