#include <gtest/gtest.h>

#include "eprop/comm/collectives.hpp"
#include "message_of.hpp"

namespace {

struct Element {
  double value;
  int id;
  bool operator==(const Element&) const = default;
};

TEST(Packing, RestoresElements) {
  const std::vector<Element> elements{{0.5, 1}, {-2.0, 7}};
  const auto bytes = eprop::comm::pack(std::span<const Element>(elements));
  EXPECT_EQ(bytes.size(), 2 * sizeof(Element));
  EXPECT_EQ(eprop::comm::unpack<Element>(bytes), elements);
}

TEST(Packing, NoElementsAreNoBytes) {
  EXPECT_TRUE(eprop::comm::pack(std::span<const double>()).empty());
  EXPECT_TRUE(eprop::comm::unpack<double>({}).empty());
}

TEST(Packing, PartOfAnElementIsAnErrorThatNamesTheSizes) {
  const eprop::comm::Bytes bytes(12);
  EXPECT_EQ(eprop::comm::unpack<int>(bytes).size(), 3U);
  EXPECT_EQ(eprop::testing::message_of<eprop::comm::CommError>(
                [&] { (void)eprop::comm::unpack<double>(bytes); }),
            "message of 12 bytes does not hold whole elements of 8 bytes");
}

}  // namespace
