#include "devices/loss_tracker.hpp"

#include <algorithm>
#include <array>

#include "core/finite.hpp"

namespace eprop::devices {

void LossTracker::restart(Step first) {
  start_ = std::max(window_.offset, first);
  std::fill(open_.begin(), open_.end(), Sums{});
}

void LossTracker::observe(Step t, const neurons::ReadoutBlock& block) {
  if (t < start_) return;
  const Step position = (t - window_.offset) % window_.interval;
  if (position < window_.interval - window_.window) return;
  const bool classifies = block.loss == Loss::cross_entropy;
  for (std::size_t k = 0; k < open_.size(); ++k) {
    auto& sums = open_[k];
    const double difference = block.signal[k] - block.target[k];
    sums.squared_error += difference * difference;
    if (classifies && block.target[k] != 0.0) {
      sums.cross_entropy -= block.target[k] * block.log_signal[k];
    }
    sums.readout += block.signal[k];
    sums.target += block.target[k];
  }
  if (position == window_.interval - 1) {
    for (const auto& sums : open_) {
      const std::array all{sums.squared_error, sums.cross_entropy, sums.readout, sums.target};
      finite_ = finite_ && core::all_finite(all);
    }
    completed_.insert(completed_.end(), open_.begin(), open_.end());
    std::fill(open_.begin(), open_.end(), Sums{});
  }
}

}  // namespace eprop::devices
