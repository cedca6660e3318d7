#include "support/tutorial_network.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace eprop::examples {
namespace {

Matrix normals(LegacyRandom& random, std::size_t rows, std::size_t cols) {
  return Matrix::from_rows(rows, cols, random.normals(rows * cols));
}

/// Part of a population-wide matrix.
struct Part {
  std::size_t first_target, targets, first_source, sources;
};

Projection connect_part(Network& network, Population source, Population target,
                        const Matrix& weights, const Matrix& mask, const Part& part,
                        const SynapseModel& synapse) {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  WeightMatrix matrix{
      static_cast<std::uint32_t>(part.targets), static_cast<std::uint32_t>(part.sources), {}};
  for (std::size_t t = 0; t < part.targets; ++t) {
    for (std::size_t s = 0; s < part.sources; ++s) {
      const auto row = part.first_target + t, column = part.first_source + s;
      const bool autapse = source.index == target.index && s == t;
      const bool masked = !mask.data.empty() && mask.at(row, column) == 0.0;
      matrix.weights.push_back(autapse || masked ? none : weights.at(row, column));
    }
  }
  return network.connect(source, target, matrix, synapse);
}

}  // namespace

TutorialWeights draw_weights(LegacyRandom& random, std::size_t n_in, std::size_t n_rec,
                             std::size_t n_out, ReadoutWeights kind) {
  const double root_rec = std::sqrt(static_cast<double>(n_rec));
  TutorialWeights w;
  w.in_rec =
      normals(random, n_in, n_rec).transposed().divided(std::sqrt(static_cast<double>(n_in)));
  w.rec_rec = normals(random, n_rec, n_rec).transposed().divided(root_rec);
  if (kind == ReadoutWeights::normal) {
    w.rec_out = normals(random, n_rec, n_out).transposed().divided(root_rec);
    w.out_rec = normals(random, n_rec, n_out).divided(root_rec);
  } else {
    const double limit = std::sqrt(3.0 / std::max(1.0, static_cast<double>(n_rec + n_out) / 2.0));
    w.rec_out =
        Matrix::from_rows(n_rec, n_out, random.uniforms(n_rec * n_out, -limit, limit)).transposed();
    w.out_rec = normals(random, n_rec, n_out);
  }
  return w;
}

TutorialWeights to_single(const TutorialWeights& w) {
  return {w.in_rec.to_single(), w.rec_rec.to_single(), w.rec_out.to_single(),
          w.out_rec.to_single()};
}

void build_tutorial_network(Task& task, std::uint32_t n_in,
                            const std::vector<RecurrentPopulation>& recurrent, std::uint32_t n_out,
                            const NeuronModel& readout, const TutorialWeights& weights,
                            const SynapseModel& synapse, const TutorialMasks& masks) {
  auto& network = task.network;
  task.in = network.add("in", SpikeTrains{std::vector<std::vector<double>>(n_in)});
  std::vector<Part> rows;  // of each recurrent population
  std::size_t first = 0;
  for (const auto& population : recurrent) {
    task.recurrent.push_back(network.add(population.name, population.size, population.model));
    rows.push_back({first, population.size, 0, 0});
    first += population.size;
  }
  task.out = network.add("out", n_out, readout);
  task.target = network.add("target", StepRates{{}, std::vector<std::vector<double>>(n_out)});
  network.connect_rate(task.target, task.out, RateReceptor::target_signal);

  for (std::size_t j = 0; j < recurrent.size(); ++j) {
    const Part part{rows[j].first_target, rows[j].targets, 0, n_in};
    task.plastic.push_back(connect_part(network, task.in, task.recurrent[j], weights.in_rec,
                                        masks.in_rec, part, synapse));
  }
  for (std::size_t i = 0; i < recurrent.size(); ++i) {
    for (std::size_t j = 0; j < recurrent.size(); ++j) {
      const Part part{rows[j].first_target, rows[j].targets, rows[i].first_target, rows[i].targets};
      task.plastic.push_back(connect_part(network, task.recurrent[i], task.recurrent[j],
                                          weights.rec_rec, masks.rec_rec, part, synapse));
    }
  }
  for (std::size_t i = 0; i < recurrent.size(); ++i) {
    const Part part{0, n_out, rows[i].first_target, rows[i].targets};
    task.plastic.push_back(connect_part(network, task.recurrent[i], task.out, weights.rec_out,
                                        masks.rec_out, part, synapse));
  }
  for (std::size_t j = 0; j < recurrent.size(); ++j) {
    const auto begin =
        weights.out_rec.data.begin() + static_cast<std::ptrdiff_t>(rows[j].first_target * n_out);
    const auto end = begin + static_cast<std::ptrdiff_t>(rows[j].targets * n_out);
    network.connect_learning_signal(task.out, task.recurrent[j], AllToAll{},
                                    Value(std::vector<double>(begin, end)));
  }
}

std::vector<std::vector<Step>> frozen_noise(LegacyRandom& random, Step sequence, std::size_t n_in,
                                            bool skip_first) {
  std::vector<std::vector<Step>> spikes(n_in);
  for (Step step = 0; step < sequence; ++step) {
    random.for_each_below(0.05, n_in, [&](std::size_t i) {
      if (!(skip_first && step == 0)) spikes[i].push_back(step + 1);
    });
  }
  return spikes;
}

Sample sample_of(std::vector<std::vector<Step>> spikes, std::vector<std::vector<double>> target) {
  Sample sample{std::move(spikes), {}, std::move(target), 0};
  for (Step step = 0; step < static_cast<Step>(sample.target[0].size()); ++step) {
    sample.target_steps.push_back(step);
  }
  return sample;
}

}  // namespace eprop::examples
