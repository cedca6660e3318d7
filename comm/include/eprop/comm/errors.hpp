#pragma once

#include <stdexcept>

namespace eprop::comm {

/// The transport failed or was asked for what it cannot do; what() says which operation and which
/// value.
struct CommError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Thrown on every rank of a thread communicator once one of them has failed; what() is that rank's
/// message.
struct RankFailure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace eprop::comm
