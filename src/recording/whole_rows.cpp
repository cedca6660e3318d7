#include "recording/whole_rows.hpp"

#include <cstring>

namespace eprop::recording {

RowRange share_of_rows(std::uint64_t n_rows, std::size_t n_ranks, std::size_t r) {
  const auto begin = [&](std::size_t rank) {
    return n_rows / n_ranks * rank + n_rows % n_ranks * rank / n_ranks;
  };
  return {begin(r), begin(r + 1) - begin(r)};
}

comm::Bytes to_whole_rows(comm::Communicator& comm, const std::vector<ColumnPart>& parts,
                          std::size_t value_bytes, std::span<const std::byte> mine) {
  const auto rank = static_cast<std::size_t>(comm.rank());
  const std::size_t n_ranks = parts.size();
  const std::uint64_t n_rows = parts.front().n_rows;

  std::vector<comm::Bytes> to;
  const std::size_t my_row_bytes = parts[rank].count * value_bytes;
  for (std::size_t r = 0; r < n_ranks; ++r) {
    const RowRange share = share_of_rows(n_rows, n_ranks, r);
    const auto part = mine.subspan(share.first * my_row_bytes, share.count * my_row_bytes);
    to.emplace_back(part.begin(), part.end());
  }
  const std::vector<comm::Bytes> from = comm.all_to_all(to);

  std::size_t row_bytes = 0;
  for (const ColumnPart& part : parts) row_bytes += part.count * value_bytes;
  const std::uint64_t my_rows = share_of_rows(n_rows, n_ranks, rank).count;
  comm::Bytes rows(my_rows * row_bytes);
  for (std::size_t r = 0; r < n_ranks; ++r) {
    const std::size_t part_bytes = parts[r].count * value_bytes;
    if (part_bytes == 0) continue;
    for (std::uint64_t row = 0; row < my_rows; ++row) {
      std::memcpy(rows.data() + row * row_bytes + parts[r].first * value_bytes,
                  from[r].data() + row * part_bytes, part_bytes);
    }
  }
  return rows;
}

}  // namespace eprop::recording
