#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "eprop/errors.hpp"

namespace eprop::core {

/// Throws InvalidParameter in the one grammar of all messages: THING: PARAMETER = VALUE UNIT: RULE.
/// Zeros in names, which would end it, become question marks.
template <class T>
[[noreturn]] void refuse(std::string_view thing, std::string_view parameter, const T& value,
                         std::string_view unit, std::string_view rule) {
  auto message = fmt::format("{}: {} = {}{}{}: {}", thing, parameter, value,
                             unit.empty() ? "" : " ", unit, rule);
  std::replace(message.begin(), message.end(), '\0', '?');
  throw InvalidParameter(message);
}

}  // namespace eprop::core
