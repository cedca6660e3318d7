#pragma once

#include <bit>
#include <cstdint>
#include <vector>

#include "core/column.hpp"

namespace eprop::core {

/// Gives sources places, in their order, in tables of what is kept for them. Where few are absent,
/// all sources have a place, their own number; else those that are present, found by counting bits.
class SourceIndex {
 public:
  SourceIndex() = default;
  /// Of the sources [0, present.size()).
  explicit SourceIndex(const std::vector<bool>& present);

  [[nodiscard]] std::uint32_t sources() const { return sources_; }
  [[nodiscard]] std::uint32_t places() const { return places_; }
  [[nodiscard]] bool has_all() const { return words_.empty(); }
  [[nodiscard]] bool has(std::uint32_t source) const {
    return has_all() || ((words_[source / 64] >> (source % 64)) & 1U) != 0;
  }
  /// Of a source that has one.
  [[nodiscard]] std::uint32_t place(std::uint32_t source) const {
    if (has_all()) return source;
    const auto before = words_[source / 64] & ((std::uint64_t{1} << (source % 64)) - 1);
    return before_[source / 64] + static_cast<std::uint32_t>(std::popcount(before));
  }
  /// f(source, place) of all that have one.
  template <class F>
  void for_each(F&& f) const {
    if (has_all()) {
      for (std::uint32_t source = 0; source < sources_; ++source) f(source, source);
      return;
    }
    std::uint32_t place = 0;
    for (std::uint32_t w = 0; w < words_.size(); ++w) {
      for (auto left = words_[w]; left != 0; left &= left - 1) {
        f(64 * w + static_cast<std::uint32_t>(std::countr_zero(left)), place++);
      }
    }
  }
  [[nodiscard]] std::uint64_t bytes() const { return bytes_of(words_) + bytes_of(before_); }

 private:
  std::uint32_t sources_ = 0, places_ = 0;
  std::vector<std::uint64_t> words_;   ///< a bit for each source; empty: all have a place
  std::vector<std::uint32_t> before_;  ///< places before each word
};

}  // namespace eprop::core
