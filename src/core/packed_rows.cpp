#include "core/packed_rows.hpp"

#include <algorithm>
#include <bit>

namespace eprop::core {
namespace {

constexpr std::size_t group = 64;  ///< columns, a bit of a word each

/// Which of some values, at most 64, are not zero; that of the sign counts.
std::uint64_t bits_of(const double* values, std::size_t n) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < n; ++i) {
    bits |= std::uint64_t{std::bit_cast<std::uint64_t>(values[i]) != 0} << i;
  }
  return bits;
}

/// The places of the bits that are set, ascending.
template <class F>
void for_each_bit(std::uint64_t bits, F&& f) {
  for (; bits != 0; bits &= bits - 1) f(static_cast<std::size_t>(std::countr_zero(bits)));
}

/// Those below place n.
std::uint64_t bits_below(std::uint64_t bits, std::size_t n) {
  return n < group ? bits & ((std::uint64_t{1} << n) - 1) : bits;
}

}  // namespace

PackedRows::PackedRows(Step rows, std::size_t columns)
    : columns_(columns), rows_(static_cast<std::size_t>(rows)) {
  for (auto& row : rows_) {
    row.present.resize((columns + group - 1) / group, 0);
    row.before.resize(row.present.size(), 0);
  }
}

void PackedRows::put(Step t, const double* from) {
  auto& [present, before, values] = row(t);
  std::uint32_t n = 0;
  for (std::size_t g = 0; g < present.size(); ++g) {
    present[g] = bits_of(from + g * group, std::min(group, columns_ - g * group));
    before[g] = n;
    n += static_cast<std::uint32_t>(std::popcount(present[g]));
  }
  if (values.capacity() < n) {
    // Little more than needed, and without a copy: rows are of about the same size.
    values = std::vector<double>();
    values.reserve(n + n / 16);
  }
  values.resize(n);
  double* into = values.data();
  for (std::size_t g = 0; g < present.size(); ++g) {
    for_each_bit(present[g], [&](std::size_t i) { *into++ = from[g * group + i]; });
  }
}

void PackedRows::get(Step t, Range columns, double* into) const {
  const auto& [present, before, values] = row(t);
  std::fill_n(into, columns.size(), 0.0);
  for (std::size_t first = columns.begin; first < columns.end;) {
    const std::size_t g = first / group, end = std::min<std::size_t>((g + 1) * group, columns.end);
    const auto skipped = bits_below(present[g], first % group);
    const double* from = values.data() + before[g] + std::popcount(skipped);
    for_each_bit(bits_below(present[g], end - g * group) ^ skipped,
                 [&](std::size_t i) { into[g * group + i - columns.begin] = *from++; });
    first = end;
  }
}

std::uint64_t PackedRows::bytes() const {
  std::uint64_t sum = bytes_of(rows_);
  for (const auto& row : rows_) {
    sum += bytes_of(row.present) + bytes_of(row.before) + bytes_of(row.values);
  }
  return sum;
}

StepRing unpacked(const PackedRows& packed) {
  StepRing ring(packed.rows(), packed.columns());
  for (Step t = 0; t < ring.rows(); ++t) {
    packed.get(t, {0, static_cast<std::uint32_t>(packed.columns())}, ring.row(t));
  }
  return ring;
}

}  // namespace eprop::core
