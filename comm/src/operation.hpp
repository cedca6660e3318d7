#pragma once

#include <cstddef>
#include <span>

namespace eprop::comm {

/// The collective operations, for messages and for finding ranks that call different ones.
enum class Operation { barrier, broadcast, all_gather, gather, all_to_all, exchange };

[[nodiscard]] const char* name(Operation operation);

// The checks of arguments that one rank can make alone. Each throws CommError that names the
// operation, the value and the rule.

void require_root(Operation operation, int root, int n_ranks);

void require_colour(int colour);

/// all_gather: `all` holds `mine` once per rank.
void require_gathered_size(std::size_t mine, std::size_t all, int n_ranks);

/// all_to_all: one message per rank.
void require_one_per_rank(std::size_t n_messages, int n_ranks);

/// exchange: `ranks` (the list called `list`) is ascending, in range, without `rank`, and as long
/// as its messages.
void require_peers(const char* list, std::span<const int> ranks, std::size_t n_messages, int rank,
                   int n_ranks);

}  // namespace eprop::comm
