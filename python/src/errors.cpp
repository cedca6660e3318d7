#include "eprop/errors.hpp"

#include "bindings.hpp"
#include "eprop/comm/errors.hpp"
#include "shared_object.hpp"

namespace eprop::python {
namespace {

/// Sets the exception of that name, which eprop/_errors.py defines, with the C++ message.
void set(const char* name, const std::exception& error) {
  const auto type = py::module_::import("eprop._errors").attr(name);
  PyErr_SetString(type.ptr(), error.what());
}

void set_diverged(const Diverged& error) {
  const auto type = py::module_::import("eprop._errors").attr("Diverged");
  const py::object diverged = type(error.what(), error.step());
  PyErr_SetObject(type.ptr(), diverged.ptr());
}

}  // namespace

void bind_errors(py::module_& /*m*/) {
  // NOLINTNEXTLINE(performance-unnecessary-value-param): the type is given
  py::register_exception_translator([](std::exception_ptr thrown) {
    try {
      if (thrown) std::rethrow_exception(thrown);
    } catch (const RaisedInPython& error) {
      const auto& exception = error.exception();
      PyErr_SetObject(py::type::of(exception).ptr(), exception.ptr());
    } catch (const InvalidParameter& error) {
      set("InvalidParameter", error);
    } catch (const DamagedOutput& error) {
      set("DamagedOutput", error);
    } catch (const OutputError& error) {
      set("OutputError", error);
    } catch (const CheckpointError& error) {
      set("CheckpointError", error);
    } catch (const DatasetError& error) {
      set("DatasetError", error);
    } catch (const Diverged& error) {
      set_diverged(error);
    } catch (const comm::OutOfMemory& error) {
      set("OutOfMemory", error);
    } catch (const comm::CommError& error) {
      set("CommError", error);
    }
  });
}

}  // namespace eprop::python
