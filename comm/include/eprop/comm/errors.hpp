#pragma once

#include <new>
#include <stdexcept>
#include <string>

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

/// A rank has not enough memory; what() says which and for what.
class OutOfMemory : public std::bad_alloc {
 public:
  explicit OutOfMemory(const std::string& message) : message_(message) {}
  [[nodiscard]] const char* what() const noexcept override { return message_.what(); }

 private:
  std::runtime_error message_;  ///< copied without throwing
};

}  // namespace eprop::comm
