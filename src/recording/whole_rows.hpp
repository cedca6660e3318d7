#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "eprop/comm/communicator.hpp"
#include "recording/column_parts.hpp"

namespace eprop::recording {

/// Consecutive rows.
struct RowRange {
  std::uint64_t first;
  std::uint64_t count;
};

/// The rows of rank r if n_rows rows are shared out in rank order.
[[nodiscard]] RowRange share_of_rows(std::uint64_t n_rows, std::size_t n_ranks, std::size_t r);

/// Exchanges columns for rows: `mine` are the values of this rank's part, row by row, and `parts`
/// have no flaw(). Returns all columns of this rank's share of the rows, row by row. Collective.
[[nodiscard]] comm::Bytes to_whole_rows(comm::Communicator& comm,
                                        const std::vector<ColumnPart>& parts,
                                        std::size_t value_bytes, std::span<const std::byte> mine);

}  // namespace eprop::recording
