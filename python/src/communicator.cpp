#include "communicator.hpp"

#include <pybind11/stl.h>

#include <cstring>
#include <string_view>

#include "bindings.hpp"
#include "eprop/comm/collectives.hpp"
#include "eprop/comm/launch.hpp"

namespace eprop::python {
namespace {

std::span<const std::byte> as_bytes(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

py::bytes to_python(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// What rank 0 passes, on every rank.
py::bytes broadcast(comm::Communicator& comm, const py::bytes& data) {
  const std::string_view mine(data);
  std::uint64_t size = mine.size();
  comm::Bytes all(as_bytes(mine).begin(), as_bytes(mine).end());
  {
    const py::gil_scoped_release release;
    comm.broadcast(std::as_writable_bytes(std::span(&size, 1)), 0);
    all.resize(size);
    comm.broadcast(all, 0);
  }
  return to_python(all);
}

/// What each rank passes, in rank order, on every rank.
py::list all_gather(comm::Communicator& comm, const py::bytes& data) {
  const std::string_view mine(data);
  std::vector<comm::Bytes> all;
  {
    const py::gil_scoped_release release;
    const comm::Bytes message(as_bytes(mine).begin(), as_bytes(mine).end());
    all = comm.all_to_all(std::vector(static_cast<std::size_t>(comm.size()), message));
  }
  py::list list;
  for (const auto& bytes : all) list.append(to_python(bytes));
  return list;
}

}  // namespace

void bind_communicator(py::module_& m) {
  py::class_<comm::Communicator, SharedCommunicator>(m, "Communicator")
      .def_property_readonly("rank", &comm::Communicator::rank)
      .def_property_readonly("size", &comm::Communicator::size)
      .def("barrier", &comm::Communicator::barrier, py::call_guard<py::gil_scoped_release>())
      .def("broadcast", &broadcast, py::arg("data"))
      .def("all_gather", &all_gather, py::arg("data"))
      .def("__repr__", [](const comm::Communicator& c) {
        return "<Communicator: rank " + std::to_string(c.rank()) + " of " +
               std::to_string(c.size()) + ">";
      });
  m.def("make_serial", []() -> SharedCommunicator { return comm::make_serial(); });
}

}  // namespace eprop::python
