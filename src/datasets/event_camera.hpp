#pragma once

#include <vector>

#include "datasets/counter_random.hpp"
#include "datasets/event.hpp"
#include "datasets/screen_image.hpp"

namespace eprop::datasets {

/// Events of a camera that looks at an image in three saccades of about 100 ms along a triangle, as
/// in the original recordings (Orchard et al. 2015). A pixel sends an event each time its
/// log-brightness has moved by the contrast threshold since its last one; times jitter, and a few
/// events are noise. In order of time, all before 336.04 ms.
[[nodiscard]] std::vector<Event> record_saccades(const ScreenImage& image, CounterRandom& random);

}  // namespace eprop::datasets
