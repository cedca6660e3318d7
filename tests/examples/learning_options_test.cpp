#include "support/learning_options.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "scratch_folder.hpp"

namespace eprop::examples {
namespace {

class LearningOptionsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    options.eta = 5e-3;
    add_shared_options(app, options);
  }

  std::optional<int> parse_words(std::vector<const char*> words) {
    words.insert(words.begin(), "./sine");
    return parse(app, options, static_cast<int>(words.size()), words.data(), true);
  }

  /// What parsing `words`, which must fail with exit code 2, writes to stderr.
  std::string error_of(const std::vector<const char*>& words) {
    ::testing::internal::CaptureStderr();
    EXPECT_EQ(parse_words(words), 2);
    return ::testing::internal::GetCapturedStderr();
  }

  CLI::App app{"Draws a sine.", "sine"};
  Options options;
};

TEST_F(LearningOptionsTest, KeepTheDefaultsOfTheExample) {
  EXPECT_EQ(parse_words({}), std::nullopt);
  EXPECT_EQ(options.eta, 5e-3);
  EXPECT_EQ(options.eta_decay, 1.0);
  EXPECT_EQ(options.initial_weights, "");
}

TEST_F(LearningOptionsTest, AreReadToTheBit) {
  // Rounded to extended precision first, this would become 1.
  EXPECT_EQ(parse_words({"--eta", "1.00000000000000011102230246251565405", "--eta-decay=9.5e-1",
                         "--initial-weights", "a.h5"}),
            std::nullopt);
  EXPECT_EQ(options.eta, 1.00000000000000011102230246251565405);
  EXPECT_EQ(options.eta_decay, 0.95);
  EXPECT_EQ(options.initial_weights, "a.h5");
}

TEST_F(LearningOptionsTest, AcceptTheLimits) {
  EXPECT_EQ(parse_words({"--eta", "0", "--eta-decay", "1"}), std::nullopt);
  EXPECT_EQ(options.eta, 0.0);
  EXPECT_EQ(options.eta_decay, 1.0);
}

TEST_F(LearningOptionsTest, RefuseWhatIsNoRate) {
  for (const char* eta : {"-0.1", "nan", "inf", "fast", "", "0.1x", "1e999"}) {
    EXPECT_EQ(error_of({"--eta", eta}),
              fmt::format("sine: error: --eta: must be a number of at least 0, not '{}' (see "
                          "--help)\n",
                          eta));
  }
}

TEST_F(LearningOptionsTest, RefuseWhatIsNoDecay) {
  for (const char* decay : {"0", "-0.5", "1.01", "nan", "slow"}) {
    EXPECT_EQ(error_of({"--eta-decay", decay}),
              fmt::format("sine: error: --eta-decay: must be a number above 0 and at most 1, not "
                          "'{}' (see --help)\n",
                          decay));
  }
}

/// The course of the learning rate that these words ask for, training iteration by iteration.
class LearningRateOptionsTest : public LearningOptionsTest {
 protected:
  std::vector<double> rates_of(std::vector<const char*> words, std::int64_t iterations) {
    for (const char* word : {"4", "--eta"}) words.insert(words.begin(), word);
    EXPECT_EQ(parse_words(words), std::nullopt);
    std::vector<double> rates;
    for (std::int64_t n = 0; n < iterations; ++n) {
      rates.push_back(learning_rate(learning_rates(options), n));
    }
    return rates;
  }
  void expect_refusal(const std::vector<const char*>& words, const std::string& message) {
    EXPECT_EQ(error_of(words), "sine: error: " + message + " (see --help)\n");
  }
};

using Rates = std::vector<double>;

TEST_F(LearningRateOptionsTest, DecayExponentiallyUnlessToldOtherwise) {
  EXPECT_EQ(rates_of({}, 3), (Rates{4, 4, 4}));
}

TEST_F(LearningRateOptionsTest, SetTheFactorAndTheFloorOfTheDecay) {
  EXPECT_EQ(rates_of({"--eta-decay", "0.5", "--lr-floor", "1.5"}, 3), (Rates{4, 2, 1.5}));
}

TEST_F(LearningRateOptionsTest, MayAskForAConstant) {
  EXPECT_EQ(rates_of({"--lr-schedule", "constant"}, 2), (Rates{4, 4}));
}

TEST_F(LearningRateOptionsTest, MayAskForSteps) {
  EXPECT_EQ(rates_of({"--lr-schedule", "step", "--eta-decay", "0.25", "--lr-step", "2"}, 4),
            (Rates{4, 4, 1, 1}));
}

TEST_F(LearningRateOptionsTest, MayAskForACosineThatEndsWithTheTraining) {
  const auto rates = rates_of(
      {"--lr-schedule", "cosine", "--lr-floor", "2", "--iterations", "7", "--lr-warm-up", "3"}, 8);
  EXPECT_EQ((Rates{rates[0], rates[1], rates[2], rates[3]}), (Rates{1, 2, 3, 4}));
  EXPECT_DOUBLE_EQ(rates[5], 3);  // half-way of the four iterations left
  EXPECT_EQ(rates[7], 2);
}

TEST_F(LearningRateOptionsTest, RefuseWhatTheScheduleDoesNotHave) {
  expect_refusal({"--lr-step", "5"},
                 "--lr-step: must not be given with --lr-schedule exponential, which has no steps");
  for (const char* schedule : {"constant", "cosine"}) {
    expect_refusal({"--lr-schedule", schedule, "--eta-decay", "0.5"},
                   fmt::format("--eta-decay: must not be given with --lr-schedule {}, which does "
                               "not decay by a factor",
                               schedule));
  }
  expect_refusal({"--lr-schedule", "constant", "--lr-floor", "0"},
                 "--lr-floor: must not be given with --lr-schedule constant, which does not fall");
}

TEST_F(LearningRateOptionsTest, RefuseStepsWithoutSizeOrLength) {
  expect_refusal({"--lr-schedule", "step", "--lr-step", "5"},
                 "--eta-decay: must be given with --lr-schedule step");
  expect_refusal({"--lr-schedule", "step", "--eta-decay", "0.5"},
                 "--lr-step: must be given with --lr-schedule step");
}

TEST_F(LearningRateOptionsTest, RefuseAFloorAboveTheRate) {
  expect_refusal({"--eta", "0.5", "--lr-floor", "0.75"},
                 "--lr-floor: must be at most --eta = 0.5, not 0.75");
}

TEST_F(LearningRateOptionsTest, RefuseAWarmUpThatLeavesNothingForTheCosine) {
  expect_refusal({"--lr-schedule", "cosine", "--iterations", "3", "--lr-warm-up", "3"},
                 "--lr-warm-up: must be below --iterations = 3 with --lr-schedule cosine, not 3");
}

TEST_F(LearningRateOptionsTest, RefuseWhatIsNoSchedule) {
  EXPECT_NE(error_of({"--lr-schedule", "linear"}).find("--lr-schedule: linear not in {"),
            std::string::npos);
  expect_refusal({"--lr-schedule", "step", "--lr-step", "0"},
                 "--lr-step: must be a whole number of at least 1, not '0'");
}

TEST_F(LearningOptionsTest, RefuseWeightsFromTwoFiles) {
  EXPECT_EQ(error_of({"--initial-weights", "a.h5", "--resume", "b.ckpt"}),
            "sine: error: --initial-weights: must not be given with --resume: the checkpoint "
            "brings the weights (see --help)\n");
  EXPECT_EQ(error_of({"--initial-weights", "a.h5", "--resume", "latest"}),
            error_of({"--initial-weights", "a.h5", "--resume", "b.ckpt"}));
}

TEST_F(LearningOptionsTest, StartWithWeightsWhereTrainingGoesOnByItself) {
  EXPECT_EQ(parse_words({"--initial-weights", "a.h5", "--resume", "auto"}), std::nullopt);
}

TEST_F(LearningOptionsTest, RefuseToReplaceTheFileWithTheWeights) {
  const testing::ScratchFolder folder;
  const std::string file = folder.path() / "weights.h5";
  std::ofstream(file) << "weights";
  const std::string same = folder.path() / "." / "weights.h5";
  EXPECT_EQ(error_of({"--initial-weights", same.c_str(), "--output", file.c_str()}),
            fmt::format("sine: error: --initial-weights: must not be the output file, '{}' (see "
                        "--help)\n",
                        file));
}

TEST_F(LearningOptionsTest, HelpGivesUnitAndDefault) {
  ::testing::internal::CaptureStdout();
  EXPECT_EQ(parse_words({"--help"}), 0);
  const std::string help = ::testing::internal::GetCapturedStdout();
  for (const char* expected :
       {"--eta RATE", "[default: 0.005]", "--eta-decay FACTOR", "[default: 1]",
        "--lr-schedule NAME", "[default: exponential]", "--lr-step ITERATIONS", "--lr-floor RATE",
        "[default: 0]", "--lr-warm-up ITERATIONS", "--initial-weights FILE"}) {
    EXPECT_NE(help.find(expected), std::string::npos) << expected << " is missing in\n" << help;
  }
}

}  // namespace
}  // namespace eprop::examples
