#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "core/refuse.hpp"
#include "datasets/counter_random.hpp"
#include "datasets/require_sample.hpp"
#include "eprop/datasets/heidelberg.hpp"

namespace eprop::datasets {
namespace {

/// Channels at which a resonance of the vocal tract is loudest, at the begin and the end of a
/// sound.
struct Formant {
  double from, to;
  double rate;  ///< spikes per ms
};

struct Sound {
  double length;  ///< relative to that of others in the word
  std::array<Formant, 3> formants;
};

using Word = std::vector<Sound>;

/// Standard deviation of the channels that a formant excites.
constexpr double formant_width = 10.0;

/// What a class sounds like.
Word make_up(std::uint64_t seed, std::uint32_t label) {
  CounterRandom random(seed, RandomPurpose::word, label);
  constexpr std::array<std::array<double, 2>, 3> ranges{{{60, 260}, {220, 480}, {420, 640}}};
  Word word(3 + random.below(3));
  for (Sound& sound : word) {
    sound.length = random.uniform(0.6, 1.4);
    for (std::size_t i = 0; i < ranges.size(); ++i) {
      const auto [low, high] = ranges[i];
      const double from = random.uniform(low, high);
      const double to = std::clamp(from + 60.0 * random.normal(), low, high);
      sound.formants[i] = {from, to, random.uniform(0.8, 3.0)};
    }
  }
  return word;
}

/// One utterance of a word.
class Utterance {
 public:
  explicit Utterance(CounterRandom& random)
      : random_(random),
        loudness_(random.uniform(0.7, 1.3)),
        voice_(20.0 * random.normal()),
        begin_(random.uniform(20.0, 120.0)),
        end_(begin_ + random.uniform(500.0, 800.0)) {}

  void speak(const Word& word) {
    std::vector<double> lengths;
    double total = 0.0;
    for (const Sound& sound : word) {
      lengths.push_back(sound.length * random_.uniform(0.7, 1.3));
      total += lengths.back();
    }
    double begin = begin_;
    for (std::size_t i = 0; i < word.size(); ++i) {
      const double duration = (end_ - begin_) * lengths[i] / total;
      for (const Formant& formant : word[i].formants) resound(formant, begin, duration);
      begin += duration;
    }
  }

  /// Spikes of fibres that hear nothing.
  void add_noise() {
    const std::uint64_t count = 50 + random_.below(200);
    for (std::uint64_t i = 0; i < count; ++i) {
      const double time = random_.uniform(0.0, made_up_word_duration);
      spikes_.push_back({time, static_cast<std::uint32_t>(random_.below(ear_channels))});
    }
  }

  [[nodiscard]] std::vector<ChannelSpike> take() { return std::move(spikes_); }

 private:
  /// A Poisson process along a line through time and channels.
  void resound(const Formant& formant, double begin, double duration) {
    const double shift = voice_ + 8.0 * random_.normal();
    const double mean_interval = 1.0 / (formant.rate * loudness_);
    for (double after = 0.0;;) {
      after -= mean_interval * std::log(random_.uniform());
      if (after >= duration) return;
      const double centre = formant.from + (formant.to - formant.from) * after / duration;
      const double channel = std::round(centre + shift + formant_width * random_.normal());
      if (channel < 0.0 || channel >= ear_channels) continue;
      spikes_.push_back({begin + after, static_cast<std::uint32_t>(channel)});
    }
  }

  CounterRandom& random_;
  double loudness_, voice_;  // voice: shift of all formants, channels
  double begin_, end_;       // ms
  std::vector<ChannelSpike> spikes_;
};

class MadeUpWords : public Dataset {
 public:
  MadeUpWords(std::uint64_t seed, RandomPurpose purpose, std::size_t size,
              const std::vector<Word>& words)
      : seed_(seed), purpose_(purpose), size_(size), words_(words) {
    if (size == 0) core::refuse("made-up words", "size", 0, "", "must be at least 1");
  }

  std::size_t size() const override { return size_; }
  std::uint32_t channels() const override { return ear_channels; }
  std::uint32_t classes() const override { return static_cast<std::uint32_t>(words_.size()); }

  std::uint32_t label(std::size_t index) const override {
    require_sample(*this, index);
    return static_cast<std::uint32_t>(index % words_.size());
  }

  std::vector<ChannelSpike> spikes(std::size_t index) const override {
    CounterRandom random(seed_, purpose_, index);
    Utterance utterance(random);
    utterance.speak(words_[label(index)]);
    utterance.add_noise();
    return utterance.take();
  }

 private:
  std::uint64_t seed_;
  RandomPurpose purpose_;
  std::size_t size_;
  std::vector<Word> words_;
};

}  // namespace

DatasetSplit made_up_words(std::uint64_t seed, std::size_t training_size, std::size_t test_size,
                           std::uint32_t classes) {
  if (classes == 0) core::refuse("made-up words", "classes", 0, "", "must be at least 1");
  std::vector<Word> words;
  for (std::uint32_t label = 0; label < classes; ++label) words.push_back(make_up(seed, label));
  const auto make = [&](RandomPurpose purpose, std::size_t size) {
    return std::make_shared<MadeUpWords>(seed, purpose, size, words);
  };
  return {.training = make(RandomPurpose::train_word, training_size),
          .test = make(RandomPurpose::test_word, test_size)};
}

}  // namespace eprop::datasets
