#pragma once

#include <algorithm>
#include <string>

#include "dice.hpp"

namespace eprop::fuzz {

/// Flips bits of some bytes, sets some to odd numbers, cuts some out, doubles some, or cuts off the
/// end.
inline void damage(Dice& dice, std::string& bytes) {
  for (auto n = 1 + dice.below(3); n > 0 && !bytes.empty(); --n) {
    const auto at = dice.below(bytes.size());
    const auto length = 1 + dice.below(std::min<std::size_t>(bytes.size() - at, 40));
    switch (dice.below(6)) {
      case 0:
        bytes.resize(at);
        break;
      case 1:
        bytes.erase(at, length);
        break;
      case 2:
        bytes.insert(at, bytes.substr(at, length));
        break;
      case 3: {
        const auto number = dice.odd_integer();
        const auto size = std::min<std::size_t>({bytes.size() - at, sizeof number, length});
        bytes.replace(at, size, reinterpret_cast<const char*>(&number), size);
        break;
      }
      default:
        bytes[at] = static_cast<char>(bytes[at] ^ (1 << dice.below(8)));
    }
  }
}

}  // namespace eprop::fuzz
