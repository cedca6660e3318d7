#pragma once

#include <pybind11/numpy.h>

#include <cstddef>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace eprop::python {

namespace py = pybind11;

/// Contiguous numbers of an array or of what numpy makes one of.
template <class T>
using Numbers = py::array_t<T, py::array::c_style | py::array::forcecast>;

/// An array that takes the vector over, without a copy; of the shape given, or 1-D.
template <class T>
py::array as_array(std::vector<T>&& numbers, std::vector<std::size_t> shape = {}) {
  if (shape.empty()) shape = {numbers.size()};
  auto owned = std::make_unique<std::vector<T>>(std::move(numbers));
  T* const data = owned->data();
  const py::capsule owner(owned.release(), [](void* p) { delete static_cast<std::vector<T>*>(p); });
  return py::array_t<T>(std::vector<py::ssize_t>(shape.begin(), shape.end()), data, owner);
}

template <class T>
std::span<const T> as_span(const Numbers<T>& array) {
  return {array.data(), static_cast<std::size_t>(array.size())};
}

template <class T>
std::vector<T> as_vector(const Numbers<T>& array) {
  const auto all = as_span(array);
  return {all.begin(), all.end()};
}

}  // namespace eprop::python
