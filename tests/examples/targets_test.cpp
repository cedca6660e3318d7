#include <gtest/gtest.h>

#include <cmath>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "message_of.hpp"
#include "support/curve_target.hpp"
#include "support/handwriting_target.hpp"
#include "support/linspace.hpp"
#include "support/sine_target.hpp"

namespace eprop::examples {
namespace {

using testing::message_of;

// All numbers were printed by NumPy 1.24, from numpy.linspace, numpy.interp and
// numpy.random.RandomState(seed). NumPy's own sine may differ in the last places.
constexpr double tolerance = 1e-14;

void expect_near(const std::vector<double>& values, const std::vector<double>& expected) {
  ASSERT_EQ(values.size(), expected.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    EXPECT_NEAR(values[i], expected[i], tolerance) << "value " << i;
  }
}

std::vector<double> pick(const std::vector<double>& values, const std::vector<std::size_t>& where) {
  std::vector<double> picked;
  for (const std::size_t i : where) picked.push_back(values.at(i));
  return picked;
}

TEST(Linspace, RoundsLikeNumpyAndEndsExactlyAtStop) {
  EXPECT_EQ(linspace(0.1, 2.3, 7),
            (std::vector<double>{0.1, 0.4666666666666667, 0.8333333333333333, 1.2,
                                 1.5666666666666667, 1.9333333333333333, 2.3}));
}

TEST(Linspace, HoldsTheStartAloneOrNothing) {
  EXPECT_EQ(linspace(3.0, 5.0, 1), std::vector<double>{3.0});
  EXPECT_TRUE(linspace(3.0, 5.0, 0).empty());
}

TEST(SineTarget, EqualsThePublishedOne) {
  LegacyRandom random(1);
  expect_near(pick(sine_target(random, 1000), {0, 1, 2, 250, 500, 750, 998, 999}),
              {0.0, 0.0012478476557024987, 0.0023017678445686834, -0.6937570018085227,
               -0.7527854840391892, -0.6725077988996324, -0.001444075508869408, 0.0});
}

TEST(SineTarget, KeepsOnlyWholePeriodsInOtherSequences) {
  LegacyRandom random(3);
  expect_near(pick(sine_target(random, 700), {1, 350, 699}),
              {0.00682303373117867, -0.11904665171330608, 0.0});
}

TEST(SineTarget, DrawsEightUniforms) {
  LegacyRandom used(1), fresh(1);
  sine_target(used, 10);
  fresh.uniforms(8);
  EXPECT_EQ(used.uniform(), fresh.uniform());
}

TEST(SineTarget, IsZeroWhereNoPeriodFits) {
  LegacyRandom random(1);
  EXPECT_EQ(sine_target(random, 100), std::vector<double>(100, 0.0));
}

TEST(LemniscateTarget, EqualsThePublishedOne) {
  const CurveTarget target = lemniscate_target(1258);
  ASSERT_EQ(target.x.size(), 1258u);
  ASSERT_EQ(target.y.size(), 1258u);
  const std::vector<std::size_t> where = {0, 1, 314, 900, 1257};
  expect_near(pick(target.x, where),
              {0.0, 0.004998535515027354, 0.9999992192011832, -0.9772554050563579, 0.0});
  expect_near(pick(target.y, where),
              {0.0, 0.009996946139078798, 0.002499275563236518, 0.41448475919430444, 0.0});
}

TEST(HandwritingTarget, AccumulatesScalesCentresInterpolatesAndHolds) {
  const CurveTarget target = handwriting_target({{1, 2}, {2, -0.5}, {-4, 1}, {0.5, 0.25}}, 4);
  expect_near(target.x, {0.12499999999999997, 0.29166666666666663, 0.45833333333333326, 0.625,
                         0.7916666666666666, 0.4583333333333333, 0.125, -0.20833333333333337,
                         -0.5416666666666666, -0.5, -0.4583333333333333, -0.41666666666666663,
                         -0.375, -0.375, -0.375, -0.375});
  expect_near(target.y, {-0.06818181818181812, -0.11363636363636359, -0.15909090909090906,
                         -0.20454545454545453, -0.25, -0.1590909090909091, -0.06818181818181818,
                         0.022727272727272707, 0.11363636363636365, 0.13636363636363638,
                         0.15909090909090912, 0.18181818181818185, 0.20454545454545459,
                         0.20454545454545459, 0.20454545454545459, 0.20454545454545459});
}

TEST(HandwritingTarget, RefusesStrokesWithoutExtent) {
  EXPECT_THROW(handwriting_target({{0, 1}, {0, 2}}, 8), std::invalid_argument);
  EXPECT_THROW(handwriting_target({}, 8), std::invalid_argument);
  EXPECT_THROW(handwriting_target({{1, 1}}, 0), std::invalid_argument);
}

TEST(HandwritingTarget, RefusesStrokesThatAddUpToInfinity) {
  EXPECT_EQ(message_of<std::invalid_argument>([] {
              handwriting_target({{1, 1e308}, {1, 1e308}}, 8);
            }),
            "handwriting target: the strokes leave the range of numbers in y");
}

TEST(StrokeFile, HoldsOneDisplacementPerLine) {
  std::istringstream text("# a word\n0.5 -1\n\n -2e-1\t3 \r\n7 8");
  const std::vector<PenDisplacement> strokes = read_strokes(text, "word.txt");
  ASSERT_EQ(strokes.size(), 3u);
  EXPECT_EQ(strokes[0].dx, 0.5);
  EXPECT_EQ(strokes[0].dy, -1.0);
  EXPECT_EQ(strokes[1].dx, -0.2);
  EXPECT_EQ(strokes[1].dy, 3.0);
  EXPECT_EQ(strokes[2].dy, 8.0);
}

std::string error_of(const std::string& content) {
  std::istringstream text(content);
  return message_of<std::runtime_error>([&] { read_strokes(text, "word.txt"); });
}

TEST(StrokeFile, ErrorsNameFileLineAndValue) {
  const std::string rule = "; a line holds one pen displacement \"dx dy\"";
  EXPECT_EQ(error_of("1 2\n1 two\n"),
            "stroke file word.txt, line 2: 'two' is not a finite number" + rule);
  EXPECT_EQ(error_of("1,5 2\n"),
            "stroke file word.txt, line 1: '1,5' is not a finite number" + rule);
  EXPECT_EQ(error_of("1 inf\n"),
            "stroke file word.txt, line 1: 'inf' is not a finite number" + rule);
  EXPECT_EQ(error_of("\n3\n"), "stroke file word.txt, line 2: '3' stands alone" + rule);
  EXPECT_EQ(error_of("1 2 9\n"), "stroke file word.txt, line 1: '9' is one value too many" + rule);
  EXPECT_EQ(error_of("# empty\n"), "stroke file word.txt: holds no pen displacement");
}

TEST(StrokeFile, MissingFileIsNamed) {
  EXPECT_EQ(message_of<std::runtime_error>([] { read_strokes("no/such/word.txt"); }),
            "stroke file no/such/word.txt: cannot be opened");
}

}  // namespace
}  // namespace eprop::examples
