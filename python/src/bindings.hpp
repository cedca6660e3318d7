#pragma once

#include <pybind11/pybind11.h>

/// The parts of the module eprop._core. It is what the Python files of the package are made with;
/// what users see and read is there.
namespace eprop::python {

namespace py = pybind11;

void bind_errors(py::module_& m);
void bind_values(py::module_& m);
void bind_neuron_models(py::module_& m);
void bind_synapse_models(py::module_& m);
void bind_network(py::module_& m);
void bind_communicator(py::module_& m);
void bind_simulation(py::module_& m);
void bind_learning_rates(py::module_& m);
void bind_training(py::module_& m);
void bind_datasets(py::module_& m);

}  // namespace eprop::python
