#include <benchmark/benchmark.h>

#include <array>
#include <random>
#include <vector>

/// A step of 8 samples of a small dense network: the weights of the sources that spike are added to
/// the inputs of 100 neurons. Neighbouring lanes of the processor either have neighbouring neurons,
/// sample after sample, or the 8 samples of a neuron. All other work of a step takes as many vector
/// operations in either order.
namespace eprop {
namespace {

constexpr std::size_t neurons = 100, sources = 140, samples = 8, steps = 1000;

struct Spikes {
  /// `rate` in spikes/s, steps of 1 ms.
  explicit Spikes(double rate) : z(steps * sources) {
    std::mt19937 random(1);
    std::bernoulli_distribution spikes(rate / 1000.0);
    for (auto& of_source : z) {
      for (auto& of_sample : of_source) of_sample = spikes(random) ? 1.0 : 0.0;
    }
    for (std::size_t t = 0; t < steps; ++t) {
      for (std::size_t s = 0; s < samples; ++s) {
        for (std::size_t i = 0; i < sources; ++i) {
          if (z[t * sources + i][s] > 0.0) of_sample[s].push_back(static_cast<std::uint32_t>(i));
        }
        ends[s].push_back(of_sample[s].size());
      }
      for (std::size_t i = 0; i < sources; ++i) {
        double any = 0.0;
        for (const double spike : z[t * sources + i]) any += spike;
        if (any > 0.0) of_any.push_back(static_cast<std::uint32_t>(i));
      }
      ends_of_any.push_back(of_any.size());
    }
  }

  std::vector<std::array<double, samples>> z;  ///< [step][source][sample]
  std::array<std::vector<std::uint32_t>, samples> of_sample;
  std::array<std::vector<std::size_t>, samples> ends;  ///< [sample][step]
  std::vector<std::uint32_t> of_any;                   ///< sources that spike in any sample
  std::vector<std::size_t> ends_of_any;
};

void neurons_in_lanes(benchmark::State& state) {
  const Spikes spikes(static_cast<double>(state.range(0)));
  const std::vector<double> weights(sources * neurons, 0.1);
  for (auto _ : state) {
    for (std::size_t s = 0; s < samples; ++s) {
      std::size_t spike = 0;
      for (std::size_t t = 0; t < steps; ++t) {
        alignas(64) std::array<double, neurons> input = {};
        for (; spike < spikes.ends[s][t]; ++spike) {
          const double* w = weights.data() + spikes.of_sample[s][spike] * neurons;
          for (std::size_t j = 0; j < neurons; ++j) input[j] += w[j];
        }
        benchmark::DoNotOptimize(input);
      }
    }
  }
}

void samples_in_lanes(benchmark::State& state) {
  const Spikes spikes(static_cast<double>(state.range(0)));
  const std::vector<double> weights(sources * neurons, 0.1);
  for (auto _ : state) {
    std::size_t spike = 0;
    for (std::size_t t = 0; t < steps; ++t) {
      alignas(64) std::array<double, neurons* samples> input = {};
      for (; spike < spikes.ends_of_any[t]; ++spike) {
        const auto source = spikes.of_any[spike];
        const auto& z = spikes.z[t * sources + source];
        const double* w = weights.data() + source * neurons;
        for (std::size_t j = 0; j < neurons; ++j) {
          for (std::size_t s = 0; s < samples; ++s) input[j * samples + s] += w[j] * z[s];
        }
      }
      benchmark::DoNotOptimize(input);
    }
  }
}

BENCHMARK(neurons_in_lanes)->Arg(10)->Arg(50)->Unit(benchmark::kMillisecond);
BENCHMARK(samples_in_lanes)->Arg(10)->Arg(50)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace eprop
