#include "datasets/digit_glyphs.hpp"

#include <gtest/gtest.h>

namespace eprop::datasets {
namespace {

TEST(DigitGlyphs, HaveSeveralWaysOfStrokesThroughTheirPoints) {
  for (std::uint32_t digit = 0; digit < 10; ++digit) {
    EXPECT_GE(glyphs(digit).size(), 2U) << digit;
    for (const Glyph& glyph : glyphs(digit)) {
      for (const auto& stroke : glyph.strokes) {
        EXPECT_GE(stroke.size(), 2U) << digit;
        for (const int point : stroke) EXPECT_LT(point, std::ssize(glyph.points)) << digit;
      }
      for (const Point& point : glyph.points) {
        EXPECT_TRUE(point.y >= 0.0 && point.y <= 1.0) << digit;
      }
    }
  }
}

}  // namespace
}  // namespace eprop::datasets
