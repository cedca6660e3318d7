#pragma once

#include <cstdint>
#include <vector>

#include "core/column.hpp"
#include "core/partition.hpp"
#include "core/step_ring.hpp"
#include "eprop/step.hpp"

namespace eprop::core {

/// The last rows of a time-major table that is mostly zeros, without these: as a StepRing to the
/// bit, but written row by row and read in stretches.
class PackedRows {
 public:
  PackedRows() = default;
  PackedRows(Step rows, std::size_t columns);

  /// Keeps `row` as that of step t; an older one is dropped.
  void put(Step t, const double* row);
  /// Writes the values of some columns in step t, one of those that are kept or before the first.
  void get(Step t, Range columns, double* into) const;

  [[nodiscard]] bool empty() const { return rows_.empty(); }
  [[nodiscard]] Step rows() const { return static_cast<Step>(rows_.size()); }
  [[nodiscard]] std::size_t columns() const { return columns_; }
  [[nodiscard]] std::uint64_t bytes() const;

 private:
  struct Row {
    std::vector<std::uint64_t> present;  ///< [group of 64 columns], a bit for each: not zero
    std::vector<std::uint32_t> before;   ///< [group]: values before it
    std::vector<double> values;          ///< those that are not zero
  };

  [[nodiscard]] Row& row(Step t) { return rows_[static_cast<std::size_t>(t % rows())]; }
  [[nodiscard]] const Row& row(Step t) const { return rows_[static_cast<std::size_t>(t % rows())]; }

  std::size_t columns_ = 0;
  std::vector<Row> rows_;
};

/// A ring of the same rows.
[[nodiscard]] StepRing unpacked(const PackedRows& packed);

}  // namespace eprop::core
