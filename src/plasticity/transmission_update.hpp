#pragma once

#include <cstdint>
#include <vector>

#include "core/step_ring.hpp"
#include "eprop/step.hpp"
#include "neurons/readout_block.hpp"
#include "neurons/recurrent_block.hpp"
#include "plasticity/optimizer.hpp"
#include "plasticity/source_clock.hpp"
#include "plasticity/transmission_archive.hpp"
#include "synapses/synapse_tile.hpp"

/// Updates of synapses that learn whenever they transmit (Korcsak-Gorzo et al. 2025). A synapse
/// that transmits in step a after one in step a0 handles its target's steps a0-D ... a-D-1, at most
/// `cutoff` of them; over the others its traces decay. An interval may be handled in pieces.
namespace eprop::plasticity {

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

/// Gives a tile the columns that this family needs.
void add_transmission_state(synapses::SynapseTile& tile, const TransmissionMode& mode,
                            bool readouts, bool adaptive, const TransmissionOptimizer& optimizer);

/// The synapses of a source in one tile, with all that an update reads and writes.
struct TransmittingRow {
  TransmittingRow(synapses::SynapseTile& of, std::uint32_t source, const SourceClock& its_clock,
                  const TransmissionTargets& targets, const TransmissionOptimizer& its_optimizer,
                  TransmissionScratch& working_memory)
      : tile(of),
        row(of, source),
        clock(its_clock),
        at(targets),
        optimizer(its_optimizer),
        scratch(working_memory) {}

  [[nodiscard]] const TransmissionMode& mode() const { return at.mode; }
  /// The row's part of a column of the tile; null if the tile does not have the column.
  [[nodiscard]] double* column(core::Column& values) const {
    return values.empty() ? nullptr : values.data() + row.first;
  }

  synapses::SynapseTile& tile;
  const synapses::Row row;
  const SourceClock& clock;
  const TransmissionTargets at;
  const TransmissionOptimizer optimizer;
  TransmissionScratch& scratch;
};

/// Handles the open interval of a source up to step `limit`, exclusive, without closing it: for
/// silent sources, before the archive overwrites what they have not used. Changes the tile, not the
/// clock (see catch_up).
void handle(const TransmittingRow& row, Step limit);

/// handle() up to the transmission in step `arrival`, and the optimization that is due with it.
void transmit_plastic(const TransmittingRow& row, Step arrival);

}  // namespace eprop::plasticity
