#pragma once

#include <pybind11/stl.h>

#include <string>
#include <type_traits>

#include "described.hpp"
#include "values.hpp"

/// Fields whose values pybind11 converts.
namespace eprop::python {

template <class T>
constexpr std::string_view kind_of_value() {
  if constexpr (std::is_same_v<T, bool>) return "must be true or false";
  if constexpr (std::is_integral_v<T>) return "must be a whole number";
  if constexpr (std::is_floating_point_v<T>) return "must be a number";
  if constexpr (std::is_same_v<T, std::string>) return "must be text";
  return "must be a number or None";
}

/// Takes over what a user gives; InvalidParameter about `thing` and `parameter` if it is of another
/// kind.
template <class T>
void assign(T& into, py::handle value, std::string_view thing, std::string_view parameter) {
  try {
    into = value.cast<T>();
  } catch (const py::cast_error&) {
    refuse(thing, parameter, value, kind_of_value<T>());
  }
}

/// A member of what Class::get() gives, of a class of that name in Python.
template <class Class, class Owner, class Member>
Field<Class> plain(std::string name, std::string unit, std::string rule, Member Owner::*member) {
  const auto get = [member](const Class& c) { return py::cast(c.get().*member); };
  const auto set = [member, name](Class& c, py::handle value) {
    const auto thing = std::string(py::str(py::type::of<Class>().attr("__name__")));
    assign(c.get().*member, value, thing, name);
  };
  return {std::move(name), std::move(unit), std::move(rule), get, set};
}

}  // namespace eprop::python
