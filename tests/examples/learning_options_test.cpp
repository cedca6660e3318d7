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

TEST_F(LearningOptionsTest, RefuseWeightsFromTwoFiles) {
  EXPECT_EQ(error_of({"--initial-weights", "a.h5", "--resume", "b.ckpt"}),
            "sine: error: --initial-weights: must not be given with --resume: the checkpoint "
            "brings the weights (see --help)\n");
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
  for (const char* expected : {"--eta RATE", "[default: 0.005]", "--eta-decay FACTOR",
                               "[default: 1]", "--initial-weights FILE"}) {
    EXPECT_NE(help.find(expected), std::string::npos) << expected << " is missing in\n" << help;
  }
}

}  // namespace
}  // namespace eprop::examples
