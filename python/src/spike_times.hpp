#pragma once

#include <pybind11/pybind11.h>

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "arrays.hpp"
#include "eprop/inputs.hpp"
#include "eprop/step.hpp"

namespace eprop::python {

/// Spike times in ms from a sequence with an array or a list per neuron. InvalidParameter about
/// population `name` if it is none.
[[nodiscard]] std::vector<std::vector<double>> spike_times(py::handle per_neuron,
                                                           const std::string& name);

/// Calls visit(i) for the bytes of a word that are not 0, which few are, in order.
template <class Visit>
void for_each_byte(std::uint64_t word, Visit&& visit) {
  constexpr bool little = std::endian::native == std::endian::little;
  while (word != 0) {
    const int i = (little ? std::countr_zero(word) : std::countl_zero(word)) / 8;
    visit(static_cast<std::size_t>(i));
    word &= ~(std::uint64_t{0xff} << (8 * (little ? i : 7 - i)));
  }
}

/// Of each neuron time_of(step) for the steps in which [step][neuron] is true.
template <class Time, class TimeOf>
std::vector<std::vector<Time>> times_of_neurons(const Numbers<bool>& spikes, TimeOf&& time_of) {
  constexpr std::size_t at_once = sizeof(std::uint64_t);
  const auto neurons = static_cast<std::size_t>(spikes.shape(1));
  std::vector<std::vector<Time>> times(neurons);
  for (py::ssize_t step = 0; step < spikes.shape(0); ++step) {
    const bool* const row = spikes.data() + static_cast<std::size_t>(step) * neurons;
    std::size_t begin = 0;
    for (; begin + at_once <= neurons; begin += at_once) {
      std::uint64_t word = 0;
      std::memcpy(&word, row + begin, at_once);
      for_each_byte(word, [&](std::size_t i) { times[begin + i].push_back(time_of(step)); });
    }
    for (; begin < neurons; ++begin) {
      if (row[begin]) times[begin].push_back(time_of(step));
    }
  }
  return times;
}

/// Spike times in ms from [step][neuron], true where a neuron spikes: those of row i are
/// (first_step + i) * dt.
[[nodiscard]] std::vector<std::vector<double>> spike_times(const Numbers<bool>& spikes,
                                                           std::int64_t first_step, double dt);

/// Amplitudes as [generator][time], or [time] of one generator.
[[nodiscard]] StepRates step_rates(const Numbers<double>& times, const Numbers<double>& amplitudes,
                                   bool round_times);

}  // namespace eprop::python
