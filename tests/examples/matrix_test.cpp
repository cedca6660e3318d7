#include "support/matrix.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <vector>

namespace eprop::examples {
namespace {

TEST(Matrix, RefusesAWrongNumberOfValues) {
  EXPECT_THROW(Matrix::from_rows(2, 3, {1, 2, 3, 4, 5}), std::invalid_argument);
}

TEST(Matrix, TransposesRowsIntoColumns) {
  const Matrix matrix = Matrix::from_rows(2, 3, {1, 2, 3, 4, 5, 6}).transposed();
  EXPECT_EQ(matrix.rows, 3u);
  EXPECT_EQ(matrix.cols, 2u);
  EXPECT_EQ(matrix.data, (std::vector<double>{1, 4, 2, 5, 3, 6}));
  EXPECT_EQ(matrix.at(2, 0), 3.0);
}

TEST(Matrix, DividesRatherThanMultipliesByTheReciprocal) {
  const Matrix matrix = Matrix::from_rows(1, 1, {5.0});
  ASSERT_NE(5.0 / 49.0, 5.0 * (1.0 / 49.0));
  EXPECT_EQ(matrix.divided(49.0).at(0, 0), 5.0 / 49.0);
  EXPECT_EQ(matrix.scaled(1.0 / 49.0).at(0, 0), 5.0 * (1.0 / 49.0));
}

TEST(Matrix, RoundsToSinglePrecision) {
  EXPECT_EQ(Matrix::from_rows(1, 2, {0.1, 0.5}).to_single().data,
            (std::vector<double>{0.100000001490116119384765625, 0.5}));
}

TEST(Matrix, SingleProductsAreThoseOfFloats) {
  const Matrix weights = Matrix::from_rows(1, 3, {0.1, -1.7, 0.3}).to_single();
  const Matrix product = weights.scaled(0.03f).to_single();
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(product.at(0, i), static_cast<float>(weights.at(0, i)) * 0.03f);
  }
}

TEST(Matrix, LosesItsDiagonalOnly) {
  EXPECT_EQ(Matrix::from_rows(2, 2, {1, 2, 3, 4}).without_diagonal().data,
            (std::vector<double>{0, 2, 3, 0}));
  EXPECT_THROW(Matrix::from_rows(1, 2, {1, 2}).without_diagonal(), std::invalid_argument);
}

}  // namespace
}  // namespace eprop::examples
