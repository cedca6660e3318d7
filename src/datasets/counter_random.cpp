#include "datasets/counter_random.hpp"

#include <Random123/philox.h>

#include <cmath>
#include <numbers>

namespace eprop::datasets {
namespace {

std::uint32_t low_word(std::uint64_t value) { return static_cast<std::uint32_t>(value); }
std::uint32_t high_word(std::uint64_t value) { return static_cast<std::uint32_t>(value >> 32); }

}  // namespace

CounterRandom::CounterRandom(std::uint64_t seed, RandomPurpose purpose, std::uint64_t index)
    : key_{low_word(seed), high_word(seed)},
      counter_{0, static_cast<std::uint32_t>(purpose), low_word(index), high_word(index)} {}

std::uint32_t CounterRandom::bits() {
  if (used_ == block_.size()) {
    const auto words = r123::Philox4x32()({{counter_[0], counter_[1], counter_[2], counter_[3]}},
                                          {{key_[0], key_[1]}});
    for (std::size_t i = 0; i < block_.size(); ++i) block_[i] = words[i];
    ++counter_[0];
    used_ = 0;
  }
  return block_[used_++];
}

double CounterRandom::normal() {
  const double radius = std::sqrt(-2.0 * std::log(uniform()));
  return radius * std::cos(2.0 * std::numbers::pi * uniform());
}

std::uint64_t CounterRandom::below(std::uint64_t bound) {
  // The first 2^64 mod bound values are rejected: what is left is a multiple of bound.
  const std::uint64_t rejected = (0 - bound) % bound;
  for (;;) {
    const std::uint64_t high = bits();
    const std::uint64_t value = high << 32 | bits();
    if (value >= rejected) return value % bound;
  }
}

}  // namespace eprop::datasets
