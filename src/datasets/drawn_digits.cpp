#include <utility>

#include "core/refuse.hpp"
#include "datasets/counter_random.hpp"
#include "datasets/digits.hpp"
#include "datasets/draw_digit.hpp"
#include "datasets/event_camera.hpp"
#include "datasets/require_sample.hpp"
#include "eprop/datasets/digits.hpp"

namespace eprop::datasets {
namespace {

class DrawnDigits : public Dataset {
 public:
  DrawnDigits(std::uint64_t seed, RandomPurpose purpose, std::size_t size,
              std::vector<std::uint32_t> digits)
      : seed_(seed), purpose_(purpose), size_(size), digits_(std::move(digits)) {
    if (size == 0) core::refuse("drawn digits", "size", 0, "", "must be at least 1");
  }

  std::size_t size() const override { return size_; }
  std::uint32_t channels() const override { return event_channels; }
  std::uint32_t classes() const override { return 10; }

  std::uint32_t label(std::size_t index) const override {
    require_sample(*this, index);
    return digits_[index % digits_.size()];
  }

  std::vector<ChannelSpike> spikes(std::size_t index) const override {
    CounterRandom random(seed_, purpose_, index);
    const ScreenImage image = draw_digit(label(index), random);
    return to_spikes(record_saccades(image, random));
  }

 private:
  std::uint64_t seed_;
  RandomPurpose purpose_;
  std::size_t size_;
  std::vector<std::uint32_t> digits_;
};

}  // namespace

DatasetSplit drawn_digits(std::uint64_t seed, std::size_t training_size, std::size_t test_size,
                          std::vector<std::uint32_t> digits) {
  digits = checked_digits(std::move(digits));
  const auto make = [&](RandomPurpose purpose, std::size_t size) {
    return std::make_shared<DrawnDigits>(seed, purpose, size, digits);
  };
  return {.training = make(RandomPurpose::train_sample, training_size),
          .test = make(RandomPurpose::test_sample, test_size)};
}

}  // namespace eprop::datasets
