#pragma once

#include <pybind11/pybind11.h>

#include "eprop/learning_rate_schedule.hpp"
#include "eprop/task.hpp"

namespace eprop::python {

namespace py = pybind11;

/// What all classes of learning rates derive from.
struct AnyLearningRate {
  LearningRateSchedule schedule;
};

/// The schedule that a user gives: a number, a function of n, or one of the classes.
[[nodiscard]] LearningRateSchedule to_schedule(const py::object& given);

}  // namespace eprop::python
