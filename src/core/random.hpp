#pragma once

#include <Random123/philox.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>

namespace eprop::core {

/// What random numbers are for. Together with the seed and global indices it determines every draw;
/// ranks and threads never enter.
enum class Purpose : std::uint32_t { neuron_parameter, connection, weight, poisson };

/// Counter-based random numbers (Philox-4x32-10, Salmon et al. 2011) of one purpose and one object.
class RandomStream {
 public:
  /// `object` numbers the population or projection; 24 bits.
  RandomStream(std::uint64_t seed, Purpose purpose, std::uint32_t object)
      : key_{{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32U)}},
        stream_((static_cast<std::uint32_t>(purpose) << 24U) | (object & 0xFFFFFFU)) {}

  /// Two independent uniform numbers in [0, 1) for the element `index`, draw `draw` of it.
  [[nodiscard]] std::array<double, 2> uniforms(std::uint64_t index, std::uint32_t draw = 0) const {
    const auto words =
        r123::Philox4x32()({{static_cast<std::uint32_t>(index),
                             static_cast<std::uint32_t>(index >> 32U), draw, stream_}},
                           key_);
    return {to_unit(words[0], words[1]), to_unit(words[2], words[3])};
  }

  [[nodiscard]] double uniform(std::uint64_t index, std::uint32_t draw = 0) const {
    return uniforms(index, draw)[0];
  }

  /// Standard normal number (Box & Muller 1958).
  [[nodiscard]] double normal(std::uint64_t index, std::uint32_t draw = 0) const {
    const auto u = uniforms(index, draw);
    return std::sqrt(-2.0 * std::log(1.0 - u[0])) * std::cos(2.0 * std::numbers::pi * u[1]);
  }

  /// Uniform integer in [0, n).
  [[nodiscard]] std::uint32_t below(std::uint32_t n, std::uint64_t index,
                                    std::uint32_t draw = 0) const {
    return static_cast<std::uint32_t>(uniform(index, draw) * n);
  }

 private:
  static double to_unit(std::uint32_t high, std::uint32_t low) {
    const auto bits = (static_cast<std::uint64_t>(high) << 32U) | low;
    return static_cast<double>(bits >> 11U) * 0x1.0p-53;
  }

  r123::Philox4x32::key_type key_;
  std::uint32_t stream_;
};

}  // namespace eprop::core
