#include "datasets/event_camera.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace eprop::datasets {
namespace {

std::vector<Event> seen(const ScreenImage& image, std::uint64_t index = 0) {
  CounterRandom random(1, RandomPurpose::train_sample, index);
  return record_saccades(image, random);
}

/// A bright bar, three pixels wide, from top to bottom.
ScreenImage bar() {
  ScreenImage image;
  for (std::size_t row = 0; row < ScreenImage::cells; ++row) {
    for (std::size_t column = 66; column < 75; ++column) {
      image.ink(row * ScreenImage::cells + column, 1.0);
    }
  }
  return image;
}

TEST(EventCamera, SeesNothingButNoiseOnAnEmptyScreen) {
  const auto events = seen(ScreenImage());
  EXPECT_GE(events.size(), 5U);
  EXPECT_LE(events.size(), 20U);
}

TEST(EventCamera, SeesABarBrightenAndDarkenWhereItMoves) {
  const auto events = seen(bar());
  EXPECT_GT(events.size(), 1000U);
  const auto on = std::ranges::count_if(events, &Event::on);
  EXPECT_NEAR(static_cast<double>(on) / static_cast<double>(events.size()), 0.5, 0.1);
  const auto near_the_bar = [](const Event& event) { return event.x >= 11 && event.x <= 23; };
  EXPECT_GE(std::ranges::count_if(events, near_the_bar), std::ssize(events) - 20);  // but noise
}

TEST(EventCamera, SendsEventsInOrderOfTime) {
  EXPECT_TRUE(std::ranges::is_sorted(seen(bar()), {}, &Event::time_us));
}

TEST(EventCamera, ShakesInAnotherWayEachTime) { EXPECT_NE(seen(bar(), 0), seen(bar(), 1)); }

}  // namespace
}  // namespace eprop::datasets
