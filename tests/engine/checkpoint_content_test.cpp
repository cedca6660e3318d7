#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "checkpoint/snapshot.hpp"
#include "core/steps.hpp"
#include "distributed_test.hpp"
#include "eprop/errors.hpp"
#include "eprop/simulation.hpp"
#include "message_of.hpp"
#include "plus_networks.hpp"
#include "sample_networks.hpp"
#include "scratch_file.hpp"

/// Checkpoints whose checksum is right, and whose content is that of no simulation.
namespace eprop {
namespace {

using checkpoint::Snapshot;
using ::testing::HasSubstr;
using testing::message_of;
using testing::ScratchFile;
using testing::SmallNetwork;

constexpr auto largest = std::numeric_limits<std::int64_t>::max();

/// A checkpoint of a network, and what it is refused with after a change.
class Content {
 public:
  Content(const Network& network, comm::Communicator& comm, Population readouts)
      : network_(network), comm_(comm), file_(comm) {
    Simulation simulation(network, comm, 1);
    simulation.track_loss(readouts, {.interval = 8.0});
    simulation.run(60);
    simulation.save_checkpoint(file_.path());
    if (comm.rank() == 0) whole_ = checkpoint::read(file_.path());
  }

  template <class Change>
  std::string refusal(Change&& change) {
    if (comm_.rank() == 0) {
      auto damaged = whole_;
      change(damaged);
      checkpoint::write(file_.path(), damaged);
    }
    comm_.barrier();
    Simulation simulation(network_, comm_, 1);
    return message_of<CheckpointError>([&] { (void)simulation.load_checkpoint(file_.path()); });
  }
  /// With another value in a column.
  std::string with(const std::string& column, std::size_t place, std::int64_t value) {
    return refusal([&](Snapshot& s) { s.integers.at(column).at(place) = value; });
  }
  std::string with(const std::string& column, std::size_t place, double value) {
    return refusal([&](Snapshot& s) { s.numbers.at(column).at(place) = value; });
  }
  std::string without_last(const std::string& column) {
    return refusal([&](Snapshot& s) {
      if (const auto found = s.integers.find(column); found != s.integers.end()) {
        found->second.pop_back();
      } else {
        s.numbers.at(column).pop_back();
      }
    });
  }

 private:
  const Network& network_;
  comm::Communicator& comm_;
  ScratchFile file_;
  Snapshot whole_;
};

}  // namespace

DISTRIBUTED_TEST(CheckpointContent, IsRefusedWhereTheClockIsNone, RANKS(1, 3)) {
  const SmallNetwork small;
  Content content(small.network, comm, small.out);
  EXPECT_EQ(content.refusal([](Snapshot&) {}), "");
  EXPECT_EQ(content.with("clock", 0, std::int64_t{-1}),
            "checkpoint: 'clock', value 0 = -1: must be from 0 to 1000000000000000");
  EXPECT_THAT(content.with("clock", 0, largest), HasSubstr("'clock'"));
  EXPECT_THAT(content.without_last("clock"), HasSubstr("'clock' has 1 values, the simulation 2"));
}

DISTRIBUTED_TEST(CheckpointContent, IsRefusedWhereInputsAreNone, RANKS(1, 3)) {
  const SmallNetwork small;
  Content content(small.network, comm, small.out);
  const std::string trains = "population/in/trains";
  EXPECT_THAT(content.with(trains, 0, std::int64_t{-5}), HasSubstr(trains));
  EXPECT_THAT(content.with(trains, 1, std::int64_t{6}), HasSubstr("= 6: must be from 0 to 5"));
  EXPECT_THAT(content.without_last(trains), HasSubstr(trains));
  EXPECT_THAT(content.without_last("rates/target/amplitudes"), HasSubstr("amplitudes"));
  EXPECT_THAT(content.without_last("rates/target/now"), HasSubstr("rates/target/now"));
  EXPECT_THAT(content.without_last("rates/target/last"), HasSubstr("rates/target/last"));
  EXPECT_THAT(content.with("rates/target/last", 0, std::int64_t{-1}), HasSubstr("last"));
  EXPECT_THAT(content.with("rates/target/steps", 1, std::int64_t{0}),
              HasSubstr("value 1 = 0: must be above"));
}

DISTRIBUTED_TEST(CheckpointContent, IsRefusedWhereSpikesAreNone, RANKS(1, 3)) {
  const SmallNetwork small;
  Content content(small.network, comm, small.out);
  const std::string spikes = "population/in/spikes";
  EXPECT_THAT(content.with(spikes, 0, std::int64_t{-3}), HasSubstr("from 0 to 359"));
  EXPECT_THAT(content.with(spikes, 1, std::int64_t{0}), HasSubstr("must be above"));
}

DISTRIBUTED_TEST(CheckpointContent, IsRefusedWhereLossesAreNone, RANKS(1, 3)) {
  const SmallNetwork small;
  Content content(small.network, comm, small.out);
  const std::string losses = "population/out/losses";
  for (const std::size_t place : {0, 1, 2, 3}) {
    EXPECT_THAT(content.with(losses, place, largest), HasSubstr(losses)) << place;
  }
  EXPECT_THAT(content.with(losses, 1, std::int64_t{-1}), HasSubstr(losses));
  EXPECT_THAT(content.with(losses, 2, std::int64_t{9}), HasSubstr("= 9: must be from 1 to 8"));
  EXPECT_THAT(content.without_last(losses), HasSubstr(losses));
}

DISTRIBUTED_TEST(CheckpointContent, IsRefusedWhereClocksOfSourcesAreNone, RANKS(1, 3)) {
  const testing::PlusInputs plus({{1.0, 20.0, 50.0}, {3.0, 40.0}, {}});
  Content content(plus.network, comm, plus.out);
  EXPECT_EQ(content.refusal([](Snapshot&) {}), "");
  const std::string projection = "projection/in_rec/";
  constexpr std::size_t last = 0, handled = 1, optimizations = 4;
  EXPECT_THAT(content.with(projection + "clocks", last, std::int64_t{61}),
              HasSubstr("clocks, last', value 0 = 61: must be from -1 to 60"));
  EXPECT_THAT(content.with(projection + "clocks", handled, std::int64_t{61}),
              HasSubstr("clocks, handled"));
  EXPECT_THAT(content.with(projection + "clocks", handled, -largest), HasSubstr("clocks, handled"));
  EXPECT_THAT(content.with(projection + "clocks", optimizations, largest),
              HasSubstr("clocks, optimizations"));
  EXPECT_THAT(content.without_last(projection + "clocks"), HasSubstr("clocks"));
  EXPECT_THAT(content.without_last(projection + "traces"), HasSubstr("traces"));
  EXPECT_THAT(content.with(projection + "traces", 0, std::numeric_limits<double>::infinity()),
              HasSubstr("traces"));
  EXPECT_THAT(content.without_last(projection + "eta"), HasSubstr("eta"));
  EXPECT_THAT(content.with(projection + "eta", 0, -1.0), HasSubstr("eta"));
}

}  // namespace eprop
