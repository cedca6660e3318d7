#include "reports/weight_reports.hpp"

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
using Indices = std::vector<std::uint32_t>;

/// The steps [first, last), with weights of their own in both projections.
void run(ReportedRank& reported, WeightReports& weights, Step first, Step last) {
  for (Step t = first; t < last; ++t) {
    reported.set_weights(ReportedRank::in_rec, t);
    reported.set_weights(ReportedRank::rec_out, t);
    for (std::size_t w = 0; w < reported.rank->workers.size(); ++w) weights.before_delivery(w, t);
    weights.commit(t);
  }
}

}  // namespace

DISTRIBUTED_TEST(WeightReports, AreOfTheFirstSynapsesByTargetThenSource, RANKS(1, 2, 3, 4)) {
  const testing::ScratchFile scratch(comm);
  ReportedRank reported(comm);
  reported.output.create(scratch.path(), false);
  WeightReports weights(reported.context);
  EXPECT_TRUE(weights.empty());
  weights.add(reported.in_rec, {.synapses = 11, .window = {.interval = 0.5}});
  EXPECT_FALSE(weights.empty());
  run(reported, weights, 0, 2);
  weights.flush(2);
  reported.output.close();
  if (comm.rank() != 0) return;
  EXPECT_EQ(testing::read_values<std::uint32_t>(scratch.path(), "/weights/in_rec/source"),
            (Indices{0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0}));
  EXPECT_EQ(testing::read_values<std::uint32_t>(scratch.path(), "/weights/in_rec/target"),
            (Indices{0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5}));
  EXPECT_EQ(testing::read_values<double>(scratch.path(), "/weights/in_rec/data"),
            (Values{0,   1,   10,  11,  20,  21,  30,  31,  40,  41,  50,  //
                    100, 101, 110, 111, 120, 121, 130, 131, 140, 141, 150}));
}

DISTRIBUTED_TEST(WeightReports, AreOfAllSynapsesInEveryUpdateInterval, RANKS(1, 2, 3)) {
  const testing::ScratchFile scratch(comm);
  ReportedRank reported(comm);
  reported.output.create(scratch.path(), false);
  WeightReports weights(reported.context);
  weights.add(reported.rec_out, {.window = {.start = 1.0, .stop = 6.0}});
  run(reported, weights, 0, 20);
  weights.flush(20);
  reported.output.close();
  if (comm.rank() != 0) return;
  // The first at the start of the window.
  EXPECT_EQ(read_output(scratch.path(), "/weights/rec_out/time"), (Values{1.0, 3.0, 5.0}));
  EXPECT_EQ(testing::read_shape(scratch.path(), "/weights/rec_out/data"),
            (std::vector<hsize_t>{3, 21}));
  const auto data = testing::read_values<double>(scratch.path(), "/weights/rec_out/data");
  EXPECT_EQ(data.front(), 200.0);
  EXPECT_EQ(data.back(), 1000.0 + 26.0);
}

DISTRIBUTED_TEST(WeightReports, BringSynapsesOfSilentSourcesUpToDate, RANKS(1, 2)) {
  const testing::ScratchFile scratch(comm);
  ReportedRank reported(comm);
  reported.output.create(scratch.path(), false);
  WeightReports weights(reported.context);
  weights.add(reported.rec_out, {.synapses = 2, .window = {.interval = 0.5}});
  // Neuron 0 has spiked in step 0; the readouts have erred since.
  for (auto& worker : reported.rank->workers) {
    auto& part = worker->projections[1];
    auto* const clock = part.clock(0);
    if (clock == nullptr) continue;
    plasticity::restart(*clock, 0, reported.rank->plan.populations[2].transmission,
                        reported.rank->transmission_optimizer(1));
  }
  for (Step t = 0; t < 8; ++t) {
    for (std::uint32_t k = 0; k < 3; ++k) reported.rank->readouts(2).errors.row(t)[k] = 1.0;
  }
  run(reported, weights, 0, 8);
  weights.flush(8);
  reported.output.close();
  if (comm.rank() != 0) return;
  const auto data = testing::read_values<double>(scratch.path(), "/weights/rec_out/data");
  ASSERT_EQ(data.size(), 16U);
  EXPECT_LT(data[14], 700.0);
  EXPECT_EQ(data[15], 701.0);
  // Nothing of it is in the weights themselves.
  for (const auto& worker : reported.rank->workers) {
    for (const auto& tile : worker->projections[1].tiles) {
      if (tile.targets.begin > 0 || tile.size() == 0) continue;
      EXPECT_EQ(tile.weight[0], 700.0);
    }
  }
}

DISTRIBUTED_TEST(WeightReports, GoOnInAFileFromACheckpoint, RANKS(1, 2)) {
  const testing::ScratchFile scratch(comm);
  const WeightRecording recording{.synapses = 1, .window = {.interval = 0.5}};
  OutputFile::TableRows rows;
  {
    ReportedRank reported(comm);
    reported.output.create(scratch.path(), false);
    WeightReports weights(reported.context);
    weights.add(reported.in_rec, recording);
    run(reported, weights, 0, 2);
    weights.flush(2);
    rows = reported.output.table_rows();
    run(reported, weights, 2, 4);
    weights.flush(4);
    reported.output.close();
  }
  ReportedRank reported(comm);
  reported.output.expect_tables(rows);
  reported.output.open_to_continue(scratch.path());
  WeightReports weights(reported.context);
  weights.add(reported.in_rec, recording);
  run(reported, weights, 5, 7);
  weights.flush(7);
  reported.output.close();
  if (comm.rank() != 0) return;
  EXPECT_EQ(read_output(scratch.path(), "/weights/in_rec/time"), (Values{0.0, 0.5, 2.5, 3.0}));
  EXPECT_EQ(testing::read_values<double>(scratch.path(), "/weights/in_rec/data"),
            (Values{0.0, 100.0, 500.0, 600.0}));
}

DISTRIBUTED_TEST(WeightReports, ThatCannotBeTakenAreRefused, RANKS(1)) {
  const testing::ScratchFile scratch(comm);
  ReportedRank reported(comm);
  WeightReports weights(reported.context);
  const auto refused = [&](const WeightRecording& recording) {
    return refusal([&] { weights.add(ReportedRank::in_rec, recording); });
  };
  EXPECT_EQ(refused({}),
            "projection 'in_rec': recording = weights: needs an output file: open_output() first");
  reported.output.create(scratch.path(), false);
  EXPECT_EQ(refused({.synapses = 0}), "projection 'in_rec': recorded synapses = 0: must be >= 1");
  EXPECT_EQ(refused({.window = {.start = 2.0, .stop = 2.0}}),
            "projection 'in_rec': recording stop = 2 ms: must be above recording start = 2 ms");
  EXPECT_TRUE(weights.empty());
  EXPECT_EQ(refused({.synapses = 100}), "");  // all that there are
  EXPECT_EQ(refused({}), "projection 'in_rec': recording = weights: is recorded already");
  weights.clear();
  EXPECT_TRUE(weights.empty());
  reported.output.close();
}

}  // namespace eprop::reports
