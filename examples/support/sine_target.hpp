#pragma once

#include <cstddef>
#include <vector>

#include "support/legacy_random.hpp"

namespace eprop::examples {

/// The sine wave task's target: a sum of four sines of random amplitude and phase whose periods are
/// 1000, 500, 333 and 200 steps, shifted to start at 0 and scaled to a largest magnitude of 1.
///
/// Returns one value per step of the sequence. Draws four amplitudes from uniform(0.5, 2), then
/// four phases from uniform(0, 2 pi). Each sine spans whole periods, as many as begin and end
/// within `sequence` steps.
std::vector<double> sine_target(LegacyRandom& random, std::size_t sequence);

}  // namespace eprop::examples
