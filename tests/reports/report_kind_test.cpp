#include "reports/report_kind.hpp"

#include <gtest/gtest.h>

#include "distributed_test.hpp"
#include "refusal.hpp"
#include "reported_rank.hpp"
#include "scratch_file.hpp"

namespace eprop::reports {
namespace {

/// A kind that shows what it has.
struct Kind : ReportKind {
  using ReportKind::dt;
  using ReportKind::file;
  using ReportKind::ReportKind;
  using ReportKind::steps_in;
  using ReportKind::time;
};

}  // namespace

DISTRIBUTED_TEST(ReportKind, CountsStepsInTheTimeOfItsNetwork, RANKS(1)) {
  const testing::ReportedRank reported(comm);
  const Kind kind(reported.context);
  EXPECT_EQ(kind.dt(), 0.5);
  EXPECT_EQ(kind.time(7), 3.5);
  const auto steps = kind.steps_in({.start = 2.0, .stop = 5.0, .interval = 1.5}, "thing");
  EXPECT_EQ(steps.first, 6);  // ends at 3.5 ms
  EXPECT_EQ(steps.last, 10);
  EXPECT_EQ(steps.every.value(), 3);
}

DISTRIBUTED_TEST(ReportKind, RefusesWindowsWithoutTime, RANKS(1)) {
  const testing::ReportedRank reported(comm);
  const Kind kind(reported.context);
  const auto refusal = [&](const RecordingWindow& window) {
    return testing::refusal([&] { (void)kind.steps_in(window, "thing"); });
  };
  EXPECT_EQ(refusal({}), "");
  EXPECT_EQ(refusal({.start = 2.0, .stop = 2.5}), "");
  EXPECT_EQ(refusal({.start = 2.0, .stop = 2.0}),
            "thing: recording stop = 2 ms: must be above recording start = 2 ms");
  EXPECT_EQ(refusal({.start = 2.0, .stop = 1.0}),
            "thing: recording stop = 1 ms: must be above recording start = 2 ms");
  EXPECT_EQ(refusal({.start = 2.0, .stop = 2.0, .interval = 1.5}),
            "thing: recording stop = 2 ms: must be above recording start = 2 ms");
  // Too short for its interval: what that means, each kind says itself.
  EXPECT_EQ(refusal({.start = 2.0, .stop = 2.5, .interval = 1.5}), "");
  EXPECT_NE(refusal({.start = 0.3}), "");
}

DISTRIBUTED_TEST(ReportKind, GoesToTheOutputFileIfThereIsOne, RANKS(1, 2)) {
  testing::ReportedRank reported(comm);
  Kind kind(reported.context);
  EXPECT_EQ(kind.file(), nullptr);
  const testing::ScratchFile scratch(comm);
  reported.output.create(scratch.path(), false);
  EXPECT_EQ(kind.file(), reported.output.file());
  reported.output.close();
}

}  // namespace eprop::reports
