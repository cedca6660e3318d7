#include "datasets/event_camera.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>

#include "core/lanes.hpp"
#include "datasets/digit_glyphs.hpp"

namespace eprop::datasets {
namespace {

/// The image is looked at this often per saccade; crossings in between are interpolated.
constexpr int frames_per_saccade = 40;

/// Shifts of the image, pixels, before and after each saccade; right-down, right-up, back left.
constexpr std::array<Point, 4> corners{{{-2.6, -1.3}, {0.0, 1.9}, {2.6, -1.3}, {-2.6, -1.3}}};

constexpr double jitter_us = 400.0;  // standard deviation of an event's time

constexpr double longest_us = 336040.0;  // no recording of N-MNIST is longer

/// An event as a number, by which events are ordered: time, row, column, polarity.
std::uint64_t packed(const Event& event) {
  return std::uint64_t{event.time_us} << 32U | std::uint64_t{event.y} << 16U |
         std::uint64_t{event.x} << 8U | std::uint64_t{event.on};
}

Event unpacked(std::uint64_t number) {
  return {.x = static_cast<std::uint8_t>(number >> 8U),
          .y = static_cast<std::uint8_t>(number >> 16U),
          .on = (number & 1U) != 0,
          .time_us = static_cast<std::uint32_t>(number >> 32U)};
}

/// In ascending order. Most stretches of 64 µs have no more than one event: these are brought in
/// order by counting, which leaves little to sort.
std::vector<std::uint64_t> sorted(const std::vector<std::uint64_t>& packed_events) {
  const auto stretch_of = [](std::uint64_t event) { return event >> (32U + 6U); };
  std::vector<std::uint32_t> next(stretch_of(static_cast<std::uint64_t>(longest_us) << 32U) + 2);
  for (const std::uint64_t event : packed_events) ++next[stretch_of(event) + 1];
  std::partial_sum(next.begin(), next.end(), next.begin());
  std::vector<std::uint64_t> sorted(packed_events.size());
  for (const std::uint64_t event : packed_events) sorted[next[stretch_of(event)]++] = event;
  for (std::size_t i = 1; i < sorted.size(); ++i) {
    const std::uint64_t event = sorted[i];
    std::size_t at = i;
    for (; at > 0 && sorted[at - 1] > event; --at) sorted[at] = sorted[at - 1];
    sorted[at] = event;
  }
  return sorted;
}

/// Neighbouring pixels that are looked at together; as many as divide their number.
using Pixels = core::Block<4>;
static_assert(std::tuple_size_v<ScreenImage::Frame> % Pixels::size() == 0);

class Camera {
 public:
  Camera(const ScreenImage& image, CounterRandom& random)
      : image_(image), random_(random), threshold_(random.uniform(0.30, 0.40)) {}
  Camera(const Camera&) = delete;
  Camera& operator=(const Camera&) = delete;

  /// Sets every pixel's reference: what it sees now sends no event.
  void look(Point shift) {
    image_.view(shift.x, shift.y, *before_);
    reference_ = *before_;
  }

  /// Sends the events of a frame interval that ends with the given shift.
  void move(Point shift, double begin_us, double end_us) {
    image_.view(shift.x, shift.y, *after_);
    for (std::size_t first = 0; first < after_->size(); first += Pixels::size()) {
      if (!any_crossing(first)) continue;  // as nearly always
      for (std::size_t i = first; i < first + Pixels::size(); ++i) {
        send_crossings(i, begin_us, end_us);
      }
    }
    std::swap(before_, after_);
  }

  void add_noise() {
    const auto count = 5 + random_.below(16);
    for (std::uint64_t i = 0; i < count; ++i) {
      const auto pixel = static_cast<std::size_t>(random_.below(after_->size()));
      const double time_us = random_.uniform(0.0, longest_us);
      const bool on = random_.below(2) == 1;
      send(pixel, on, time_us);
    }
  }

  [[nodiscard]] std::vector<Event> sorted_events() const {
    std::vector<Event> events(events_.size());
    std::ranges::transform(sorted(events_), events.begin(), unpacked);
    return events;
  }

 private:
  [[nodiscard]] double change(std::size_t i) const {
    return std::abs(static_cast<double>((*after_)[i]) - static_cast<double>(reference_[i]));
  }

  /// Whether any of some neighbouring pixels sends events.
  [[nodiscard]] bool any_crossing(std::size_t first) const {
    const Pixels after(&(*after_)[first], core::element_aligned);
    const Pixels reference(&reference_[first], core::element_aligned);
    return any_of(abs(after - reference) >= threshold_);
  }

  void send_crossings(std::size_t i, double begin_us, double end_us) {
    const double from = (*before_)[i];
    const double to = (*after_)[i];
    const double step = to > reference_[i] ? threshold_ : -threshold_;
    while (change(i) >= threshold_) {
      reference_[i] += static_cast<float>(step);
      const double part = std::clamp((reference_[i] - from) / (to - from), 0.0, 1.0);
      send(i, step > 0.0, begin_us + part * (end_us - begin_us) + jitter_us * random_.normal());
    }
  }

  void send(std::size_t pixel, bool on, double time_us) {
    events_.push_back(packed(
        {.x = static_cast<std::uint8_t>(pixel % sensor_size),
         .y = static_cast<std::uint8_t>(pixel / sensor_size),
         .on = on,
         .time_us = static_cast<std::uint32_t>(std::clamp(time_us, 0.0, longest_us - 1.0))}));
  }

  const ScreenImage& image_;
  CounterRandom& random_;
  double threshold_;  // change of log-brightness per event
  std::array<ScreenImage::Frame, 2> frames_{};
  ScreenImage::Frame* before_ = &frames_[0];
  ScreenImage::Frame* after_ = &frames_[1];
  ScreenImage::Frame reference_{};
  std::vector<std::uint64_t> events_;
};

}  // namespace

std::vector<Event> record_saccades(const ScreenImage& image, CounterRandom& random) {
  Camera camera(image, random);
  const double reach = random.uniform(0.9, 1.15);
  const auto shift = [&](std::size_t saccade, double progress) {
    const Point a = corners[saccade], b = corners[saccade + 1];
    return Point{reach * (a.x + progress * (b.x - a.x)), reach * (a.y + progress * (b.y - a.y))};
  };
  camera.look(shift(0, 0.0));
  double time_us = random.uniform(0.0, 6000.0);
  for (std::size_t saccade = 0; saccade + 1 < corners.size(); ++saccade) {
    const double duration_us = random.uniform(97e3, 103e3);
    for (int frame = 1; frame <= frames_per_saccade; ++frame) {
      const double part = static_cast<double>(frame) / frames_per_saccade;
      const double frame_us = duration_us / frames_per_saccade;
      const double progress = 0.5 - 0.5 * std::cos(std::numbers::pi * part);
      camera.move(shift(saccade, progress), time_us, time_us + frame_us);
      time_us += frame_us;
    }
    time_us += random.uniform(0.0, 6000.0);
  }
  camera.add_noise();
  return camera.sorted_events();
}

}  // namespace eprop::datasets
