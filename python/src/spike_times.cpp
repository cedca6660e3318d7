#include "spike_times.hpp"

#include <fmt/format.h>

#include "eprop/errors.hpp"
#include "values.hpp"

namespace eprop::python {

std::vector<std::vector<double>> spike_times(py::handle per_neuron, const std::string& name) {
  const auto thing = "population '" + name + "'";
  if (!py::isinstance<py::sequence>(per_neuron) || py::isinstance<py::str>(per_neuron)) {
    refuse(thing, "times", per_neuron, "must have the times of each neuron: [[...], ...]");
  }
  const auto sequence = py::reinterpret_borrow<py::sequence>(per_neuron);
  std::vector<std::vector<double>> times;
  times.reserve(sequence.size());
  for (const auto& of_neuron : sequence) {
    const auto array = Numbers<double>::ensure(of_neuron);
    if (!array || array.ndim() != 1) {
      PyErr_Clear();
      refuse(thing, fmt::format("times[{}]", times.size()), of_neuron,
             "must be a list of times in ms");
    }
    times.push_back(as_vector(array));
  }
  return times;
}

std::vector<std::vector<double>> spike_times(const Numbers<bool>& spikes, std::int64_t first_step,
                                             double dt) {
  return times_of_neurons<double>(
      spikes, [&](Step step) { return static_cast<double>(first_step + step) * dt; });
}

StepRates step_rates(const Numbers<double>& times, const Numbers<double>& amplitudes,
                     bool round_times) {
  StepRates rates{as_vector(times), {}, round_times};
  if (amplitudes.ndim() == 1) {
    rates.amplitudes.push_back(as_vector(amplitudes));
    return rates;
  }
  if (amplitudes.ndim() != 2) {
    throw InvalidParameter("StepRates: amplitudes: must have the dimensions [generator][time]");
  }
  const auto all = as_span(amplitudes);
  const auto n = static_cast<std::size_t>(amplitudes.shape(1));
  for (py::ssize_t g = 0; g < amplitudes.shape(0); ++g) {
    const auto row = all.subspan(static_cast<std::size_t>(g) * n, n);
    rates.amplitudes.emplace_back(row.begin(), row.end());
  }
  return rates;
}

}  // namespace eprop::python
