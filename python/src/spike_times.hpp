#pragma once

#include <pybind11/pybind11.h>

#include <string>
#include <vector>

#include "arrays.hpp"
#include "eprop/inputs.hpp"

namespace eprop::python {

/// Spike times in ms from a sequence with an array or a list per neuron. InvalidParameter about
/// population `name` if it is none.
[[nodiscard]] std::vector<std::vector<double>> spike_times(py::handle per_neuron,
                                                           const std::string& name);

/// Spike times in ms from [step][neuron], true where a neuron spikes: those of row i are
/// (first_step + i) * dt.
[[nodiscard]] std::vector<std::vector<double>> spike_times(const Numbers<bool>& spikes,
                                                           std::int64_t first_step, double dt);

/// Amplitudes as [generator][time], or [time] of one generator.
[[nodiscard]] StepRates step_rates(const Numbers<double>& times, const Numbers<double>& amplitudes,
                                   bool round_times);

}  // namespace eprop::python
