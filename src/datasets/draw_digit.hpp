#pragma once

#include <cstdint>

#include "datasets/counter_random.hpp"
#include "datasets/screen_image.hpp"

namespace eprop::datasets {

/// Draws a digit in 0 .. 9 in a random hand: way of writing, size, slant, place, width of the pen.
[[nodiscard]] ScreenImage draw_digit(std::uint32_t digit, CounterRandom& random);

}  // namespace eprop::datasets
