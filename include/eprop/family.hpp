#pragma once

namespace eprop {

/// The learning rule that a model takes part in: neurons, readouts and synapses of one projection
/// are of one family.
enum class Family {
  none,          ///< does not learn
  bsshslm_2020,  ///< weights change after update intervals (Bellec et al. 2020)
  plus,          ///< weights change when synapses transmit (Korcsak-Gorzo et al. 2025)
};

}  // namespace eprop
