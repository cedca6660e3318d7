#include "datasets/sample_order.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "datasets/counter_random.hpp"

namespace eprop::datasets {
namespace {

/// Of one epoch: Fisher and Yates's shuffle.
std::vector<std::size_t> shuffled(std::uint64_t seed, std::size_t epoch, std::size_t size) {
  CounterRandom random(seed, RandomPurpose::epoch_order, epoch);
  std::vector<std::size_t> order(size);
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t i = size; i > 1; --i) std::swap(order[i - 1], order[random.below(i)]);
  return order;
}

}  // namespace

std::vector<std::size_t> sample_order(SampleOrder order, std::uint64_t seed, std::size_t size,
                                      std::size_t first, std::size_t count) {
  std::vector<std::size_t> samples(count);
  if (order == SampleOrder::in_sequence) {
    std::ranges::generate(samples, [&] { return first++ % size; });
    return samples;
  }
  std::size_t filled = 0, begin = first % size;
  for (std::size_t epoch = first / size; filled < count; ++epoch, begin = 0) {
    const std::vector<std::size_t> whole = shuffled(seed, epoch, size);
    const std::size_t wanted = std::min(size - begin, count - filled);
    std::copy_n(whole.begin() + static_cast<std::ptrdiff_t>(begin), wanted,
                samples.begin() + static_cast<std::ptrdiff_t>(filled));
    filled += wanted;
  }
  return samples;
}

}  // namespace eprop::datasets
