#include "training/spare_processor.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "eprop/comm/launch.hpp"

namespace eprop::training {
namespace {

/// A rank that may use the processors first, ..., last.
Place place(std::uint64_t host, unsigned first, unsigned last) {
  Place place{host, {}};
  CPU_ZERO(&place.processors);
  for (unsigned i = first; i <= last; ++i) CPU_SET(i, &place.processors);
  return place;
}

TEST(SpareProcessor, IsBeyondThoseOfTheThreads) {
  EXPECT_FALSE(has_spare_processor({place(1, 3, 3)}, 0, 1));
  EXPECT_TRUE(has_spare_processor({place(1, 3, 4)}, 0, 1));
  EXPECT_FALSE(has_spare_processor({place(1, 3, 4)}, 0, 2));
  EXPECT_TRUE(has_spare_processor({place(1, 3, 5)}, 0, 2));
}

TEST(SpareProcessor, IsNotThatOfAnotherRankOnTheHost) {
  const std::vector<Place> together{place(1, 0, 1), place(1, 0, 1)};
  const std::vector<Place> apart{place(1, 0, 1), place(1, 2, 3)};
  const std::vector<Place> uneven{place(1, 0, 2), place(1, 3, 3)};
  const std::vector<Place> hosts{place(1, 0, 1), place(2, 0, 1)};
  for (const int rank : {0, 1}) {
    EXPECT_FALSE(has_spare_processor(together, rank, 1));
    EXPECT_TRUE(has_spare_processor(apart, rank, 1));
    EXPECT_EQ(has_spare_processor(uneven, rank, 1), rank == 0);
    EXPECT_TRUE(has_spare_processor(hosts, rank, 1));
  }
}

TEST(SpareProcessor, IsNoneForAThreadThatIsBoundToOne) {
  const auto comm = comm::make_serial();
  std::jthread([&] {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(static_cast<unsigned>(::sched_getcpu()), &one);
    ASSERT_EQ(::sched_setaffinity(0, sizeof one, &one), 0);
    EXPECT_FALSE(has_spare_processor(*comm, 1));
  }).join();
}

}  // namespace
}  // namespace eprop::training
