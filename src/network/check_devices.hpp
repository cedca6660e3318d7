#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "eprop/inputs.hpp"
#include "eprop/network.hpp"
#include "eprop/spike_events.hpp"
#include "eprop/step.hpp"

namespace eprop::network {

/// Throw InvalidParameter unless the device can be simulated at resolution dt (ms).
void check_trains(const std::string& thing, const std::vector<std::vector<double>>& times,
                  bool round_times, double dt, Step not_before = 0);
void check_events(const std::string& thing, const SpikeEvents& events, std::uint32_t size,
                  Step not_before);
void check_poisson(const std::string& thing, std::uint32_t index, std::uint32_t size,
                   const PoissonSource& source, const NetworkOptions& options);
void check_rates(const std::string& thing, const StepRates& rates, bool round_times, double dt,
                 Step not_before = 0);

}  // namespace eprop::network
