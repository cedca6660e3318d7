#include "operation.hpp"

#include <fmt/format.h>

#include <array>

#include "eprop/comm/errors.hpp"

namespace eprop::comm {

const char* name(Operation operation) {
  static constexpr std::array names{"barrier", "broadcast",  "all_gather",
                                    "gather",  "all_to_all", "exchange"};
  return names.at(static_cast<std::size_t>(operation));
}

void require_root(Operation operation, int root, int n_ranks) {
  if (root < 0 || root >= n_ranks) {
    throw CommError(
        fmt::format("{}: root {} is no rank of a job of {}", name(operation), root, n_ranks));
  }
}

void require_colour(int colour) {
  if (colour < 0) throw CommError(fmt::format("split: colour {} must be >= 0", colour));
}

void require_gathered_size(std::size_t mine, std::size_t all, int n_ranks) {
  const auto n = static_cast<std::size_t>(n_ranks);
  if (all % n != 0 || all / n != mine) {
    throw CommError(fmt::format("all_gather: {} bytes cannot hold {} bytes of each of {} ranks",
                                all, mine, n_ranks));
  }
}

void require_one_per_rank(std::size_t n_messages, int n_ranks) {
  if (n_messages != static_cast<std::size_t>(n_ranks)) {
    throw CommError(fmt::format("all_to_all: {} messages for {} ranks; each rank needs one",
                                n_messages, n_ranks));
  }
}

void require_peers(const char* list, std::span<const int> ranks, std::size_t n_messages, int rank,
                   int n_ranks) {
  if (ranks.size() != n_messages) {
    throw CommError(
        fmt::format("exchange: {} messages for the {} ranks of '{}'; each rank needs one",
                    n_messages, ranks.size(), list));
  }
  int previous = -1;
  for (const int peer : ranks) {
    if (peer < 0 || peer >= n_ranks) {
      throw CommError(
          fmt::format("exchange: '{}' holds {}, no rank of a job of {}", list, peer, n_ranks));
    }
    if (peer == rank) {
      throw CommError(fmt::format("exchange: '{}' holds {}, the rank itself", list, peer));
    }
    if (peer <= previous) {
      throw CommError(fmt::format("exchange: '{}' holds {} after {}; it must be ascending", list,
                                  peer, previous));
    }
    previous = peer;
  }
}

}  // namespace eprop::comm
