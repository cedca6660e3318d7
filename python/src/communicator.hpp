#pragma once

#include <memory>

#include "eprop/comm/communicator.hpp"

namespace eprop::python {

/// Communicators are shared with what uses them: a simulation keeps its own.
using SharedCommunicator = std::shared_ptr<comm::Communicator>;

}  // namespace eprop::python
