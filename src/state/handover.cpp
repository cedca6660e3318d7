#include "state/handover.hpp"

#include <algorithm>
#include <span>
#include <vector>

#include "core/interval_offsets.hpp"
#include "eprop/comm/collectives.hpp"
#include "state/restart.hpp"

namespace eprop::state {
namespace {

namespace offset = core::interval_offset;
using Parts = std::vector<std::span<double>>;

void add_rows(Parts& parts, core::StepRing& ring, Step first, Step last) {
  if (ring.empty()) return;
  for (Step t = first; t < last; ++t) parts.emplace_back(ring.row(t), ring.columns());
}

/// f(part) of all recurrent parts whose archives are packed.
template <class F>
void for_each_packed(RankState& rank, F&& f) {
  for (auto& worker : rank.workers) {
    for (auto& part : worker->recurrent) {
      if (!part.archive.packed.empty()) f(part);
    }
  }
}

/// What packed archives have of the steps [first, now).
std::vector<core::StepRing> unpack(RankState& rank, Step first, Step now) {
  std::vector<core::StepRing> rings;
  for_each_packed(rank, [&](const RecurrentPart& part) {
    auto& ring = rings.emplace_back(now - first, part.block.size());
    const core::Range all{0, part.block.neurons.size()};
    for (Step t = first; t < now; ++t) part.archive.packed.get(t, all, ring.row(t));
  });
  return rings;
}

void pack(RankState& rank, const std::vector<core::StepRing>& rings, Step first, Step now) {
  auto ring = rings.begin();
  for_each_packed(rank, [&](RecurrentPart& part) {
    for (Step t = first; t < now; ++t) part.archive.packed.put(t, ring->row(t));
    ++ring;
  });
}

/// All numbers that matter from step `now` on, with `unpacked` surrogate gradients; the running
/// interval of recurrent neurons began with step `first`.
Parts parts_of(RankState& rank, std::vector<core::StepRing>& unpacked, Step first, Step now) {
  Parts parts;
  for (auto& ring : unpacked) add_rows(parts, ring, first, now);
  for (auto& worker : rank.workers) {
    for (auto& projection : worker->projections) {
      for (auto& tile : projection.tiles) {
        for (const auto& column : synapses::synapse_columns) {
          parts.emplace_back(tile.*column.member);
        }
      }
    }
    for (auto& part : worker->recurrent) {
      for (const auto& column : neurons::recurrent_state) {
        parts.emplace_back(part.block.*column.member);
      }
      parts.emplace_back(part.archive.regularization);
      if (part.archive.packed.empty() && part.surrogate_gradient.rows() > now - first) {
        add_rows(parts, part.surrogate_gradient, first, now);
      }
    }
    for (auto& part : worker->readouts) {
      for (const auto& column : neurons::readout_state) {
        parts.emplace_back(part.block.*column.member);
      }
      if (part.losses) {
        for (auto& sums : part.losses->open_sums()) {
          parts.emplace_back(&sums.squared_error, 1);
          parts.emplace_back(&sums.cross_entropy, 1);
          parts.emplace_back(&sums.readout, 1);
          parts.emplace_back(&sums.target, 1);
        }
      }
    }
  }
  for (auto& population : rank.populations) {
    auto* readouts = std::get_if<ReadoutState>(&population);
    if (readouts == nullptr) continue;
    add_rows(parts, readouts->errors, first, now);
    add_rows(parts, readouts->potentials, first, now);
  }
  return parts;
}

void broadcast(const Parts& parts, comm::Communicator& across) {
  std::size_t n = 0;
  for (const auto& part : parts) n += part.size();
  std::vector<double> all(n);
  auto next = all.begin();
  if (across.rank() == 0) {
    for (const auto& part : parts) next = std::ranges::copy(part, next).out;
  }
  across.broadcast(std::as_writable_bytes(std::span(all)), 0);
  if (across.rank() == 0) return;
  for (const auto& part : parts) {
    std::copy_n(next, part.size(), part.begin());
    next += static_cast<std::ptrdiff_t>(part.size());
  }
}

/// The spikes of neurons in the steps [first, now), of which a rank that has restarted has none;
/// inputs are emitted.
void hand_over_spikes(RankState& rank, Step first, Step now, comm::Communicator& across) {
  for (auto& population : rank.populations) {
    auto* neurons = std::get_if<NeuronState>(&population);
    auto* inputs = std::get_if<InputState>(&population);
    for (Step t = first; t < now; ++t) {
      if (neurons != nullptr) {
        const auto known = neurons->history.at(t);
        std::vector<std::uint32_t> sources(known.begin(), known.end());
        comm::broadcast(across, sources, 0);
        if (across.rank() == 0) continue;
        neurons->history.append(sources);
        neurons->history.end_step();
      } else if (inputs != nullptr && across.rank() != 0) {
        std::visit([&](auto& player) { player.emit(t, inputs->history); }, inputs->player);
        inputs->history.end_step();
      }
    }
  }
}

}  // namespace

void hand_over(RankState& rank, Step now, comm::Communicator& across) {
  const Step first = now - offset::update + offset::recurrent;
  if (across.rank() != 0) restart(rank, first);
  auto unpacked = unpack(rank, first, now);
  broadcast(parts_of(rank, unpacked, first, now), across);
  if (across.rank() != 0) pack(rank, unpacked, first, now);
  hand_over_spikes(rank, first, now, across);
  for (auto& player : rank.rates) player.advance(now);
}

}  // namespace eprop::state
