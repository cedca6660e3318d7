#include "transmission_noise.hpp"
#include "transmission_rig.hpp"

namespace eprop::testing {

std::vector<std::set<Step>> various_trains(Step end) {
  std::vector<std::set<Step>> trains(TransmissionRig::sources);
  constexpr double probability[] = {0.15, 0.0, 0.02, 0.0, 0.5, 0.0, 0.0};
  for (std::uint32_t s = 0; s < trains.size(); ++s) {
    for (Step t = 1; t < end; ++t) {
      if (noise(Quantity::spike, s, t) < probability[s]) trains[s].insert(t);
    }
  }
  trains[1] = {2, 3, 4, 5, 9, 300, 301, 303, 640};
  trains[3] = {1};
  trains[6] = {7, 8, 10, 60, 61, 128, 320, 321, 584};
  for (auto& train : trains) train.insert(end - 1);
  return trains;
}

}  // namespace eprop::testing
