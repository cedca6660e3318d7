#include "reports/spike_reports.hpp"

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
using Times = std::vector<double>;
using Ids = std::vector<std::uint64_t>;

/// Eight steps: neuron t - 1 and the last spike in step t, and input t % 2 in every other step.
void run(ReportedRank& reported, SpikeReports& spikes) {
  for (std::uint32_t t = 0; t < 8; ++t) {
    std::vector<std::uint32_t> neurons, inputs;
    if (t > 0 && t < 7) neurons = {t - 1, 6};
    if (t % 2 == 0) inputs = {t / 2 % 2};
    reported.emit(neurons, inputs);
    spikes.commit(t);
  }
}

}  // namespace

DISTRIBUTED_TEST(SpikeReports, AreOfWindowsByTimeAndNeuron, RANKS(1, 2, 3)) {
  ReportedRank reported(comm);
  SpikeReports spikes(reported.context);
  EXPECT_TRUE(spikes.empty());
  spikes.add(reported.rec, {.start = 1.0, .stop = 2.0});  // steps 2 and 3
  spikes.add(reported.rec, {.start = 3.0, .stop = 3.5});  // step 6
  EXPECT_FALSE(spikes.empty());
  run(reported, spikes);
  const auto got = spikes.take(reported.rec);
  if (comm.rank() == 0) {
    EXPECT_EQ(got.times, (Times{1.5, 1.5, 2.0, 2.0, 3.5, 3.5}));
    EXPECT_EQ(got.neurons, (Ids{1, 6, 2, 6, 5, 6}));
  } else {
    EXPECT_TRUE(got.times.empty());
  }
  EXPECT_TRUE(spikes.take(reported.rec).times.empty());  // once
}

DISTRIBUTED_TEST(SpikeReports, OfInputsAreEachRanksOwn, RANKS(1, 2, 3)) {
  ReportedRank reported(comm);
  SpikeReports spikes(reported.context);
  spikes.add(reported.in, {});
  run(reported, spikes);
  const auto got = spikes.take(reported.in);
  if (comm.rank() != 0) return;
  EXPECT_EQ(got.times, (Times{0.5, 1.5, 2.5, 3.5}));
  EXPECT_EQ(got.neurons, (Ids{0, 1, 0, 1}));
}

DISTRIBUTED_TEST(SpikeReports, GoToTheOutputFile, RANKS(1, 2, 3)) {
  const testing::ScratchFile scratch(comm);
  ReportedRank reported(comm);
  reported.output.create(scratch.path(), false);
  SpikeReports spikes(reported.context);
  spikes.add(reported.rec, {.start = 2.5});
  run(reported, spikes);
  spikes.flush(8);
  EXPECT_TRUE(spikes.take(reported.rec).times.empty());
  reported.output.close();
  if (comm.rank() != 0) return;
  EXPECT_EQ(read_output(scratch.path(), "/spikes/rec/timestamps"), (Times{3.0, 3.0, 3.5, 3.5}));
  EXPECT_EQ(testing::read_values<std::uint64_t>(scratch.path(), "/spikes/rec/node_ids"),
            (Ids{4, 6, 5, 6}));
}

DISTRIBUTED_TEST(SpikeReports, GoOnInAFileFromACheckpoint, RANKS(1, 2)) {
  const testing::ScratchFile scratch(comm);
  OutputFile::TableRows rows;
  {
    ReportedRank reported(comm);
    reported.output.create(scratch.path(), false);
    SpikeReports spikes(reported.context);
    spikes.add(reported.rec, {.stop = 1.5});
    run(reported, spikes);
    spikes.flush(8);
    rows = reported.output.table_rows();
    reported.output.close();
  }
  for (auto& [table, n] : rows) n -= 2;  // as if it were of step 2
  ReportedRank reported(comm);
  reported.output.expect_tables(rows);
  reported.output.open_to_continue(scratch.path());
  SpikeReports spikes(reported.context);
  spikes.add(reported.rec, {.start = 3.0, .stop = 3.5});
  run(reported, spikes);
  spikes.flush(8);
  reported.output.close();
  if (comm.rank() != 0) return;
  EXPECT_EQ(read_output(scratch.path(), "/spikes/rec/timestamps"), (Times{1.0, 1.0, 3.5, 3.5}));
  EXPECT_EQ(testing::read_values<std::uint64_t>(scratch.path(), "/spikes/rec/node_ids"),
            (Ids{0, 6, 5, 6}));
}

DISTRIBUTED_TEST(SpikeReports, OfWhatCannotBeRecordedAreRefused, RANKS(1)) {
  ReportedRank reported(comm);
  SpikeReports spikes(reported.context);
  const auto refused = [&](Population population, const RecordingWindow& window) {
    return refusal([&] { spikes.add(population, window); });
  };
  EXPECT_EQ(refused(reported.out, {}),
            "population 'out': recording = spikes: readouts do not spike");
  EXPECT_EQ(
      refused(reported.rec, {.interval = 1.0}),
      "population 'rec': recording interval = 1 ms: must not be given: spikes are recorded in "
      "every step");
  EXPECT_EQ(refused(reported.rec, {.start = 3.0, .stop = 3.0}),
            "population 'rec': recording stop = 3 ms: must be above recording start = 3 ms");
  EXPECT_NE(refused({9}, {}), "");
  EXPECT_TRUE(spikes.empty());
  EXPECT_EQ(refusal([&] { (void)spikes.take(reported.rec); }),
            "population 'rec': recorded spikes = none: its spikes are not recorded");
}

DISTRIBUTED_TEST(SpikeReports, AreForgottenWhenCleared, RANKS(1)) {
  ReportedRank reported(comm);
  SpikeReports spikes(reported.context);
  spikes.add(reported.rec, {});
  spikes.clear();
  EXPECT_TRUE(spikes.empty());
  EXPECT_NE(refusal([&] { (void)spikes.take(reported.rec); }), "");
}

}  // namespace eprop::reports
