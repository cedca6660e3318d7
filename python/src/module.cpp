#include "bindings.hpp"

PYBIND11_MODULE(_core, m) {
  using namespace eprop::python;
  m.doc() = "The C++ engine, as the Python files of the package use it.";
  m.attr("__version__") = EPROP_VERSION;
  bind_errors(m);
  bind_values(m);
  bind_neuron_models(m);
  bind_synapse_models(m);
  bind_network(m);
  bind_communicator(m);
  bind_simulation(m);
  bind_learning_rates(m);
  bind_training(m);
  bind_datasets(m);
}
