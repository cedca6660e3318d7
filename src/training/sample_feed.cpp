#include "training/sample_feed.hpp"

#include <boost/crc.hpp>
#include <utility>

#include "training/check_training.hpp"

namespace eprop::training {

void SampleFeed::draw(const PhaseSequence& phases) {
  const bool first = drawn_++ == 0;
  if (ahead_.valid()) {
    pending_ = ahead_.get();
  } else {
    pending_ = task_.next(first ? phases.phase() : phases.after(1).phase());
  }
  check_samples(task_, pending_);
  for (const auto& sample : pending_) labels_.push_back(sample.label);
}

void SampleFeed::append_to(Simulation& simulation) const {
  if (task_.window_signal) simulation.append_rates(*task_.window_signal, windows());
  simulation.append_spikes(task_.in, spikes());
  simulation.append_rates(task_.target, targets());
}

void SampleFeed::draw_during(const std::function<void()>& simulate, const PhaseSequence& phases) {
  if (phases.after(1).finished()) {
    simulate();
    return;
  }
  const auto phase = phases.after(2).phase();
  auto ahead = std::async(std::launch::async, [this, phase] { return task_.next(phase); });
  simulate();
  ahead.wait();
  ahead_ = std::move(ahead);
}

std::vector<int> SampleFeed::take_labels() {
  const auto end = labels_.begin() + task_.batch_size;
  std::vector<int> labels(labels_.begin(), end);
  labels_.erase(labels_.begin(), end);
  return labels;
}

std::uint32_t SampleFeed::checksum() const {
  boost::crc_32_type crc;
  const auto add = [&](const auto& values) {
    crc.process_bytes(values.data(), values.size() * sizeof(values[0]));
  };
  for (const auto& sample : pending_) {
    for (const auto& spikes : sample.spikes) add(spikes);
    add(sample.target_steps);
    for (const auto& target : sample.target) add(target);
    crc.process_bytes(&sample.label, sizeof(sample.label));
  }
  return crc.checksum();
}

double SampleFeed::time_of(Step step) const {
  return static_cast<double>(step) * task_.network.options().dt;
}

Step SampleFeed::begin_of(std::size_t i) const {
  return ((drawn_ - 1) * task_.batch_size + static_cast<Step>(i)) * task_.sequence;
}

std::vector<std::vector<double>> SampleFeed::spikes() const {
  std::vector<std::vector<double>> times(task_.network.at(task_.in).size);
  for (std::size_t neuron = 0; neuron < times.size(); ++neuron) {
    std::size_t n = 0;
    for (const auto& sample : pending_) n += sample.spikes[neuron].size();
    times[neuron].reserve(n);
    for (std::size_t i = 0; i < pending_.size(); ++i) {
      for (const auto step : pending_[i].spikes[neuron]) {
        times[neuron].push_back(time_of(begin_of(i) + step));
      }
    }
  }
  return times;
}

StepRates SampleFeed::targets() const {
  StepRates rates{{}, std::vector<std::vector<double>>(task_.network.at(task_.out).size)};
  for (std::size_t i = 0; i < pending_.size(); ++i) {
    const auto& sample = pending_[i];
    for (std::size_t change = 0; change < sample.target_steps.size(); ++change) {
      rates.times.push_back(time_of(begin_of(i) + target_offset_ + sample.target_steps[change]));
      for (std::size_t k = 0; k < rates.amplitudes.size(); ++k) {
        rates.amplitudes[k].push_back(sample.target[k][change]);
      }
    }
  }
  return rates;
}

StepRates SampleFeed::windows() const {
  StepRates rates{{}, std::vector<std::vector<double>>(1)};
  const auto from = [&](Step step, double amplitude) {
    rates.times.push_back(time_of(step));
    rates.amplitudes[0].push_back(amplitude);
  };
  for (std::size_t i = 0; i < pending_.size(); ++i) {
    const auto first = begin_of(i) + target_offset_;
    if (task_.window < task_.sequence) from(first, 0.0);
    from(first + task_.sequence - task_.window, 1.0);
  }
  return rates;
}

}  // namespace eprop::training
