#include "neuromorphic_mnist_data/sample_order.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "neuromorphic_mnist_data/counter_random.hpp"

namespace eprop::examples {
namespace {

/// Fisher and Yates's shuffle.
std::vector<std::size_t> permutation(std::uint64_t seed, std::size_t epoch, std::size_t size) {
  CounterRandom random(seed, RandomPurpose::epoch_order, epoch);
  std::vector<std::size_t> order(size);
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t i = size; i > 1; --i) std::swap(order[i - 1], order[random.below(i)]);
  return order;
}

}  // namespace

std::vector<std::size_t> sample_order(std::uint64_t seed, std::size_t size, std::size_t first,
                                      std::size_t count) {
  if (size == 0) throw std::invalid_argument("sample order: size is 0, but must be positive");
  std::vector<std::size_t> order;
  order.reserve(count);
  std::size_t begin = first % size;
  for (std::size_t epoch = first / size; order.size() < count; ++epoch, begin = 0) {
    const std::vector<std::size_t> samples = permutation(seed, epoch, size);
    const std::size_t wanted = std::min(size - begin, count - order.size());
    const auto from = samples.begin() + static_cast<std::ptrdiff_t>(begin);
    order.insert(order.end(), from, from + static_cast<std::ptrdiff_t>(wanted));
  }
  return order;
}

}  // namespace eprop::examples
