#pragma once

#include <fmt/format.h>

#include <string_view>

#include "eprop/errors.hpp"

namespace eprop::core {

/// Throws InvalidParameter in the one grammar of all messages: THING: PARAMETER = VALUE UNIT: RULE.
template <class T>
[[noreturn]] void refuse(std::string_view thing, std::string_view parameter, const T& value,
                         std::string_view unit, std::string_view rule) {
  throw InvalidParameter(fmt::format("{}: {} = {}{}{}: {}", thing, parameter, value,
                                     unit.empty() ? "" : " ", unit, rule));
}

}  // namespace eprop::core
