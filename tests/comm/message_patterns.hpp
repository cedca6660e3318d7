#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "eprop/comm/communicator.hpp"

/// Messages whose content says who sent them when, for the tests of the communicators.
namespace eprop::testing {

/// `n` bytes that differ between senders, receivers and rounds.
inline comm::Bytes message(std::size_t n, int from, int to, int round = 0) {
  std::vector<std::uint64_t> words(n / sizeof(std::uint64_t) + 1);
  std::uint64_t state = static_cast<std::uint32_t>(1 + from + 16 * to + 256 * round);
  for (std::uint64_t& word : words) {
    state = state * 6364136223846793005U + 1442695040888963407U;  // any fixed sequence does
    word = state;
  }
  const auto bytes = std::as_bytes(std::span(words)).first(n);
  return {bytes.begin(), bytes.end()};
}

/// All ranks but `rank`, ascending.
inline std::vector<int> others(int rank, int n_ranks) {
  std::vector<int> ranks;
  for (int r = 0; r < n_ranks; ++r) {
    if (r != rank) ranks.push_back(r);
  }
  return ranks;
}

}  // namespace eprop::testing
