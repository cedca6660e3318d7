#include "core/source_index.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace eprop::core {
namespace {

using Places = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

Places places_of(const SourceIndex& index) {
  Places places;
  index.for_each(
      [&](std::uint32_t source, std::uint32_t place) { places.emplace_back(source, place); });
  return places;
}

TEST(SourceIndex, NumbersTheSourcesThatArePresent) {
  std::vector<bool> present(300, false);
  for (const auto source : {0U, 63U, 64U, 130U, 299U}) present[source] = true;
  const SourceIndex index(present);
  EXPECT_FALSE(index.has_all());
  EXPECT_EQ(index.sources(), 300U);
  EXPECT_EQ(index.places(), 5U);
  EXPECT_EQ(places_of(index), (Places{{0, 0}, {63, 1}, {64, 2}, {130, 3}, {299, 4}}));
  for (std::uint32_t source = 0; source < 300; ++source) {
    EXPECT_EQ(index.has(source), present[source]) << source;
  }
  for (const auto& [source, place] : places_of(index)) EXPECT_EQ(index.place(source), place);
}

TEST(SourceIndex, GivesAllAPlaceWhereFewAreAbsent) {
  std::vector<bool> present(100, true);
  for (std::uint32_t absent = 0; absent < 25; ++absent) {
    present[3 * absent] = false;
    const SourceIndex index(present);
    EXPECT_TRUE(index.has_all());
    EXPECT_EQ(index.places(), 100U);
    EXPECT_TRUE(index.has(3 * absent));
    EXPECT_EQ(index.place(99), 99U);
    EXPECT_EQ(index.bytes(), 0U);
  }
  present[99] = false;
  EXPECT_EQ(SourceIndex(present).places(), 74U);
}

TEST(SourceIndex, TakesBitsForThoseThatAreAbsent) {
  std::vector<bool> present(64'000, false);
  present[7] = true;
  EXPECT_EQ(SourceIndex(present).bytes(), 12'000U);
}

TEST(SourceIndex, MayBeEmpty) {
  EXPECT_TRUE(places_of(SourceIndex()).empty());
  EXPECT_TRUE(places_of(SourceIndex(std::vector<bool>(70, false))).empty());
  EXPECT_EQ(SourceIndex(std::vector<bool>(70, false)).sources(), 70U);
  EXPECT_TRUE(places_of(SourceIndex(std::vector<bool>{})).empty());
}

}  // namespace
}  // namespace eprop::core
