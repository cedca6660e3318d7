#pragma once

#include <string>

#include "eprop/errors.hpp"
#include "message_of.hpp"

namespace eprop::testing {

/// The message with which `action` is refused; empty if it is not.
template <class Action>
[[nodiscard]] std::string refusal(Action&& action) {
  return message_of<InvalidParameter>(action);
}

}  // namespace eprop::testing
