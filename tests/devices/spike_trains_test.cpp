#include <gtest/gtest.h>

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "devices/spike_sources.hpp"

namespace eprop::devices {
namespace {

using Sources = std::vector<std::uint32_t>;
using Record = std::vector<Sources>;
using Trains = std::vector<std::vector<double>>;

struct Event {
  Step step;
  std::uint32_t source;
  auto operator<=>(const Event&) const = default;
};

SpikeEvents as_spikes(std::span<const Event> events) {
  SpikeEvents spikes;
  for (const auto& event : events) {
    spikes.steps.push_back(event.step);
    spikes.neurons.push_back(event.source);
  }
  return spikes;
}

std::vector<Event> pending_of(const TrainPlayer& player) {
  std::vector<Event> events;
  const auto [steps, neurons] = player.pending();
  for (std::size_t i = 0; i < steps.size(); ++i) events.push_back({steps[i], neurons[i]});
  return events;
}

/// What a player emits in the steps [first, last).
Record play(TrainPlayer& player, Step first, Step last) {
  core::SpikeHistory history(last - first, first);
  Record record;
  for (Step t = first; t < last; ++t) {
    player.emit(t, history);
    history.end_step();
    const auto sources = history.at(t);
    record.emplace_back(sources.begin(), sources.end());
  }
  return record;
}

TEST(SpikeTrain, SpikesInTheStepThatBeginsAtItsTime) {
  TrainPlayer player({{{0.0, 0.3}, {0.7}}}, 0.1);
  EXPECT_EQ(play(player, 0, 9), (Record{{0}, {}, {}, {0}, {}, {}, {}, {1}, {}}));
}

TEST(SpikeTrain, OrdersSpikesOfAStepByNeuronAndTimesOfANeuronInAnyOrder) {
  TrainPlayer player({{{2.0}, {3.0, 1.0, 2.0}, {2.0}}}, 1.0);
  EXPECT_EQ(play(player, 0, 4), (Record{{}, {1}, {0, 1, 2}, {1}}));
}

TEST(SpikeTrain, OrdersSpikesThatAreFarApart) {
  TrainPlayer player({{{5000.0, 0.0, 90000.0}, {90000.0, 3.0}, {3.0}}}, 1.0);
  EXPECT_EQ(play(player, 0, 4), (Record{{0}, {}, {}, {1, 2}}));
  EXPECT_EQ(play(player, 4999, 5002), (Record{{}, {0}, {}}));
  EXPECT_EQ(play(player, 90000, 90001), (Record{{0, 1}}));
}

TEST(SpikeTrain, SpikesOnceInAStepHoweverOftenItIsGiven) {
  TrainPlayer player({{{2.0, 2.0, 2.0}, {2.0}}}, 1.0);
  player.add({{2.0}, {}}, 1.0);
  EXPECT_EQ(play(player, 0, 3), (Record{{}, {}, {0, 1}}));
}

TEST(SpikeTrain, TakesFurtherSpikesBetweenThoseToCome) {
  TrainPlayer player({{{1.0, 6.0}, {}}}, 1.0);
  EXPECT_EQ(play(player, 0, 3), (Record{{}, {0}, {}}));
  player.add({{4.0, 9.0}, {3.0, 6.0}}, 1.0);
  EXPECT_EQ(play(player, 3, 8), (Record{{1}, {0}, {}, {0, 1}, {}}));
  player.add({{8.0}, {8.0}}, 1.0);
  EXPECT_EQ(play(player, 8, 10), (Record{{0, 1}, {0}}));
}

TEST(SpikeTrain, SkipsStepsThatAreNotPlayed) {
  TrainPlayer player({{{1.0, 2.0, 50.0}}}, 1.0);
  player.add({{3.0, 40.0, 51.0}}, 1.0);
  const auto record = play(player, 40, 52);
  EXPECT_EQ(record[0], (Sources{0}));
  EXPECT_EQ(record[10], (Sources{0}));
  EXPECT_EQ(record[11], (Sources{0}));
}

/// Events of 5 neurons in the steps [0, 40), some of them several times.
std::vector<Event> scattered() {
  std::vector<Event> events;
  std::uint32_t x = 1;
  for (int i = 0; i < 200; ++i) {
    x = 1664525 * x + 1013904223;  // Numerical Recipes
    events.push_back({static_cast<Step>((x >> 8U) % 40), (x >> 20U) % 5});
  }
  return events;
}

Trains trains_of(std::span<const Event> events) {
  Trains trains(5);
  for (const auto& e : events) trains[e.source].push_back(static_cast<double>(e.step));
  return trains;
}

/// A player that was given events piece by piece.
TrainPlayer given_in_pieces(const std::vector<Event>& events, std::size_t piece) {
  TrainPlayer player({Trains(5)}, 1.0);
  for (std::size_t i = 0; i < events.size(); i += piece) {
    player.add(trains_of(std::span(events).subspan(i, std::min(piece, events.size() - i))), 1.0);
  }
  return player;
}

TEST(SpikeTrain, GoesOnAfterSkippedSteps) {
  const auto events = scattered();
  for (const std::size_t piece : {7, 60, 199}) {
    auto player = given_in_pieces(events, piece), copy = player;
    (void)play(player, 0, 17);
    copy.skip_to(17);
    EXPECT_EQ(pending_of(copy), pending_of(player));
    EXPECT_EQ(play(copy, 17, 40), play(player, 17, 40));
    copy.skip_to(1000);
    EXPECT_TRUE(pending_of(copy).empty());
  }
}

TEST(SpikeTrain, IsTheSameHoweverItWasGiven) {
  auto events = scattered();
  TrainPlayer expected({trains_of(events)}, 1.0);
  const auto pending = pending_of(expected);
  const auto record = play(expected, 0, 40);
  EXPECT_TRUE(pending_of(expected).empty());
  for (const auto* order : {"as scattered", "from late to early", "from early to late"}) {
    SCOPED_TRACE(order);
    if (order != std::string("as scattered")) std::sort(events.begin(), events.end());
    if (order == std::string("from late to early")) std::reverse(events.begin(), events.end());
    for (const std::size_t piece : {1, 7, 60, 199}) {
      auto player = given_in_pieces(events, piece);
      EXPECT_EQ(pending_of(player), pending);
      auto begun = play(player, 0, 15);
      const auto later = std::upper_bound(pending.begin(), pending.end(), Event{14, 4});
      EXPECT_EQ(pending_of(player), std::vector(later, pending.end()));
      TrainPlayer restored({Trains(5)}, 1.0);
      restored.set_pending(player.pending());
      const auto rest = play(player, 15, 40);
      EXPECT_EQ(play(restored, 15, 40), rest);
      begun.insert(begun.end(), rest.begin(), rest.end());
      EXPECT_EQ(begun, record);
    }
  }
}

TEST(SpikeTrain, TakesEvents) {
  const auto events = scattered();
  TrainPlayer expected({trains_of(events)}, 1.0), player({Trains(5)}, 1.0);
  player.add(as_spikes(events));
  player.add(SpikeEvents{});
  EXPECT_EQ(play(player, 0, 40), play(expected, 0, 40));
}

TEST(SpikeTrain, TakesInEachStepSpikesOfTheNext) {
  auto events = scattered();
  std::sort(events.begin(), events.end());
  TrainPlayer expected({trains_of(events)}, 1.0);
  const auto record = play(expected, 0, 40);
  std::vector<Event> before, stepwise;  // every third is given just in time
  for (std::size_t i = 0; i < events.size(); ++i) {
    (i % 3 == 0 ? stepwise : before).push_back(events[i]);
  }
  TrainPlayer player({trains_of(before)}, 1.0);
  for (Step t = 0; t < 40; ++t) {
    std::vector<Event> now;
    for (const auto& e : stepwise) {
      if (e.step == t) now.push_back(e);
    }
    player.add(trains_of(now), 1.0);
    EXPECT_EQ(play(player, t, t + 1)[0], record[static_cast<std::size_t>(t)]) << t;
  }
}

TEST(SpikeTrain, WithoutSpikesIsSilent) {
  TrainPlayer player({{{}, {}}}, 1.0);
  EXPECT_EQ(play(player, 0, 3), Record(3));
}

}  // namespace
}  // namespace eprop::devices
