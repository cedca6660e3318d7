#pragma once

#include <cstdint>
#include <vector>

#include "core/step_ring.hpp"
#include "neurons/readout_block.hpp"
#include "neurons/recurrent_block.hpp"
#include "plasticity/optimizer.hpp"
#include "plasticity/transmission_archive.hpp"
#include "synapses/synapse_tile.hpp"

/// Updates of synapses that learn whenever they transmit (Korcsak-Gorzo et al. 2025). A synapse
/// that transmits in step a after one in step a0 handles its target's steps a0-D ... a-D-1, at most
/// `cutoff` of them; over the others its traces decay. An interval may be handled in pieces.
namespace eprop::plasticity {

/// Where a source stands with its synapses onto one thread's targets; the first spike only starts
/// the clock.
struct SourceClock {
  Step last = -1;             ///< step in which its last spike arrived; -1: none yet
  Step handled = 0;           ///< first step of the open interval that is not handled
  std::uint64_t recent = 0;   ///< bit i: a spike arrived in step last - i
  bool had_interval = false;  ///< an interval has been closed
  double z_bar = 0.0;         ///< presynaptic trace, where all targets share alpha
};

/// The largest D that SourceClock::recent covers.
inline constexpr Step longest_lag = 63;

/// What a tile's synapses read of their targets. Pointers are to the first target of the tile.
struct TransmissionTargets {
  const TransmissionMode& mode;
  bool readouts;
  std::size_t offset;  ///< of the tile in the block
  const neurons::RecurrentBlock* block = nullptr;
  const core::StepRing* surrogate_gradient = nullptr;
  const TransmissionArchive* archive = nullptr;
  const neurons::ReadoutBlock* readout_block = nullptr;
  const core::StepRing* errors = nullptr;  ///< of readouts; row offset by the block's first readout
};

struct TransmissionOptimizer {
  const OptimizerParameters& parameters;
  double eta;
  bool each_step;
  Step delay;  ///< of the synapse
};

struct TransmissionScratch {
  std::vector<double> gradient;  ///< [synapse of a row]
  std::vector<double> zeros;
};

/// Gives a tile the columns that this family needs.
void add_transmission_state(synapses::SynapseTile& tile, const TransmissionMode& mode,
                            bool readouts, bool adaptive, const OptimizerParameters& optimizer,
                            bool each_step);

/// Handles the open interval of a source up to step `limit`, exclusive, without closing it: for
/// silent sources, before the archive overwrites what they have not used. Changes the tile, not the
/// clock (see catch_up).
void handle(synapses::SynapseTile& tile, std::uint32_t source, const SourceClock& clock, Step limit,
            const TransmissionTargets& targets, const TransmissionOptimizer& optimizer,
            TransmissionScratch& scratch);

/// handle() up to the transmission in step `arrival`, and the optimization that is due with it.
void transmit_plastic(synapses::SynapseTile& tile, std::uint32_t source, const SourceClock& clock,
                      Step arrival, const TransmissionTargets& targets,
                      const TransmissionOptimizer& optimizer, TransmissionScratch& scratch);

/// Moves a clock on after its tiles have been handled up to `limit`.
void catch_up(SourceClock& clock, Step limit, const TransmissionMode& mode);

/// Moves a clock on after a transmission in step `arrival`.
void restart(SourceClock& clock, Step arrival, const TransmissionMode& mode);

/// Whether the cutoff leaves nothing to be handled in a clock's open interval.
[[nodiscard]] bool beyond_cutoff(const SourceClock& clock, const TransmissionMode& mode);

}  // namespace eprop::plasticity
