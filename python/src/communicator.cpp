#include "communicator.hpp"

#include <pybind11/stl.h>

#include <algorithm>
#include <string_view>

#include "bindings.hpp"
#include "eprop/comm/collectives.hpp"
#include "eprop/comm/join.hpp"
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

/// Whether any rank has been interrupted, and what rank 0 proposes.
py::tuple agree(comm::Communicator& comm, bool interrupted, std::int64_t proposal) {
  struct Vote {
    std::int64_t interrupted;
    std::int64_t proposal;
  };
  std::vector<Vote> votes;
  {
    const py::gil_scoped_release release;
    votes = comm::all_gather(comm, Vote{interrupted ? 1 : 0, proposal});
  }
  const bool any = std::ranges::any_of(votes, [](const Vote& v) { return v.interrupted != 0; });
  return py::make_tuple(any, votes.front().proposal);
}

}  // namespace

void bind_communicator(py::module_& m) {
  using Released = py::call_guard<py::gil_scoped_release>;
  py::class_<comm::Communicator, SharedCommunicator>(m, "Communicator")
      .def_property_readonly("rank", &comm::Communicator::rank)
      .def_property_readonly("size", &comm::Communicator::size)
      .def("fail", &comm::Communicator::fail, Released())
      .def("barrier", &comm::Communicator::barrier, Released())
      .def("broadcast", &broadcast, py::arg("data"))
      .def("all_gather", &all_gather, py::arg("data"))
      .def("__repr__", [](const comm::Communicator& c) {
        return "<Communicator: rank " + std::to_string(c.rank()) + " of " +
               std::to_string(c.size()) + ">";
      });
  m.def("make_serial", []() -> SharedCommunicator { return comm::make_serial(); });
  m.def("agree", &agree);
  m.def("is_mpi_job", &comm::is_mpi_job);
  m.def("launched_rank", []() -> std::optional<int> {
    const auto launched = comm::launched_rank();
    if (!launched) return {};
    return launched->rank;
  });
  m.def("join_world", &comm::join_world, Released());
  m.def(
      "adopt_mpi",
      [](std::uintptr_t address) {
        return comm::adopt_mpi(reinterpret_cast<const void*>(address));  // NOLINT
      },
      Released());
  m.def("leave_mpi", &comm::leave_mpi, Released());
}

}  // namespace eprop::python
