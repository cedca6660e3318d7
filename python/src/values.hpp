#pragma once

#include <pybind11/pybind11.h>

#include <cstddef>
#include <string_view>
#include <vector>

#include "eprop/value.hpp"

namespace eprop::python {

namespace py = pybind11;

/// The number, array or distribution that a user gives for a parameter. Of an array with several
/// dimensions, `shape` gets them, where it is not null; otherwise it is refused. InvalidParameter
/// about `thing` and `parameter` if it is none of these.
[[nodiscard]] Value to_value(py::handle given, std::string_view thing, std::string_view parameter,
                             std::vector<std::size_t>* shape = nullptr);

/// A float, an array or a distribution.
[[nodiscard]] py::object from_value(const Value& value);

/// Throws InvalidParameter: THING: PARAMETER = GIVEN: RULE.
[[noreturn]] void refuse(std::string_view thing, std::string_view parameter, py::handle given,
                         std::string_view rule);

}  // namespace eprop::python
