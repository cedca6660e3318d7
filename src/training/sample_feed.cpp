#include "training/sample_feed.hpp"

#include <boost/crc.hpp>
#include <utility>

#include "core/spike_events.hpp"
#include "training/check_training.hpp"

namespace eprop::training {

void SampleFeed::draw(const PhaseSequence& phases) {
  const bool first = drawn_++ == 0;
  if (ahead_.valid()) {
    pending_ = ahead_.get();
  } else {
    pending_ = {.samples = drawn(first ? phases.phase() : phases.after(1).phase()), .inputs = {}};
  }
  for (const auto& sample : pending_.samples) labels_.push_back(sample.label);
}

void SampleFeed::append_to(Simulation& simulation) {
  auto inputs = std::exchange(pending_.inputs, std::nullopt);
  if (!inputs) inputs = inputs_of(pending_.samples, drawn_ - 1);
  if (task_.window_signal) simulation.append_rates(*task_.window_signal, inputs->windows);
  simulation.append_events(task_.in, std::move(inputs->spikes));
  simulation.append_rates(task_.target, inputs->targets);
}

void SampleFeed::draw_during(const std::function<void()>& simulate, const PhaseSequence& phases) {
  if (phases.after(1).finished()) {
    simulate();
    return;
  }
  const auto phase = phases.after(2).phase();
  auto ahead = std::async(std::launch::async, [this, phase] {
    Drawn next{.samples = drawn(phase), .inputs = {}};
    next.inputs = inputs_of(next.samples, drawn_);
    return next;
  });
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
  for (const auto& sample : pending_.samples) {
    for (const auto& spikes : sample.spikes) add(spikes);
    add(sample.target_steps);
    for (const auto& target : sample.target) add(target);
    crc.process_bytes(&sample.label, sizeof(sample.label));
  }
  return crc.checksum();
}

std::vector<Sample> SampleFeed::drawn(Phase phase) {
  auto samples = task_.next(phase);
  check_samples(task_, samples);
  return samples;
}

SampleFeed::Inputs SampleFeed::inputs_of(const std::vector<Sample>& samples,
                                         std::int64_t iteration) const {
  std::vector<Step> begins;
  for (Step i = 0; i < task_.batch_size; ++i) {
    begins.push_back((iteration * task_.batch_size + i) * task_.sequence);
  }
  return {spikes_of(samples, begins), targets_of(samples, begins), windows(begins)};
}

double SampleFeed::time_of(Step step) const {
  return static_cast<double>(step) * task_.network.options().dt;
}

SpikeEvents SampleFeed::spikes_of(const std::vector<Sample>& samples,
                                  std::span<const Step> begins) const {
  SpikeEvents events;
  std::size_t n = 0;
  for (const auto& sample : samples) {
    for (const auto& steps : sample.spikes) n += steps.size();
  }
  events.steps.reserve(n);
  events.neurons.reserve(n);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const Step begin = begins[i];
    const auto& spikes = samples[i].spikes;
    for (std::uint32_t neuron = 0; neuron < spikes.size(); ++neuron) {
      for (const Step step : spikes[neuron]) events.steps.push_back(begin + step);
      events.neurons.insert(events.neurons.end(), spikes[neuron].size(), neuron);
    }
  }
  core::put_in_order(events);
  return events;
}

StepRates SampleFeed::targets_of(const std::vector<Sample>& samples,
                                 std::span<const Step> begins) const {
  StepRates rates{{}, std::vector<std::vector<double>>(task_.network.at(task_.out).size)};
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const auto& sample = samples[i];
    const Step begin = begins[i] + target_offset_;
    for (const Step step : sample.target_steps) rates.times.push_back(time_of(begin + step));
    for (std::size_t k = 0; k < rates.amplitudes.size(); ++k) {
      auto& amplitudes = rates.amplitudes[k];
      amplitudes.insert(amplitudes.end(), sample.target[k].begin(), sample.target[k].end());
    }
  }
  return rates;
}

StepRates SampleFeed::windows(std::span<const Step> begins) const {
  StepRates rates{{}, std::vector<std::vector<double>>(1)};
  const auto from = [&](Step step, double amplitude) {
    rates.times.push_back(time_of(step));
    rates.amplitudes[0].push_back(amplitude);
  };
  for (const Step begin : begins) {
    const auto first = begin + target_offset_;
    if (task_.window < task_.sequence) from(first, 0.0);
    from(first + task_.sequence - task_.window, 1.0);
  }
  return rates;
}

}  // namespace eprop::training
