#pragma once

#include <string>

#include "dice.hpp"

namespace eprop::fuzz {

/// Changes what a checkpoint holds, which was whole, and has its checksum fit that.
void damage_checkpoint(Dice& dice, const std::string& path);

}  // namespace eprop::fuzz
