#pragma once

#include <string>

#include "eprop/value.hpp"

namespace eprop::network {

/// A value in words that differ if the values do; arrays by their checksum.
[[nodiscard]] std::string words(const Value& value);

}  // namespace eprop::network
