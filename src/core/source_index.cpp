#include "core/source_index.hpp"

#include <algorithm>

namespace eprop::core {

SourceIndex::SourceIndex(const std::vector<bool>& present)
    : sources_(static_cast<std::uint32_t>(present.size())), places_(sources_) {
  // A number of four bytes for each source takes less then than bits and the counts of bits would
  // be worth, and is found sooner.
  constexpr double few_absent = 0.75;
  const auto n = static_cast<double>(std::count(present.begin(), present.end(), true));
  if (n >= few_absent * sources_) return;
  places_ = 0;
  words_.resize((present.size() + 63) / 64, 0);
  before_.reserve(words_.size());
  for (std::size_t source = 0; source < present.size(); ++source) {
    if (source % 64 == 0) before_.push_back(places_);
    if (!present[source]) continue;
    words_[source / 64] |= std::uint64_t{1} << (source % 64);
    ++places_;
  }
}

}  // namespace eprop::core
