#include "reports/reports.hpp"

#include <gtest/gtest.h>

#include "distributed_test.hpp"
#include "eprop/recording.hpp"
#include "refusal.hpp"
#include "reported_rank.hpp"
#include "scratch_file.hpp"

namespace eprop::reports {
namespace {

using testing::refusal;
using testing::ReportedRank;
using Values = std::vector<double>;

/// The step t, in which neuron 3 spikes and has V_m = t.
void step(ReportedRank& reported, Reports& reports, Step t) {
  for (std::size_t w = 0; w < reported.rank->workers.size(); ++w) reports.before_delivery(w, t);
  reported.set_potentials(static_cast<double>(t) - 3.0, 0.0);
  reported.emit({3}, {});
  for (std::size_t w = 0; w < reported.rank->workers.size(); ++w) reports.after_step(w, t);
  reports.commit(t);
}

}  // namespace

DISTRIBUTED_TEST(Reports, OfAllKindsGoToOneFile, RANKS(1, 2, 3)) {
  const testing::ScratchFile scratch(comm);
  ReportedRank reported(comm);
  Reports reports(*reported.rank, comm);
  reports.open(scratch.path(), false);
  reports.of<SpikeReports>().add(reported.rec, {});
  reports.of<TraceReports>().add(reported.rec, {.variables = {"V_m"}, .neurons = {3}}, 0);
  reports.of<WeightReports>().add(reported.in_rec, {.synapses = 1, .window = {.interval = 0.5}});
  for (Step t = 0; t < 3; ++t) step(reported, reports, t);
  reports.close(3);
  if (comm.rank() != 0) return;
  EXPECT_EQ(read_output(scratch.path(), "/spikes/rec/timestamps"), (Values{0.5, 1.0, 1.5}));
  EXPECT_EQ(read_output(scratch.path(), "/report/rec.V_m/mapping/time"), (Values{0.5, 2.0, 0.5}));
  EXPECT_EQ(read_output(scratch.path(), "/weights/in_rec/time"), (Values{0.0, 0.5, 1.0}));
}

DISTRIBUTED_TEST(Reports, EndWithTheirFile, RANKS(1, 2)) {
  const testing::ScratchFile scratch(comm);
  ReportedRank reported(comm);
  Reports reports(*reported.rank, comm);
  reports.open(scratch.path(), false);
  reports.of<SpikeReports>().add(reported.rec, {});
  reports.close(0);
  EXPECT_EQ(reports.output().file(), nullptr);
  EXPECT_TRUE(reports.of<SpikeReports>().empty());
  step(reported, reports, 0);  // of nothing
}

DISTRIBUTED_TEST(Reports, InMemoryGoOnWithoutAFileToClose, RANKS(1, 2)) {
  ReportedRank reported(comm);
  Reports reports(*reported.rank, comm);
  reports.of<SpikeReports>().add(reported.rec, {});
  step(reported, reports, 0);
  reports.flush(1);
  reports.close(1);
  step(reported, reports, 1);
  const auto got = reports.of<SpikeReports>().take(reported.rec);
  EXPECT_EQ(got.times, comm.rank() == 0 ? (Values{0.5, 1.0}) : Values{});
}

DISTRIBUTED_TEST(Reports, HaveOneFileThatIsOpenedFirst, RANKS(1, 2)) {
  const testing::ScratchFile scratch(comm);
  ReportedRank reported(comm);
  Reports reports(*reported.rank, comm);
  const auto refused = [&] { return refusal([&] { reports.open(scratch.path(), true); }); };
  const auto to_continue_refused = [&] {
    return refusal([&] { reports.open_to_continue(scratch.path()); });
  };
  const auto output = "output: path = " + scratch.path();
  reports.of<SpikeReports>().add(reported.rec, {});
  EXPECT_EQ(refused(), output + ": must be opened before recordings are added");
  EXPECT_EQ(to_continue_refused(), output + ": must be opened before recordings are added");
  reports.of<SpikeReports>().clear();
  EXPECT_EQ(refused(), "");
  EXPECT_EQ(refused(), output + ": an output file is open already");
  EXPECT_EQ(to_continue_refused(), output + ": an output file is open already");
  reports.close(0);
  EXPECT_EQ(to_continue_refused(), "");
  reports.close(0);
}

DISTRIBUTED_TEST(Reports, AreFlushedNowAndThen, RANKS(1, 2)) {
  const testing::ScratchFile scratch(comm);
  ReportedRank reported(comm);
  Reports reports(*reported.rank, comm);
  reports.open(scratch.path(), false);
  reports.of<TraceReports>().add(reported.rec, {.variables = {"V_m"}, .neurons = {3}}, 0);
  step(reported, reports, flush_interval - 2);
  EXPECT_EQ(reports.output().table_rows().at("/report/rec.V_m/data"), 0);
  step(reported, reports, flush_interval - 1);
  EXPECT_EQ(reports.output().table_rows().at("/report/rec.V_m/data"), 2);
  step(reported, reports, 2 * flush_interval - 1);  // too soon
  EXPECT_EQ(reports.output().table_rows().at("/report/rec.V_m/data"), 2);
  reports.close(2 * flush_interval);
}

}  // namespace eprop::reports
