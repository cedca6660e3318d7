#include "values.hpp"

#include <fmt/format.h>

#include <string>

#include "arrays.hpp"
#include "bindings.hpp"
#include "eprop/errors.hpp"

namespace eprop::python {
namespace {

/// An array of more than one element, or a sequence of numbers.
Value array_value(py::handle given, std::string_view thing, std::string_view parameter,
                  std::vector<std::size_t>* shape) {
  constexpr std::string_view rule = "must be a number, an array of numbers, Normal or Uniform";
  if (py::isinstance<py::str>(given) || py::isinstance<py::dict>(given) || given.is_none()) {
    refuse(thing, parameter, given, rule);
  }
  const auto array = Numbers<double>::ensure(given);
  if (!array) {
    PyErr_Clear();
    refuse(thing, parameter, given, rule);
  }
  if (array.ndim() == 0) return *array.data();
  if (array.ndim() > 1) {
    if (shape == nullptr) refuse(thing, parameter, given, "must have one dimension");
    shape->assign(array.shape(), array.shape() + array.ndim());
  }
  return as_vector(array);
}

}  // namespace

void refuse(std::string_view thing, std::string_view parameter, py::handle given,
            std::string_view rule) {
  throw InvalidParameter(
      fmt::format("{}: {} = {}: {}", thing, parameter, std::string(py::repr(given)), rule));
}

Value to_value(py::handle given, std::string_view thing, std::string_view parameter,
               std::vector<std::size_t>* shape) {
  if (shape != nullptr) shape->clear();
  if (py::isinstance<Normal>(given)) return given.cast<Normal>();
  if (py::isinstance<Uniform>(given)) return given.cast<Uniform>();
  if (PyFloat_Check(given.ptr()) || PyLong_Check(given.ptr())) return given.cast<double>();
  return array_value(given, thing, parameter, shape);
}

py::object from_value(const Value& value) {
  const auto convert = []<class T>(const T& content) -> py::object {
    if constexpr (std::is_same_v<T, Value::Array>) {
      return as_array(Value::Array(content));
    } else {
      return py::cast(content);
    }
  };
  return std::visit(convert, value.content());
}

void bind_values(py::module_& m) {
  py::class_<Normal>(m, "Normal", "Normal distribution; std >= 0.")
      .def(py::init<double, double>(), py::arg("mean") = 0.0, py::arg("std") = 1.0)
      .def_readwrite("mean", &Normal::mean)
      .def_readwrite("std", &Normal::std)
      .def(
          "__eq__",
          [](const Normal& a, const Normal& b) { return a.mean == b.mean && a.std == b.std; },
          py::is_operator())
      .def("__repr__",
           [](const Normal& n) { return fmt::format("Normal(mean={}, std={})", n.mean, n.std); });
  py::class_<Uniform>(m, "Uniform", "Uniform distribution on [low, high).")
      .def(py::init<double, double>(), py::arg("low") = 0.0, py::arg("high") = 1.0)
      .def_readwrite("low", &Uniform::low)
      .def_readwrite("high", &Uniform::high)
      .def(
          "__eq__",
          [](const Uniform& a, const Uniform& b) { return a.low == b.low && a.high == b.high; },
          py::is_operator())
      .def("__repr__",
           [](const Uniform& u) { return fmt::format("Uniform(low={}, high={})", u.low, u.high); });
}

}  // namespace eprop::python
