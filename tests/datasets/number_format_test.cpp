#include "datasets/number_format.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

namespace eprop::datasets {
namespace {

using Kind = NumberFormat::Kind;
using Numbers = std::vector<double>;

/// As this machine stores them: the lowest byte first.
template <class T>
std::vector<std::byte> stored(const std::vector<T>& values) {
  static_assert(std::endian::native == std::endian::little);
  std::vector<std::byte> bytes(values.size() * sizeof(T));
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

double half(std::uint16_t bits) {
  return decode(stored<std::uint16_t>({bits}), {.kind = Kind::floating, .bytes = 2}).front();
}

TEST(NumberFormat, FloatingPointNumbersAreThoseThatWereStored) {
  EXPECT_EQ(decode(stored<float>({0.1F, -3e38F}), {.kind = Kind::floating, .bytes = 4}),
            Numbers({0.1F, -3e38F}));
  EXPECT_EQ(decode(stored<double>({0.1, -1e308}), {.kind = Kind::floating, .bytes = 8}),
            Numbers({0.1, -1e308}));
}

TEST(NumberFormat, HalvesAreThoseOfIeee754) {
  EXPECT_EQ(half(0x3c00), 1.0);
  EXPECT_EQ(half(0xc000), -2.0);
  EXPECT_EQ(half(0x3555), 0.333251953125);
  EXPECT_EQ(half(0x7bff), 65504.0);            // the largest
  EXPECT_EQ(half(0x0400), 0x1p-14);            // the smallest normal one
  EXPECT_EQ(half(0x03ff), 0x1p-14 - 0x1p-24);  // the largest below it
  EXPECT_EQ(half(0x0001), 0x1p-24);
  EXPECT_EQ(half(0x0000), 0.0);
  EXPECT_TRUE(std::signbit(half(0x8000)));
  EXPECT_EQ(half(0x7c00), std::numeric_limits<double>::infinity());
  EXPECT_EQ(half(0xfc00), -std::numeric_limits<double>::infinity());
  EXPECT_TRUE(std::isnan(half(0x7e00)));
}

TEST(NumberFormat, IntegersHaveTheirSign) {
  const auto bytes = stored<std::uint8_t>({0, 127, 128, 255});
  EXPECT_EQ(decode(bytes, {.kind = Kind::unsigned_integer, .bytes = 1}),
            Numbers({0, 127, 128, 255}));
  EXPECT_EQ(decode(bytes, {.kind = Kind::signed_integer, .bytes = 1}), Numbers({0, 127, -128, -1}));
  EXPECT_EQ(decode(stored<std::int64_t>({-700, std::numeric_limits<std::int64_t>::min()}),
                   {.kind = Kind::signed_integer, .bytes = 8}),
            Numbers({-700, -0x1p63}));
}

TEST(NumberFormat, BytesMayStandTheOtherWayRound) {
  auto bytes = stored<std::int32_t>({-123456789});
  std::ranges::reverse(bytes);
  EXPECT_EQ(decode(bytes, {.kind = Kind::signed_integer, .bytes = 4, .big_endian = true}),
            Numbers({-123456789}));
}

TEST(NumberFormat, NoBytesAreNoNumbers) { EXPECT_TRUE(decode({}, {}).empty()); }

}  // namespace
}  // namespace eprop::datasets
