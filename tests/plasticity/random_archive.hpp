#pragma once

#include <random>
#include <vector>

#include "plasticity/interval_gradient.hpp"

namespace eprop::testing {

/// Rows of random numbers as an interval leaves them: errors of two populations of readouts,
/// surrogate gradients of n neurons and the connections between them.
struct RandomArchive {
  RandomArchive(std::uint32_t neurons, Step T, std::int64_t k, unsigned seed)
      : n(neurons), interval(plasticity::interval(k, T)), random(seed) {
    surrogate_gradient = core::StepRing(T + 3, n);
    for (Step t = interval.first; t < interval.last; ++t) {
      fill(surrogate_gradient.row(t), n, 0.0, 0.5);
    }
    archive.regularization.resize(n);
    fill(archive.regularization.data(), n, -0.1, 0.1);
    for (const std::uint32_t readouts : {2U, 3U}) errors.emplace_back(T + 4, readouts);
    for (auto& ring : errors) {
      for (Step t = interval.first; t < interval.last + 2; ++t) {
        fill(ring.row(t), ring.columns(), -1.0, 1.0);
      }
    }
    for (const auto& ring : errors) {
      plasticity::SignalWeights signal;
      signal.readouts = static_cast<std::uint32_t>(ring.columns());
      signal.neurons = n;
      signal.B.resize(ring.columns() * n);
      fill(signal.B.data(), signal.B.size(), -2.0, 2.0);
      signal.B[1] = 0.0;  // not connected
      signal.errors = &ring;
      signals.push_back(signal);
    }
  }

  RandomArchive(const RandomArchive&) = delete;
  RandomArchive& operator=(const RandomArchive&) = delete;

  void fill(double* x, std::size_t size, double low, double high) {
    std::uniform_real_distribution<double> draw(low, high);
    for (std::size_t i = 0; i < size; ++i) x[i] = draw(random);
  }

  /// A neuron receives a spike in a step with probability 1/4; [step of the interval].
  std::vector<bool> arrivals() {
    std::vector<bool> z(static_cast<std::size_t>(interval.last - interval.first));
    for (auto&& arrives : z) arrives = random() % 4 == 0;
    return z;
  }

  /// L_j(t) = sum_k B_jk E_k(t+2)
  [[nodiscard]] double learning_signal(std::uint32_t j, Step t) const {
    double L = 0.0;
    for (const auto& signal : signals) {
      for (std::uint32_t k = 0; k < signal.readouts; ++k) {
        L += signal.B[k * n + j] * signal.errors->row(t + 2)[k];
      }
    }
    return L;
  }

  std::uint32_t n;
  plasticity::Interval interval;
  std::mt19937 random;
  std::vector<core::StepRing> errors;
  core::StepRing surrogate_gradient;
  plasticity::RecurrentArchive archive;
  std::vector<plasticity::SignalWeights> signals;
};

}  // namespace eprop::testing
