#include "plasticity/source_clock.hpp"
#include "plain_descent.hpp"

#include <gtest/gtest.h>

namespace eprop::plasticity {
namespace {

using testing::descent_per_spike;

/// Of targets that share their parameters.
TransmissionMode mode_of(Step lag, Step cutoff = 1000) {
  TransmissionMode mode;
  mode.lag = lag;
  mode.one_cutoff = mode.shared = true;
  mode.cutoff = cutoff;
  mode.parameters.alpha = core::Powers(0.5);
  return mode;
}

/// A clock after spikes in these steps.
SourceClock clock_of(const TransmissionMode& mode, const std::vector<Step>& arrivals,
                     const TransmissionOptimizer& optimizer = descent_per_spike) {
  SourceClock clock;
  for (const Step arrival : arrivals) restart(clock, arrival, mode, optimizer);
  return clock;
}

TEST(PresynapticTrace, DecaysAndTakesSpikesIn) {
  SharedParameters p;
  p.alpha = core::Powers(0.5);
  PresynapticTrace trace;
  trace.advance(p, false, 1.0);
  EXPECT_EQ(trace.z_bar, 1.0);
  trace.advance(p, false, 0.0);
  trace.advance(p, false, 1.0);
  EXPECT_EQ(trace.z_bar, 1.25);
  EXPECT_EQ(trace.i_bar, 0.0);
}

TEST(PresynapticTrace, OfTwoFiltersFollowsTheCurrentAStepLater) {
  SharedParameters p;
  p.alpha = core::Powers(0.5);
  p.alpha_syn = 0.75;
  p.P_s = 0.25;
  PresynapticTrace trace;
  trace.advance(p, true, 1.0);
  EXPECT_EQ(trace.z_bar, 0.0);
  EXPECT_EQ(trace.i_bar, 1.0);
  trace.advance(p, true, 0.0);
  EXPECT_EQ(trace.z_bar, 0.25);
  EXPECT_EQ(trace.i_bar, 0.75);
  trace.advance(p, true, 1.0);
  EXPECT_EQ(trace.z_bar, 0.125 + 0.25 * 0.75);
  EXPECT_EQ(trace.i_bar, 0.5625 + 1.0);
}

TEST(SourceClock, IsStartedByTheFirstSpike) {
  const auto mode = mode_of(3);
  const auto clock = clock_of(mode, {7});
  EXPECT_EQ(clock.last, 7);
  EXPECT_EQ(clock.handled, 4);
  EXPECT_EQ(begin_of(clock, mode), 4);
  EXPECT_EQ(clock.recent, 1U);
  EXPECT_FALSE(clock.had_interval);
  EXPECT_EQ(clock.trace.z_bar, 0.0);
  EXPECT_EQ(clock.optimizations, 0);
}

TEST(SourceClock, RemembersTheSpikesOfTheLongestLag) {
  const auto mode = mode_of(2);
  EXPECT_EQ(clock_of(mode, {7, 9, 10}).recent, 0b1011U);
  EXPECT_EQ(clock_of(mode, {7, 7 + longest_lag}).recent, (1ULL << 63U) | 1U);
  EXPECT_EQ(clock_of(mode, {7, 8 + longest_lag}).recent, 1U);
  EXPECT_TRUE(clock_of(mode, {7, 9}).had_interval);
}

TEST(SourceClock, TellsWhenItsSpikesEnterTraces) {
  const auto mode = mode_of(4);
  const auto clock = clock_of(mode, {7, 9, 10});
  for (Step t = 0; t < 14; ++t) {
    const double expected = t == 7 || t == 9 || t == 10 ? 1.0 : 0.0;
    const auto input = trace_input(clock, mode, t);
    EXPECT_EQ(input.with_cutoff(20.0), expected) << t;
    EXPECT_EQ(input.with_cutoff(1.0), expected) << t;
    EXPECT_EQ(shared_trace_input(clock, mode, t), expected) << t;
  }
  const auto oldest = clock_of(mode, {7, 7 + longest_lag});
  EXPECT_EQ(trace_input(oldest, mode, 7).usual, 1.0);
  const auto later = clock_of(mode, {0, 100});
  EXPECT_EQ(trace_input(later, mode, 0).usual, 0.0);  // forgotten
  EXPECT_EQ(trace_input(later, mode, 100 - longest_lag).usual, 0.0);
}

TEST(SourceClock, LetsASpikePastACutoffOfOneStepEnterWithTheNextInterval) {
  const auto mode = mode_of(1, 1);
  const auto first = clock_of(mode, {7}), second = clock_of(mode, {7, 10});
  for (Step t = 4; t < 12; ++t) {
    EXPECT_EQ(trace_input(first, mode, t).one_step, 0.0) << t;
    EXPECT_EQ(trace_input(second, mode, t).one_step, t == 9 ? 1.0 : 0.0) << t;
    EXPECT_EQ(trace_input(second, mode, t).usual, t == 7 || t == 10 ? 1.0 : 0.0) << t;
    EXPECT_EQ(shared_trace_input(second, mode, t), t == 9 ? 1.0 : 0.0) << t;
  }
}

TEST(SourceClock, CatchesUpWithItsTrace) {
  const auto mode = mode_of(2);
  auto clock = clock_of(mode, {4});
  catch_up(clock, 4, mode, descent_per_spike);  // steps 2 and 3: before the spike enters
  EXPECT_EQ(clock.trace.z_bar, 0.0);
  EXPECT_EQ(clock.handled, 4);
  catch_up(clock, 6, mode, descent_per_spike);
  EXPECT_EQ(clock.trace.z_bar, 0.5);
  EXPECT_EQ(clock.handled, 6);
  catch_up(clock, 6, mode, descent_per_spike);
  EXPECT_EQ(clock.trace.z_bar, 0.5);
  catch_up(clock, 9, mode, descent_per_spike);
  EXPECT_EQ(clock.trace.z_bar, 0.0625);
}

TEST(SourceClock, CatchesUpInPiecesAsInOneGo) {
  for (const bool two_filters : {false, true}) {
    auto mode = mode_of(5);
    mode.two_filters = two_filters;
    mode.parameters.alpha_syn = 0.75;
    mode.parameters.P_s = 0.25;
    auto whole = clock_of(mode, {3, 6, 7}), pieces = whole;
    catch_up(whole, 20, mode, descent_per_spike);
    for (Step limit = pieces.handled; limit <= 20; ++limit) {
      catch_up(pieces, limit, mode, descent_per_spike);
    }
    PresynapticTrace expected;
    for (Step t = 0; t < 20; ++t) {
      const bool arrives = t == 3 || t == 6 || t == 7;
      expected.advance(mode.parameters, two_filters, arrives ? 1.0 : 0.0);
    }
    for (const auto& clock : {whole, pieces}) {
      EXPECT_DOUBLE_EQ(clock.trace.z_bar, expected.z_bar);
      EXPECT_DOUBLE_EQ(clock.trace.i_bar, expected.i_bar);
    }
  }
}

TEST(SourceClock, DoesNotLookBeforeTheFirstStep) {
  const auto mode = mode_of(4);
  auto clock = clock_of(mode, {0});
  EXPECT_EQ(clock.handled, -4);
  catch_up(clock, 2, mode, descent_per_spike);
  EXPECT_EQ(clock.trace.z_bar, 0.5);
}

TEST(SourceClock, HasNoTraceWhereTargetsHaveTheirOwn) {
  auto mode = mode_of(2);
  mode.shared = false;
  auto clock = clock_of(mode, {4, 9});
  catch_up(clock, 20, mode, descent_per_spike);
  EXPECT_EQ(clock.trace.z_bar, 0.0);
  EXPECT_EQ(clock.handled, 20);
}

TEST(SourceClock, CountsOptimizationsOfEachStepUpToTheCutoff) {
  const OptimizerParameters batches(GradientDescent{.batch_size = 2});
  const TransmissionOptimizer each_step{batches, 0.1, true, 1};
  auto mode = mode_of(1, 5);  // steps 3 to 7 of a spike in step 4
  auto clock = clock_of(mode, {4}, each_step);
  EXPECT_EQ(clock.optimizations, 0);
  catch_up(clock, 6, mode, each_step);
  EXPECT_EQ(clock.optimizations, 3);
  catch_up(clock, 8, mode, each_step);
  EXPECT_EQ(clock.optimizations, 4);
  catch_up(clock, 100, mode, each_step);
  EXPECT_EQ(clock.optimizations, 4);
  const auto none = mode_of(1, 0);
  clock = clock_of(none, {4}, each_step);
  catch_up(clock, 100, none, each_step);
  EXPECT_EQ(clock.optimizations, 0);
  mode.one_cutoff = false;  // the synapses count themselves
  clock = clock_of(mode, {4}, each_step);
  catch_up(clock, 100, mode, each_step);
  EXPECT_EQ(clock.optimizations, 0);
}

TEST(SourceClock, CountsOptimizationsOfEachTransmission) {
  const OptimizerParameters batches(GradientDescent{.batch_size = 2});
  const TransmissionOptimizer late{batches, 0.1, false, 3};
  const auto mode = mode_of(2);
  auto clock = clock_of(mode, {4}, late);
  catch_up(clock, 10, mode, late);
  EXPECT_EQ(clock.optimizations, 0);
  finish_interval(clock, 14, mode, late);
  EXPECT_EQ(clock.optimizations, 5);  // (14 - 3) / 2
  EXPECT_EQ(clock.handled, 12);
  EXPECT_EQ(clock.last, 4);
  EXPECT_FALSE(clock.had_interval);
}

TEST(SourceClock, HasNothingLeftPastTheCutoff) {
  auto mode = mode_of(2, 3);  // steps 4 to 6 of a spike in step 6
  auto clock = clock_of(mode, {6});
  catch_up(clock, 6, mode, descent_per_spike);
  EXPECT_FALSE(beyond_cutoff(clock, mode));
  catch_up(clock, 7, mode, descent_per_spike);
  EXPECT_TRUE(beyond_cutoff(clock, mode));
  mode.shared = false;
  EXPECT_FALSE(beyond_cutoff(clock, mode));
}

}  // namespace
}  // namespace eprop::plasticity
