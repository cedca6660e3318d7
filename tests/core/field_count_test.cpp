#include "core/field_count.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace eprop::core {
namespace {

enum class Colour { red };

struct Mixed {
  double x = 1.0;
  bool flag = false;
  Colour colour = Colour::red;
  std::vector<double> values;
  std::string word = "w";
  static constexpr int not_a_member = 3;
};

TEST(FieldCount, CountsTheMembersOfAnAggregate) {
  struct Empty {};
  EXPECT_EQ(field_count<Empty>(), 0U);
  EXPECT_EQ(field_count<Mixed>(), 5U);
}

}  // namespace
}  // namespace eprop::core
