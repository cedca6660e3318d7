#pragma once

#include "eprop/neuron_models.hpp"

namespace eprop::python {

/// What all classes of neuron models derive from in Python.
struct AnyNeurons {
  NeuronModel model;
};

}  // namespace eprop::python
