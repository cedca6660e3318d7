#include "core/packed_rows.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <limits>
#include <random>

#include "core/step_ring.hpp"

namespace eprop::core {
namespace {

constexpr Step ring_rows = 5;

/// Rows with as many values as `density` says, of all steps.
void fill(double* row, std::size_t columns, double density, std::mt19937& random) {
  std::uniform_real_distribution<double> draw;
  for (std::size_t i = 0; i < columns; ++i) row[i] = draw(random) < density ? draw(random) : 0.0;
}

void expect_same_bits(const double* a, const double* b, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    ASSERT_EQ(std::bit_cast<std::uint64_t>(a[i]), std::bit_cast<std::uint64_t>(b[i])) << i;
  }
}

TEST(PackedRows, HaveWhatARingHas) {
  std::mt19937 random(2);
  for (const std::uint32_t columns : {1U, 63U, 64U, 65U, 200U}) {
    StepRing ring(ring_rows, columns);
    PackedRows packed(ring_rows, columns);
    for (Step t = 0; t < 4 * ring_rows; ++t) {
      // From none to all.
      fill(ring.row(t), columns, 0.1 * static_cast<double>(t % 11), random);
      packed.put(t, ring.row(t));
      std::vector<double> found(columns, 9.0);
      for (Step past = std::max<Step>(0, t - ring_rows + 1); past <= t; ++past) {
        packed.get(past, {0, columns}, found.data());
        expect_same_bits(found.data(), ring.row(past), columns);
      }
    }
  }
}

TEST(PackedRows, AreReadInStretchesOfAnyWidth) {
  constexpr std::uint32_t columns = 150;
  std::mt19937 random(3);
  std::vector<double> row(columns), found(columns);
  fill(row.data(), columns, 0.5, random);
  PackedRows packed(ring_rows, columns);
  packed.put(7, row.data());
  for (std::uint32_t begin = 0; begin <= columns; begin += 7) {
    for (std::uint32_t end = begin; end <= columns; ++end) {
      packed.get(7, {begin, end}, found.data());
      expect_same_bits(found.data(), row.data() + begin, end - begin);
    }
  }
}

TEST(PackedRows, KeepWhatLooksLikeZeroOrIsNoNumber) {
  const std::vector<double> row{-0.0, 0.0, std::numeric_limits<double>::denorm_min(),
                                std::numeric_limits<double>::quiet_NaN()};
  PackedRows packed(1, row.size());
  packed.put(3, row.data());
  std::vector<double> found(row.size());
  packed.get(3, {0, 4}, found.data());
  expect_same_bits(found.data(), row.data(), row.size());
}

TEST(PackedRows, AreZeroBeforeTheFirst) {
  const PackedRows packed(ring_rows, 3);
  std::vector<double> found(3, 1.0);
  packed.get(2, {0, 3}, found.data());
  EXPECT_EQ(found, std::vector<double>(3, 0.0));
}

TEST(PackedRows, TakeMemoryForWhatIsNotZero) {
  constexpr std::size_t columns = 64'000;
  std::vector<double> row(columns, 0.0);
  for (std::size_t i = 0; i < columns; i += 10) row[i] = 1.0;
  PackedRows packed(ring_rows, columns);
  for (Step t = 0; t < 3 * ring_rows; ++t) packed.put(t, row.data());
  EXPECT_LT(packed.bytes(), ring_rows * columns * sizeof(double) / 7);
  EXPECT_GT(packed.bytes(), ring_rows * columns * sizeof(double) / 10);
}

}  // namespace
}  // namespace eprop::core
