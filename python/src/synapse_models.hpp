#pragma once

#include <cstddef>
#include <vector>

#include "eprop/connection_rules.hpp"
#include "eprop/synapse_models.hpp"

namespace eprop::python {

/// What all classes of synapse models derive from in Python: a model, and the shape of the array of
/// weights that it was given, empty if it has one dimension or is none.
struct AnySynapses {
  SynapseModel model;
  std::vector<std::size_t> weight_shape;
};

/// What all classes of optimizers and of connection rules derive from.
struct AnyOptimizer {
  Optimizer optimizer;
};
struct AnyRule {
  ConnectionRule rule;
};

}  // namespace eprop::python
