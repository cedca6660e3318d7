#pragma once

#include <stdexcept>

#include "eprop/comm/agreement.hpp"

namespace eprop::training {

/// Calls f() on rank 0; what it refuses, all ranks do.
template <class F>
void on_first_rank(comm::Communicator& comm, F&& f) {
  comm::on_first_rank<std::runtime_error, std::logic_error>(comm, "preparing the training", f);
}

}  // namespace eprop::training
