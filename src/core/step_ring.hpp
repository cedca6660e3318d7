#pragma once

#include <cstddef>

#include "core/column.hpp"
#include "eprop/step.hpp"

namespace eprop::core {

/// The last steps of a time-major table: one row per step, rows of older steps are overwritten.
class StepRing {
 public:
  StepRing() = default;
  StepRing(Step rows, std::size_t columns)
      : rows_(rows), columns_(columns), data_(static_cast<std::size_t>(rows) * columns, 0.0) {}

  [[nodiscard]] double* row(Step t) { return data_.data() + place(t); }
  [[nodiscard]] const double* row(Step t) const { return data_.data() + place(t); }
  /// The row of the step before that of `row`.
  [[nodiscard]] const double* before(const double* row) const {
    return (row == data_.data() ? row + data_.size() : row) - columns_;
  }
  [[nodiscard]] Step rows() const { return rows_; }
  [[nodiscard]] std::size_t columns() const { return columns_; }
  [[nodiscard]] bool empty() const { return rows_ == 0; }
  [[nodiscard]] std::uint64_t bytes() const { return bytes_of(data_); }

 private:
  [[nodiscard]] std::size_t place(Step t) const {
    return static_cast<std::size_t>(t % rows_) * columns_;
  }

  Step rows_ = 0;
  std::size_t columns_ = 0;
  Column data_;
};

}  // namespace eprop::core
