#include "support/options.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

namespace eprop::examples {
namespace {

class OptionsTest : public ::testing::Test {
 protected:
  // Nothing else runs while a test changes the environment.
  // NOLINTBEGIN(concurrency-mt-unsafe)
  static void set_environment(const char* threads) { setenv("OMP_NUM_THREADS", threads, 1); }
  static void clear_environment() { unsetenv("OMP_NUM_THREADS"); }
  // NOLINTEND(concurrency-mt-unsafe)

  void SetUp() override {
    clear_environment();
    options.iterations = 200;
    add_shared_options(app, options);
    add_option(app, "--gain", gain, "factor of its own", "FACTOR");
  }
  void TearDown() override { clear_environment(); }

  std::optional<int> parse_words(std::vector<const char*> words, bool print = true) {
    words.insert(words.begin(), "./sine");
    return parse(app, options, static_cast<int>(words.size()), words.data(), print);
  }

  /// What parsing `words`, which must fail with exit code 2, writes to stderr.
  std::string error_of(const std::vector<const char*>& words) {
    ::testing::internal::CaptureStderr();
    EXPECT_EQ(parse_words(words), 2);
    return ::testing::internal::GetCapturedStderr();
  }

  CLI::App app{"Draws a sine.", "sine"};
  Options options;
  double gain = 0.25;
};

TEST_F(OptionsTest, KeepTheDefaultsOfTheExample) {
  EXPECT_EQ(parse_words({}), std::nullopt);
  EXPECT_EQ(options.iterations, 200);
  EXPECT_EQ(options.threads, 1);
  EXPECT_TRUE(options.record);
  EXPECT_EQ(options.resume, "");
}

TEST_F(OptionsTest, AreReadFromTheCommandLine) {
  EXPECT_EQ(parse_words({"--iterations",
                         "7",
                         "--batch-size=3",
                         "--seed",
                         "4294967295",
                         "--threads",
                         "2",
                         "--output",
                         "a/b.h5",
                         "--no-record",
                         "--checkpoint-every",
                         "10",
                         "--checkpoint-minutes",
                         "0.25",
                         "--checkpoint-dir",
                         "c",
                         "--resume",
                         "d",
                         "--quiet",
                         "--gain",
                         "0.5"}),
            std::nullopt);
  EXPECT_EQ(options.iterations, 7);
  EXPECT_EQ(options.batch_size, 3);
  EXPECT_EQ(options.seed, 4294967295u);
  EXPECT_EQ(options.threads, 2);
  EXPECT_EQ(options.output, "a/b.h5");
  EXPECT_FALSE(options.record);
  EXPECT_EQ(options.checkpoint_every, 10);
  EXPECT_EQ(options.checkpoint_minutes, 0.25);
  EXPECT_EQ(options.checkpoint_dir, "c");
  EXPECT_EQ(options.resume, "d");
  EXPECT_TRUE(options.quiet);
  EXPECT_EQ(gain, 0.5);
}

TEST_F(OptionsTest, LeadingZeroIsDecimal) {
  EXPECT_EQ(parse_words({"--iterations", "010"}), std::nullopt);
  EXPECT_EQ(options.iterations, 10);
}

TEST_F(OptionsTest, LastOfRecordAndNoRecordHolds) {
  EXPECT_EQ(parse_words({"--no-record", "--record"}), std::nullopt);
  EXPECT_TRUE(options.record);
  EXPECT_EQ(parse_words({"--record", "--no-record"}), std::nullopt);
  EXPECT_FALSE(options.record);
}

TEST_F(OptionsTest, ErrorsAreOneLineThatNamesOptionValueAndRule) {
  EXPECT_EQ(error_of({"--iterations", "-1"}),
            "sine: error: --iterations: must be a whole number of at least 0, not '-1' "
            "(see --help)\n");
  EXPECT_EQ(error_of({"--batch-size", "0"}),
            "sine: error: --batch-size: must be a whole number of at least 1, not '0' "
            "(see --help)\n");
  EXPECT_EQ(error_of({"--iterations", "99999999999999999999"}),
            "sine: error: --iterations: must be at most 9223372036854775807, not "
            "'99999999999999999999' (see --help)\n");
  EXPECT_EQ(error_of({"--seed", "4294967296"}),
            "sine: error: --seed: must be a whole number from 0 to 4294967295, not '4294967296' "
            "(see --help)\n");
  EXPECT_EQ(error_of({"--checkpoint-minutes", "-0.5"}),
            "sine: error: --checkpoint-minutes: must be a number of at least 0, not '-0.5' (see "
            "--help)\n");
  EXPECT_EQ(error_of({"--output", ""}),
            "sine: error: --output: must be a path, not '' (see --help)\n");
  EXPECT_EQ(error_of({"--bogus"}),
            "sine: error: The following argument was not expected: --bogus (see --help)\n");
}

TEST_F(OptionsTest, OtherRanksReturnTheSameCodeSilently) {
  ::testing::internal::CaptureStderr();
  ::testing::internal::CaptureStdout();
  EXPECT_EQ(parse_words({"--bogus"}, false), 2);
  EXPECT_EQ(parse_words({"--help"}, false), 0);
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
  EXPECT_EQ(::testing::internal::GetCapturedStdout(), "");
}

TEST_F(OptionsTest, HelpGivesUnitAndDefault) {
  ::testing::internal::CaptureStdout();
  EXPECT_EQ(parse_words({"--help"}), 0);
  const std::string help = ::testing::internal::GetCapturedStdout();
  for (const char* expected :
       {"Draws a sine.", "--iterations ITERATIONS", "training iterations [default: 200]",
        "--batch-size SAMPLES", "OpenMP threads per MPI rank [default: OMP_NUM_THREADS, else 1]",
        "--record, --no-record", "[default: --record]", "--gain FACTOR",
        "factor of its own [default: 0.25]"}) {
    EXPECT_NE(help.find(expected), std::string::npos) << expected << " is missing in\n" << help;
  }
}

TEST_F(OptionsTest, ThreadsComeFromTheFirstNumberOfTheEnvironment) {
  set_environment(" 4 ,2");
  EXPECT_EQ(parse_words({}), std::nullopt);
  EXPECT_EQ(options.threads, 4);
}

TEST_F(OptionsTest, ThreadsOptionOverridesTheEnvironment) {
  set_environment("many");
  EXPECT_EQ(parse_words({"--threads", "3"}), std::nullopt);
  EXPECT_EQ(options.threads, 3);
}

TEST_F(OptionsTest, InvalidEnvironmentIsRefused) {
  for (const char* setting : {"many", "0", ",2", "2x"}) {
    set_environment(setting);
    EXPECT_NE(error_of({}).find("environment variable OMP_NUM_THREADS: must be a whole number"),
              std::string::npos)
        << setting;
  }
}

}  // namespace
}  // namespace eprop::examples
