#include "reports/transmission_reports.hpp"

#include <gtest/gtest.h>

#include "distributed_test.hpp"
#include "eprop/recording.hpp"
#include "refusal.hpp"
#include "reported_rank.hpp"
#include "transmission_rows.hpp"

namespace eprop::reports {
namespace {

using testing::refusal;
using testing::ReportedRank;
using testing::rows;
using Rows = std::vector<testing::TransmissionRow>;
using Indices = std::vector<std::uint32_t>;

/// The inputs that spike in step t, in a cycle of four.
Indices inputs_of(Step t) {
  static const std::vector<Indices> cycle{{1}, {0, 1}, {}, {0}};
  return cycle[static_cast<std::size_t>(t) % cycle.size()];
}

std::uint32_t neuron_of(Step t) { return static_cast<std::uint32_t>(t) % 7; }

/// The steps [first, last), in which these inputs and this neuron spike.
void run(ReportedRank& reported, TransmissionReports& transmissions, Step first, Step last) {
  for (Step t = first; t < last; ++t) {
    reported.set_weights(ReportedRank::in_rec, t);
    reported.set_weights(ReportedRank::rec_out, t);
    for (std::size_t w = 0; w < reported.rank->workers.size(); ++w) {
      transmissions.before_delivery(w, t);
    }
    reported.emit({}, inputs_of(t));
    auto& of_all_ranks = reported.rank->spikes(ReportedRank::rec.index).history;
    of_all_ranks.append(neuron_of(t));
    of_all_ranks.end_step();
    transmissions.commit(t);
  }
}

/// Of a source that spikes in step t, and is transmitted in the next.
void expect_row(Rows& expected, Step t, std::uint32_t source, std::uint32_t target) {
  expected.emplace_back(0.5 * static_cast<double>(t + 1), source, target,
                        ReportedRank::weight(t + 1, source, target));
}

/// Of the inputs' spikes in the steps [first, last), to these neurons.
Rows from_inputs(Step first, Step last, const Indices& targets = {0, 1, 2, 3, 4, 5, 6}) {
  Rows expected;
  for (Step t = first; t < last; ++t) {
    for (const auto source : inputs_of(t)) {
      for (const auto target : targets) expect_row(expected, t, source, target);
    }
  }
  return expected;
}

/// What is recorded is rank 0's alone.
Rows on_root(const comm::Communicator& comm, const Rows& expected) {
  return comm.rank() == 0 ? expected : Rows{};
}

}  // namespace

DISTRIBUTED_TEST(TransmissionReports, AreByTimeSourceAndTarget, RANKS(1, 2, 3)) {
  ReportedRank reported(comm);
  TransmissionReports transmissions(reported.context);
  EXPECT_TRUE(transmissions.empty());
  transmissions.add(reported.in_rec, {});
  EXPECT_FALSE(transmissions.empty());
  run(reported, transmissions, 0, 6);
  // The spikes of the last step are still to arrive.
  EXPECT_EQ(rows(transmissions.take(reported.in_rec)), on_root(comm, from_inputs(0, 5)));
  EXPECT_TRUE(rows(transmissions.take(reported.in_rec)).empty());  // once
  run(reported, transmissions, 6, 9);
  EXPECT_EQ(rows(transmissions.take(reported.in_rec)), on_root(comm, from_inputs(5, 8)));
}

DISTRIBUTED_TEST(TransmissionReports, OfProjectionsAreTakenApart, RANKS(1, 2, 3)) {
  ReportedRank reported(comm);
  TransmissionReports transmissions(reported.context);
  transmissions.add(reported.rec_out, {});
  transmissions.add(reported.in_rec, {});
  run(reported, transmissions, 0, 10);
  Rows expected;
  for (Step t = 0; t < 9; ++t) {
    for (const std::uint32_t k : {0, 1, 2}) expect_row(expected, t, neuron_of(t), k);
  }
  EXPECT_EQ(rows(transmissions.take(reported.in_rec)), on_root(comm, from_inputs(0, 9)));
  EXPECT_EQ(rows(transmissions.take(reported.rec_out)), on_root(comm, expected));
}

DISTRIBUTED_TEST(TransmissionReports, AreOfSpikesInTheWindow, RANKS(1, 2, 3)) {
  ReportedRank reported(comm);
  TransmissionReports transmissions(reported.context);
  transmissions.add(reported.in_rec, {.window = {.start = 0.5, .stop = 2.0}});  // steps 1, 2, 3
  run(reported, transmissions, 0, 8);
  EXPECT_EQ(rows(transmissions.take(reported.in_rec)), on_root(comm, from_inputs(1, 4)));
}

DISTRIBUTED_TEST(TransmissionReports, AreOfChosenSourcesAndTargets, RANKS(1, 2, 3)) {
  ReportedRank reported(comm);
  TransmissionReports transmissions(reported.context);
  transmissions.add(reported.in_rec, {.sources = {}, .targets = {6, 0, 3}, .window = {}});
  transmissions.add(reported.rec_out, {.sources = {5, 2}, .targets = {1}, .window = {}});
  run(reported, transmissions, 0, 8);
  Rows expected;
  for (const Step t : {2, 5}) expect_row(expected, t, neuron_of(t), 1);
  EXPECT_EQ(rows(transmissions.take(reported.in_rec)), on_root(comm, from_inputs(0, 7, {0, 3, 6})));
  EXPECT_EQ(rows(transmissions.take(reported.rec_out)), on_root(comm, expected));
}

DISTRIBUTED_TEST(TransmissionReports, AreInOrderAcrossFlushes, RANKS(1, 2, 3)) {
  ReportedRank reported(comm);
  for (const auto population : {reported.in, reported.rec}) {
    reported.rank->spikes(population.index).history.restart(flush_interval - 4);
  }
  TransmissionReports transmissions(reported.context);
  transmissions.add(reported.in_rec, {});
  run(reported, transmissions, flush_interval - 4, flush_interval + 4);
  EXPECT_EQ(rows(transmissions.take(reported.in_rec)),
            on_root(comm, from_inputs(flush_interval - 4, flush_interval + 3)));
}

DISTRIBUTED_TEST(TransmissionReports, TellWhenTheLastArrives, RANKS(1)) {
  ReportedRank reported(comm);
  TransmissionReports transmissions(reported.context);
  EXPECT_EQ(transmissions.last_before(100), -1);
  transmissions.add(reported.in_rec, {.window = {.start = 1.0, .stop = 2.0}});  // steps 2 and 3
  EXPECT_EQ(transmissions.last_before(3), -1);
  EXPECT_EQ(transmissions.last_before(4), 3);
  EXPECT_EQ(transmissions.last_before(5), 4);
  EXPECT_EQ(transmissions.last_before(100), 4);
  transmissions.add(reported.rec_out, {.window = {.start = 4.0, .stop = 4.5}});  // step 8
  EXPECT_EQ(transmissions.last_before(9), 4);
  EXPECT_EQ(transmissions.last_before(100), 9);
}

DISTRIBUTED_TEST(TransmissionReports, ThatCannotBeTakenAreRefused, RANKS(1)) {
  ReportedRank reported(comm);
  TransmissionReports transmissions(reported.context);
  const auto refused = [&](Projection projection, const TransmissionRecording& recording) {
    return refusal([&] { transmissions.add(projection, recording); });
  };
  EXPECT_EQ(refused(reported.in_rec, {.sources = {1, 2}, .targets = {}, .window = {}}),
            "projection 'in_rec': recorded source = 2: must be below the population's size 2");
  EXPECT_EQ(refused(reported.in_rec, {.sources = {}, .targets = {7}, .window = {}}),
            "projection 'in_rec': recorded target = 7: must be below the population's size 7");
  EXPECT_EQ(refused(reported.in_rec, {.window = {.interval = 1.0}}),
            "projection 'in_rec': recording interval = 1 ms: must not be given: all transmissions "
            "are recorded");
  EXPECT_EQ(refused(reported.in_rec, {.window = {.start = 2.0, .stop = 2.0}}),
            "projection 'in_rec': recording stop = 2 ms: must be above recording start = 2 ms");
  EXPECT_NE(refused({9}, {}), "");
  EXPECT_TRUE(transmissions.empty());
  EXPECT_EQ(refusal([&] { (void)transmissions.take(reported.in_rec); }),
            "projection 'in_rec': recorded transmissions = none: they are not recorded");
  EXPECT_EQ(refused(reported.in_rec, {}), "");
  EXPECT_EQ(refused(reported.in_rec, {}),
            "projection 'in_rec': recording = transmissions: is recorded already");
}

DISTRIBUTED_TEST(TransmissionReports, AreForgottenWhenCleared, RANKS(1)) {
  ReportedRank reported(comm);
  TransmissionReports transmissions(reported.context);
  transmissions.add(reported.in_rec, {});
  run(reported, transmissions, 0, 4);
  transmissions.clear();
  EXPECT_TRUE(transmissions.empty());
  EXPECT_EQ(transmissions.last_before(100), -1);
  EXPECT_NE(refusal([&] { (void)transmissions.take(reported.in_rec); }), "");
}

}  // namespace eprop::reports
