#include "reports/trace_reports.hpp"

#include <gtest/gtest.h>

#include "distributed_test.hpp"
#include "eprop/recording.hpp"
#include "read_hdf5.hpp"
#include "refusal.hpp"
#include "reported_rank.hpp"
#include "scratch_file.hpp"

namespace eprop::reports {
namespace {

using testing::refusal;
using testing::ReportedRank;
using Values = std::vector<double>;

/// The steps [first, last), after each of which neuron i has V_m = 100 t + i and readout k
/// 1000 t + k.
void run(ReportedRank& reported, TraceReports& traces, Step first, Step last) {
  for (Step t = first; t < last; ++t) {
    reported.set_potentials(100.0 * static_cast<double>(t), 1000.0 * static_cast<double>(t));
    for (std::size_t w = 0; w < reported.rank->workers.size(); ++w) traces.after_step(w, t);
    traces.commit(t);
  }
}

}  // namespace

DISTRIBUTED_TEST(TraceReports, AreOfTheStepsOfTheirWindow, RANKS(1, 2, 3)) {
  ReportedRank reported(comm);
  TraceReports traces(reported.context);
  EXPECT_TRUE(traces.empty());
  traces.add(reported.rec, {.variables = {"V_m"}, .window = {.start = 1.0, .stop = 2.0}}, 0);
  traces.add(reported.out,
             {.variables = {"V_m"}, .window = {.start = 1.0, .interval = 1.5}, .name = "some"}, 0);
  EXPECT_FALSE(traces.empty());
  run(reported, traces, 0, 8);
  const auto of_neurons = traces.take("rec"), of_readouts = traces.take("some");
  if (comm.rank() == 0) {
    EXPECT_EQ(of_neurons.times, (Values{1.5, 2.0}));
    EXPECT_EQ(of_neurons.values, (Values{200, 201, 202, 203, 204, 205, 206,  //
                                         300, 301, 302, 303, 304, 305, 306}));
    EXPECT_EQ(of_readouts.times, (Values{2.5, 4.0}));
    EXPECT_EQ(of_readouts.values, (Values{4000, 4001, 4002, 7000, 7001, 7002}));
  } else {
    EXPECT_TRUE(of_neurons.times.empty() && of_neurons.values.empty());
  }
  EXPECT_TRUE(traces.take("rec").times.empty());  // once
}

DISTRIBUTED_TEST(TraceReports, AreOfTheChosenNeuronsAndVariables, RANKS(1, 2, 3, 4)) {
  ReportedRank reported(comm);
  TraceReports traces(reported.context);
  traces.add(reported.rec, {.variables = {"surrogate_gradient", "V_m"}, .neurons = {1, 5, 6}}, 0);
  run(reported, traces, 0, 2);
  const auto got = traces.take("rec");
  if (comm.rank() != 0) return;
  EXPECT_EQ(got.values, (Values{0, 1, 0, 5, 0, 6, 0, 101, 0, 105, 0, 106}));
}

DISTRIBUTED_TEST(TraceReports, GoToTheOutputFileWithTheirTimes, RANKS(1, 2, 3)) {
  const testing::ScratchFile scratch(comm);
  ReportedRank reported(comm);
  reported.output.create(scratch.path(), false);
  TraceReports traces(reported.context);
  traces.add(reported.rec, {.variables = {"V_m"}, .neurons = {2, 6}, .window = {.start = 1.0}}, 0);
  run(reported, traces, 0, 5);
  traces.flush(5);
  reported.output.close();
  if (comm.rank() != 0) return;
  EXPECT_EQ(testing::read_values<float>(scratch.path(), "/report/rec.V_m/data"),
            (std::vector<float>{202, 206, 302, 306, 402, 406}));
  EXPECT_EQ(read_output(scratch.path(), "/report/rec.V_m/mapping/time"), (Values{1.5, 3.0, 0.5}));
}

// A run from step 3 on, which finds two samples of steps 1 and 2, and one that came after them.
DISTRIBUTED_TEST(TraceReports, GoOnInAFileFromACheckpoint, RANKS(1, 2)) {
  const testing::ScratchFile scratch(comm);
  const TraceRecording recording{.variables = {"V_m"}, .neurons = {4}, .window = {.start = 0.5}};
  OutputFile::TableRows rows;
  {
    ReportedRank reported(comm);
    reported.output.create(scratch.path(), false);
    TraceReports traces(reported.context);
    traces.add(reported.rec, recording, 0);
    run(reported, traces, 0, 3);
    traces.flush(3);
    rows = reported.output.table_rows();
    run(reported, traces, 3, 4);
    traces.flush(4);
    reported.output.close();
  }
  ReportedRank reported(comm);
  reported.output.expect_tables(rows);
  reported.output.open_to_continue(scratch.path());
  TraceReports traces(reported.context);
  traces.add(reported.rec, recording, 3);
  run(reported, traces, 3, 6);
  traces.flush(6);
  reported.output.close();
  if (comm.rank() != 0) return;
  EXPECT_EQ(testing::read_values<float>(scratch.path(), "/report/rec.V_m/data"),
            (std::vector<float>{104, 204, 304, 404, 504}));
  EXPECT_EQ(read_output(scratch.path(), "/report/rec.V_m/mapping/time"), (Values{1.0, 3.5, 0.5}));
}

DISTRIBUTED_TEST(TraceReports, OfARunningSimulationBeginWithItsNextStep, RANKS(1)) {
  const testing::ScratchFile scratch(comm);
  ReportedRank reported(comm);
  reported.output.create(scratch.path(), false);
  TraceReports traces(reported.context);
  traces.add(reported.rec, {.variables = {"V_m"}, .window = {.interval = 1.0}}, 4);
  traces.flush(4);
  reported.output.close();
  EXPECT_EQ(read_output(scratch.path(), "/report/rec.V_m/mapping/time"), (Values{3.0, 3.0, 1.0}));
}

DISTRIBUTED_TEST(TraceReports, OfWhatIsNotThereAreRefused, RANKS(1)) {
  ReportedRank reported(comm);
  TraceReports traces(reported.context);
  const auto refused = [&](Population population, const TraceRecording& recording) {
    return refusal([&] { traces.add(population, recording, 0); });
  };
  EXPECT_EQ(refused(reported.in, {.variables = {"V_m"}}),
            "population 'in': recording = traces: inputs have no state");
  EXPECT_EQ(refused(reported.rec, {}), "population 'rec': variables = none: name at least one");
  EXPECT_EQ(refused(reported.rec, {.variables = {"V_m", "V_m"}}),
            "population 'rec': variable = V_m: is named twice");
  EXPECT_EQ(refused(reported.rec, {.variables = {"I_syn"}}),
            "population 'rec': variable = I_syn: must be one of V_m, surrogate_gradient, "
            "learning_signal");
  EXPECT_EQ(refused(reported.rec, {.variables = {"V_m"}, .neurons = {6, 7}}),
            "population 'rec': recorded neuron = 7: must be below the population's size 7");
  EXPECT_EQ(refused(reported.rec, {.variables = {"V_m"}, .neurons = {3, 3}}),
            "population 'rec': recorded neuron = 3: neurons must be in ascending order");
  EXPECT_EQ(refused(reported.rec, {.variables = {"V_m"}, .name = "a/b"}),
            "population 'rec': report = a/b: must not contain '/'");
  EXPECT_EQ(
      refused(reported.rec,
              {.variables = {"V_m"}, .window = {.start = 2.0, .stop = 3.0, .interval = 1.5}}),
      "population 'rec': recording interval = 1.5 ms: must not be longer than the window from "
      "2 to 3 ms");
  EXPECT_TRUE(traces.empty());
}

DISTRIBUTED_TEST(TraceReports, HaveNamesOfTheirOwn, RANKS(1)) {
  ReportedRank reported(comm);
  TraceReports traces(reported.context);
  const auto taken = [&](const std::string& name) {
    return refusal([&] { (void)traces.take(name); });
  };
  EXPECT_EQ(taken("rec"), "report: name = rec: no traces are recorded");
  traces.add(reported.rec, {.variables = {"V_m"}}, 0);
  EXPECT_EQ(refusal([&] { traces.add(reported.out, {.variables = {"V_m"}, .name = "rec"}, 0); }),
            "population 'out': report = rec: is recorded already");
  EXPECT_EQ(taken("rec"), "");
  EXPECT_EQ(taken("rex"), "report: name = rex: must be one of rec; did you mean rec?");
  traces.clear();
  EXPECT_TRUE(traces.empty());
  EXPECT_NE(taken("rec"), "");
  run(reported, traces, 0, 2);  // of none
}

}  // namespace eprop::reports
