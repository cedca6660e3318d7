#pragma once

#include <fmt/format.h>
#include <pybind11/pybind11.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "eprop/errors.hpp"

/// Classes of parameters that are given by keyword: `Adam(eta=1e-3)`.
namespace eprop::python {

namespace py = pybind11;

/// A parameter of T.
template <class T>
struct Field {
  std::string name;
  std::string unit;  ///< empty if it has none
  std::string rule;  ///< what its values must be; empty if its kind says all
  std::function<py::object(const T&)> get;
  std::function<void(T&, py::handle)> set;
};

template <class T>
using Fields = std::vector<Field<T>>;

/// The field of that name; InvalidParameter if there is none, which T may throw itself.
template <class T>
const Field<T>& field(const Fields<T>& fields, std::string_view thing, const std::string& name) {
  std::string known;
  for (const auto& field : fields) {
    if (field.name == name) return field;
    known += (known.empty() ? "" : ", ") + field.name;
  }
  if constexpr (requires { T::refuse_unknown(name); }) T::refuse_unknown(name);
  throw InvalidParameter(
      fmt::format("{}: parameter = {}: is not known; there are {}", thing, name, known));
}

/// {name: (unit, default, rule)}
template <class T>
py::dict parameters(const Fields<T>& fields) {
  const T defaults;
  py::dict all;
  for (const auto& f : fields) {
    all[py::str(f.name)] = py::make_tuple(f.unit, f.get(defaults), f.rule);
  }
  return all;
}

/// NAME(parameter=value, ...) with the parameters that differ from their defaults.
template <class T>
std::string described(const std::string& name, const Fields<T>& fields, const T& object) {
  const T defaults;
  std::string text;
  for (const auto& f : fields) {
    const auto words = std::string(py::repr(f.get(object)));
    if (words == std::string(py::repr(f.get(defaults)))) continue;
    text += fmt::format("{}{}={}", text.empty() ? "" : ", ", f.name, words);
  }
  return fmt::format("{}({})", name, text);
}

/// Completes the class of a T: construction by keywords, attributes, repr() and parameters().
/// `thing` is what messages call it.
template <class T, class... Bases>
void bind_fields(py::class_<T, Bases...>& c, const std::string& thing, const Fields<T>& fields) {
  const auto name = std::string(py::str(c.attr("__name__")));
  c.def(py::init([thing, fields](const py::kwargs& given) {
    T object;
    for (const auto& [key, value] : given) {
      field(fields, thing, key.template cast<std::string>()).set(object, value);
    }
    return object;
  }));
  for (const auto& f : fields) {
    const auto doc = fmt::format("{}{}{}", f.unit, f.unit.empty() ? "" : ", ", f.rule);
    c.def_property(
        f.name.c_str(), [f](const T& object) { return f.get(object); },
        [f](T& object, const py::object& value) { f.set(object, value); }, doc.c_str());
  }
  c.def_static("parameters", [fields] { return parameters(fields); });
  c.def("__repr__", [name, fields](const T& object) { return described(name, fields, object); });
  c.def("__copy__", [](const T& object) { return T(object); });
  c.def("__deepcopy__", [](const T& object, const py::dict&) { return T(object); });
}

}  // namespace eprop::python
