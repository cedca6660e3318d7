#pragma once

#include <vector>

#include "neuromorphic_mnist_data/counter_random.hpp"
#include "neuromorphic_mnist_data/digit_image.hpp"
#include "neuromorphic_mnist_data/event.hpp"

namespace eprop::examples {

/// Events of a camera that looks at an image in three saccades of about 100 ms along a triangle, as
/// in the original recordings (Orchard et al. 2015). A pixel sends an event each time its
/// log-brightness has moved by the contrast threshold since its last one; times jitter, and a few
/// events are noise. In order of time, all before recording_us.
std::vector<Event> record_saccades(const DigitImage& image, CounterRandom& random);

}  // namespace eprop::examples
