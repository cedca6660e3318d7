#pragma once

#include <cstddef>
#include <vector>

namespace eprop::examples {

/// A dense matrix in row-major order. Weights onto targets are [target][source].
struct Matrix {
  std::size_t rows = 0;
  std::size_t cols = 0;
  std::vector<double> data;  ///< rows * cols values

  /// A matrix over `values`, which are given row by row.
  /// Throws std::invalid_argument unless there are rows * cols of them.
  static Matrix from_rows(std::size_t rows, std::size_t cols, std::vector<double> values);

  double& at(std::size_t row, std::size_t col) { return data[row * cols + col]; }
  double at(std::size_t row, std::size_t col) const { return data[row * cols + col]; }

  Matrix transposed() const;

  /// Every value times `factor`. On matrices in single precision, scaled(float(f)).to_single() is
  /// the single-precision product: that of two floats is exact in double precision.
  Matrix scaled(double factor) const;

  /// Every value divided by `divisor`, which rounds otherwise than scaled(1 / divisor).
  Matrix divided(double divisor) const;

  /// Every value rounded to single precision, kept as double.
  Matrix to_single() const;

  /// The diagonal set to zero: no autapses. Throws std::invalid_argument unless square.
  Matrix without_diagonal() const;
};

}  // namespace eprop::examples
