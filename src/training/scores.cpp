#include "training/scores.hpp"

#include <algorithm>
#include <numeric>

#include "network/model_traits.hpp"

namespace eprop::training {
namespace {

double sum(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

}  // namespace

std::size_t predicted_class(const IntervalLoss& sample) {
  const auto best = std::max_element(sample.readout.begin(), sample.readout.end());
  return static_cast<std::size_t>(best - sample.readout.begin());
}

Score score(const Task& task, const std::vector<IntervalLoss>& samples,
            std::span<const int> labels) {
  const bool softmax = network::is_softmax(std::get<NeuronModel>(task.network.at(task.out).what));
  double loss = 0.0, wrong = 0.0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const auto& sample = samples[i];
    loss += softmax ? sum(sample.cross_entropy) / static_cast<double>(task.window)
                    : 0.5 * sum(sample.squared_error) / static_cast<double>(sample.readout.size());
    if (!task.classifies) continue;
    wrong += predicted_class(sample) != static_cast<std::size_t>(labels[i]) ? 1.0 : 0.0;
  }
  const auto n = static_cast<double>(samples.size());
  return {loss / n, wrong / n};
}

void count_predictions(const std::vector<IntervalLoss>& samples, std::span<const int> labels,
                       std::vector<std::int64_t>& confusion) {
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const auto row = static_cast<std::size_t>(labels[i]) * samples[i].readout.size();
    ++confusion[row + predicted_class(samples[i])];
  }
}

}  // namespace eprop::training
