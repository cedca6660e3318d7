#include "datasets/digits.hpp"

#include <algorithm>
#include <numeric>

#include "core/refuse.hpp"
#include "datasets/nmnist_folder.hpp"
#include "datasets/scanned_digits.hpp"
#include "eprop/datasets/digits.hpp"

namespace eprop::datasets {

using core::refuse;

std::vector<std::uint32_t> all_digits() {
  std::vector<std::uint32_t> digits(10);
  std::iota(digits.begin(), digits.end(), 0U);
  return digits;
}

std::vector<std::uint32_t> checked_digits(std::vector<std::uint32_t> digits) {
  if (digits.empty()) refuse("digits", "number", 0, "", "must be at least 1");
  std::ranges::sort(digits);
  if (digits.back() > 9) refuse("digits", "digit", digits.back(), "", "must be at most 9");
  if (const auto twice = std::ranges::adjacent_find(digits); twice != digits.end()) {
    refuse("digits", "digit", *twice, "", "must not stand twice");
  }
  return digits;
}

DatasetSplit read_digits(const std::filesystem::path& folder, std::uint64_t seed,
                         const std::vector<std::uint32_t>& digits) {
  return holds_scans(folder) ? read_scans(folder, seed, digits) : read_nmnist(folder, digits);
}

std::vector<std::filesystem::path> check_digits(const std::filesystem::path& folder,
                                                const std::vector<std::uint32_t>& digits) {
  if (!holds_scans(folder)) return check_nmnist(folder, digits);
  (void)read_scans(folder, 0, digits);
  return {};
}

}  // namespace eprop::datasets
