#pragma once

#include <string>

#include "eprop/errors.hpp"

namespace eprop::testing {

/// The message with which `action` is refused; empty if it is not.
template <class Action>
std::string refusal(Action&& action) {
  try {
    action();
  } catch (const InvalidParameter& e) {
    return e.what();
  }
  return "";
}

}  // namespace eprop::testing
