#pragma once

#include <string>

namespace eprop::testing {

/// The message of the `Error` that `action` throws; empty if it throws nothing. Anything else that
/// it throws fails the test.
template <class Error, class Action>
[[nodiscard]] std::string message_of(Action&& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace eprop::testing
