#include "support/matrix.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace eprop::examples {

namespace {

template <class Function>
Matrix mapped(Matrix matrix, Function function) {
  std::transform(matrix.data.begin(), matrix.data.end(), matrix.data.begin(), function);
  return matrix;
}

}  // namespace

Matrix Matrix::from_rows(std::size_t rows, std::size_t cols, std::vector<double> values) {
  if (values.size() != rows * cols) {
    throw std::invalid_argument(fmt::format("matrix of {} x {}: needs {} values, not {}", rows,
                                            cols, rows * cols, values.size()));
  }
  return Matrix{rows, cols, std::move(values)};
}

Matrix Matrix::transposed() const {
  Matrix result{cols, rows, std::vector<double>(data.size())};
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t col = 0; col < cols; ++col) result.at(col, row) = at(row, col);
  }
  return result;
}

Matrix Matrix::scaled(double factor) const {
  return mapped(*this, [=](double value) { return value * factor; });
}

Matrix Matrix::divided(double divisor) const {
  return mapped(*this, [=](double value) { return value / divisor; });
}

Matrix Matrix::to_single() const {
  return mapped(*this, [](double value) { return static_cast<double>(static_cast<float>(value)); });
}

Matrix Matrix::without_diagonal() const {
  if (rows != cols) {
    throw std::invalid_argument(fmt::format(
        "matrix of {} x {}: only a square one has a diagonal of autapses to remove", rows, cols));
  }
  Matrix result = *this;
  for (std::size_t i = 0; i < rows; ++i) result.at(i, i) = 0.0;
  return result;
}

}  // namespace eprop::examples
