#include "datasets/require_sample.hpp"

#include <gtest/gtest.h>

#include "refusal.hpp"

namespace eprop::datasets {
namespace {

TEST(RequireSample, LetsOnlyIndicesOfTheSetPass) {
  const MemoryDataset data(1, 1, std::vector<LabelledSpikes>(2));
  EXPECT_EQ(testing::refusal([&] { require_sample(data, 1); }), "");
  EXPECT_EQ(testing::refusal([&] { require_sample(data, 2); }),
            "dataset: sample = 2: must be below the size of the set, 2");
}

}  // namespace
}  // namespace eprop::datasets
