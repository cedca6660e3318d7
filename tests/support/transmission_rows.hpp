#pragma once

#include <cstddef>
#include <cstdint>
#include <tuple>
#include <vector>

#include "eprop/recording.hpp"

namespace eprop::testing {

/// A transmission: time in ms, source, target, weight in pA.
using TransmissionRow = std::tuple<double, std::uint32_t, std::uint32_t, double>;

[[nodiscard]] inline std::vector<TransmissionRow> rows(const Transmissions& t) {
  std::vector<TransmissionRow> all;
  for (std::size_t i = 0; i < t.times.size(); ++i) {
    all.emplace_back(t.times[i], t.source[i], t.target[i], t.weight[i]);
  }
  return all;
}

}  // namespace eprop::testing
