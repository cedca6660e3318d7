#include "support/describe.hpp"

#include <gtest/gtest.h>

#include "support/text_table.hpp"

namespace eprop::examples {
namespace {

TEST(Describe, BytesHaveTheUnitThatFits) {
  EXPECT_EQ(format_bytes(0), "0 B");
  EXPECT_EQ(format_bytes(1023), "1023 B");
  EXPECT_EQ(format_bytes(1024), "1.0 KiB");
  EXPECT_EQ(format_bytes(3 * 1024 * 1024 / 2), "1.5 MiB");
  EXPECT_EQ(format_bytes(std::uint64_t{5} << 50), "5120.0 TiB");
}

TEST(Describe, OneThingIsNotSeveral) {
  EXPECT_EQ(counted(1, "rank"), "1 rank");
  EXPECT_EQ(counted(2, "rank"), "2 ranks");
}

TEST(TextTable, ColumnsAreAsWideAsTheirWidestCell) {
  EXPECT_EQ(text_table({{"name"}, {"n", Align::right}, {"kind"}},
                       {{"a", "1000", "x"}, {"longer", "2", "longer"}}),
            "name       n  kind\n"
            "a       1000  x\n"
            "longer     2  longer\n");
}

}  // namespace
}  // namespace eprop::examples
