#include "support/progress.hpp"

#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "support/progress_format.hpp"

namespace eprop::examples {
namespace {

ProgressState state_at(std::int64_t iteration, std::int64_t total = 200) {
  ProgressState state;
  state.iteration = iteration;
  state.total = total;
  state.model_time = 1000.0 * static_cast<double>(iteration);
  state.loss = 83.2149;
  return state;
}

TEST(ProgressFormat, DurationsTurnToHours) {
  EXPECT_EQ(format_duration(0.4), "0:00");
  EXPECT_EQ(format_duration(12.0), "0:12");
  EXPECT_EQ(format_duration(59.6), "1:00");
  EXPECT_EQ(format_duration(3723.0), "1:02:03");
}

TEST(ProgressFormat, BarFillsUp) {
  EXPECT_EQ(format_bar(0, 200, 10), "[>         ]");
  EXPECT_EQ(format_bar(110, 200, 10), "[=====>    ]");
  EXPECT_EQ(format_bar(200, 200, 10), "[==========]");
  EXPECT_EQ(format_bar(0, 0, 10), "[==========]");
}

TEST(ProgressFormat, PaceLeavesOutTheIterationsOfAnEarlierRun) {
  const Pace resumed = pace(state_at(150), 100, 5.0);
  EXPECT_DOUBLE_EQ(resumed.seconds_per_iteration, 0.1);
  EXPECT_DOUBLE_EQ(resumed.remaining, 5.0);
}

TEST(ProgressFormat, LogLineHoldsEverythingKnown) {
  const ProgressState state = state_at(57);
  EXPECT_EQ(log_line("sine_waves", state, {0.0019, 12.0}),
            "sine_waves  57/200  loss 83.21  model time 57.0 s  1.9 ms/iteration  ETA 0:12");
  ProgressState classified = state;
  classified.error = 0.28125;
  classified.phase = "validation";
  EXPECT_EQ(log_line("evidence", classified, {12.34, 3600.0}),
            "evidence  57/200  validation  loss 83.21  error 0.281  model time 57.0 s  "
            "12.3 s/iteration  ETA 1:00:00");
  EXPECT_EQ(log_line("sine_waves", state, {}), "sine_waves  57/200  loss 83.21  model time 57.0 s");
}

TEST(ProgressFormat, BarLineShrinksWithTheTerminal) {
  const ProgressState state = state_at(57);
  const Pace speed{0.0019, 12.0};
  const auto line = [&](std::size_t columns) { return bar_line("sine", state, speed, columns); };
  EXPECT_EQ(line(100),
            "sine  [==>       ] 57/200  loss 83.21  model time 57.0 s  1.9 ms/iteration  ETA 0:12");
  EXPECT_EQ(line(80), "sine  [==>       ] 57/200  loss 83.21  model time 57.0 s  ETA 0:12");
  EXPECT_EQ(line(60), "sine  [==>       ] 57/200  loss 83.21  ETA 0:12");
  EXPECT_EQ(line(40), "sine  57/200  loss 83.21  ETA 0:12");
  EXPECT_EQ(line(10), "sine  57/2");
}

TEST(ProgressFormat, SummaryIsOneLine) {
  EXPECT_EQ(summary_line("sine", 200, 10.0, {{"deliver spikes", 4.21}, {"record", 0.1}}),
            "sine  done: 200 iterations in 10.0 s (deliver spikes 4.2 s 42 %, record 0.1 s 1 %)");
  EXPECT_EQ(summary_line("sine", 200, 10.0, {{"record", 0.1}}, 0.971),
            "sine  done: 200 iterations in 10.0 s (record 0.1 s 1 %), 97 % of steps on one thread");
  EXPECT_EQ(summary_line("sine", 1, 0.0, {}), "sine  done: 1 iteration in 0.0 s");
}

class ProgressTest : public ::testing::Test {
 protected:
  ProgressSurface surface(bool terminal) {
    return {&stream, terminal, [] { return 61; }, [this] { return now; }};
  }

  std::ostringstream stream;
  double now = 100.0;  // s
};

TEST_F(ProgressTest, LogShowsFirstLastAndALineEveryFiveSeconds) {
  Progress progress("sine", false, 0, surface(false));
  for (int iteration = 1; iteration <= 10; ++iteration) {
    now += 2.0;
    progress.update(state_at(iteration, 10));
  }
  EXPECT_EQ(stream.str(),
            "sine  1/10  loss 83.21  model time 1.0 s  2.0 s/iteration  ETA 0:18\n"
            "sine  4/10  loss 83.21  model time 4.0 s  2.0 s/iteration  ETA 0:12\n"
            "sine  7/10  loss 83.21  model time 7.0 s  2.0 s/iteration  ETA 0:06\n"
            "sine  10/10  loss 83.21  model time 10.0 s  2.0 s/iteration  ETA 0:00\n");
}

TEST_F(ProgressTest, FinishShowsTheLastStateOfARunThatStoppedEarly) {
  Progress progress("sine", false, 0, surface(false));
  for (int iteration = 1; iteration <= 2; ++iteration) {
    now += 0.5;
    progress.update(state_at(iteration));
  }
  stream.str("");
  progress.finish({{"record", 0.1}});
  progress.finish({});
  progress.update(state_at(3));
  EXPECT_EQ(stream.str(),
            "sine  2/200  loss 83.21  model time 2.0 s  500 ms/iteration  ETA 1:39\n"
            "sine  done: 2 iterations in 1.0 s (record 0.1 s 10 %)\n");
}

TEST_F(ProgressTest, TerminalLineIsDrawnOverTenTimesASecondAtMost) {
  Progress progress("sine", false, 0, surface(true));
  for (int iteration = 1; iteration <= 4; ++iteration) {
    now += 0.0625;
    progress.update(state_at(iteration));
  }
  EXPECT_EQ(stream.str(),
            "\rsine  [>         ] 1/200  loss 83.21  ETA 0:12"
            "\rsine  [>         ] 3/200  loss 83.21  ETA 0:12");
}

TEST_F(ProgressTest, TerminalLineLeavesNothingOfALongerOne) {
  Progress progress("sine", false, 0, surface(true));
  now += 1000.0;
  progress.update(state_at(1, 2));
  stream.str("");
  now += 1.0;
  progress.update(state_at(2, 2));
  progress.finish({});
  EXPECT_EQ(stream.str(),
            "\rsine  [==========] 2/2  loss 83.21  ETA 0:00 \n"
            "sine  done: 2 iterations in 1001.0 s\n");
}

TEST_F(ProgressTest, AbandonedTerminalLineIsEnded) {
  {
    Progress progress("sine", false, 0, surface(true));
    now += 1.0;
    progress.update(state_at(1));
  }
  EXPECT_EQ(stream.str().back(), '\n');
}

TEST_F(ProgressTest, QuietShowsNothing) {
  Progress progress("sine", true, 0, surface(true));
  now += 1.0;
  progress.update(state_at(200));
  progress.finish({{"record", 0.1}});
  EXPECT_EQ(stream.str(), "");
}

}  // namespace
}  // namespace eprop::examples
