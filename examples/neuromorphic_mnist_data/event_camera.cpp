#include "neuromorphic_mnist_data/event_camera.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <numbers>
#include <tuple>
#include <utility>

#include "neuromorphic_mnist_data/digit_glyphs.hpp"

namespace eprop::examples {
namespace {

/// The image is looked at this often per saccade; crossings in between are interpolated.
constexpr int frames_per_saccade = 40;

/// Shifts of the image, pixels, before and after each saccade; right-down, right-up, back left.
constexpr std::array<Point, 4> corners{{{-2.6, -1.3}, {0.0, 1.9}, {2.6, -1.3}, {-2.6, -1.3}}};

constexpr double jitter_us = 400.0;  // standard deviation of an event's time

class Camera {
 public:
  Camera(const DigitImage& image, CounterRandom& random)
      : image_(image), random_(random), threshold_(random.uniform(0.30, 0.40)) {}

  /// Sets every pixel's reference: what it sees now sends no event.
  void look(Point shift) {
    image_.view(shift.x, shift.y, before_);
    reference_ = before_;
  }

  /// Sends the events of a frame interval that ends with the given shift.
  void move(Point shift, double begin_us, double end_us) {
    image_.view(shift.x, shift.y, after_);
    for (int pixel = 0; pixel < static_cast<int>(after_.size()); ++pixel) {
      send_crossings(pixel, begin_us, end_us);
    }
    before_ = after_;
  }

  void add_noise() {
    const auto count = 5 + random_.below(16);
    for (std::uint64_t i = 0; i < count; ++i) {
      const auto pixel = static_cast<int>(random_.below(after_.size()));
      send(pixel, random_.below(2) == 1, random_.uniform(0.0, recording_us));
    }
  }

  std::vector<Event> take_sorted() {
    std::sort(events_.begin(), events_.end(), [](const Event& a, const Event& b) {
      return std::tie(a.time_us, a.y, a.x, a.on) < std::tie(b.time_us, b.y, b.x, b.on);
    });
    return std::move(events_);
  }

 private:
  void send_crossings(int pixel, double begin_us, double end_us) {
    const auto i = static_cast<std::size_t>(pixel);
    const double from = before_[i];
    const double to = after_[i];
    const double step = to > reference_[i] ? threshold_ : -threshold_;
    while (std::abs(to - reference_[i]) >= threshold_) {
      reference_[i] += static_cast<float>(step);
      const double part = std::clamp((reference_[i] - from) / (to - from), 0.0, 1.0);
      send(pixel, step > 0.0, begin_us + part * (end_us - begin_us) + jitter_us * random_.normal());
    }
  }

  void send(int pixel, bool on, double time_us) {
    events_.push_back(
        {.x = static_cast<std::uint8_t>(pixel % sensor_size),
         .y = static_cast<std::uint8_t>(pixel / sensor_size),
         .on = on,
         .time_us = static_cast<std::uint32_t>(std::clamp(time_us, 0.0, recording_us - 1.0))});
  }

  const DigitImage& image_;
  CounterRandom& random_;
  double threshold_;  // change of log-brightness per event
  DigitImage::Frame before_{}, after_{}, reference_{};
  std::vector<Event> events_;
};

}  // namespace

std::vector<Event> record_saccades(const DigitImage& image, CounterRandom& random) {
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
  return camera.take_sorted();
}

}  // namespace eprop::examples
