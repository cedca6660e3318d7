#pragma once

#include <pybind11/pybind11.h>

#include <memory>
#include <stdexcept>
#include <utility>

namespace eprop::python {

namespace py = pybind11;

/// A Python object that threads of C++ may copy and destroy.
class SharedObject {
 public:
  explicit SharedObject(const py::object& object)
      : object_(new py::object(object), [](py::object* p) {
          const py::gil_scoped_acquire acquire;
          delete p;
        }) {}
  [[nodiscard]] const py::object& operator*() const { return *object_; }
  [[nodiscard]] const py::object* operator->() const { return object_.get(); }

 private:
  std::shared_ptr<py::object> object_;
};

/// An exception of Python on its way through C++, which may keep it, in any thread, and throw it
/// again and again.
class RaisedInPython : public std::runtime_error {
 public:
  explicit RaisedInPython(const py::error_already_set& error)
      : std::runtime_error(error.what()), exception_(error.value()) {
    if (error.trace()) PyException_SetTraceback(error.value().ptr(), error.trace().ptr());
  }
  [[nodiscard]] const py::object& exception() const { return *exception_; }

 private:
  SharedObject exception_;
};

/// What a function of C++ that calls Python returns, in any thread.
template <class Call>
auto calling_python(Call&& call) {
  const py::gil_scoped_acquire acquire;
  try {
    return call();
  } catch (const py::error_already_set& error) {
    throw RaisedInPython(error);
  }
}

}  // namespace eprop::python
