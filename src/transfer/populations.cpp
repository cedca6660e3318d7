#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <span>

#include "core/interval_offsets.hpp"
#include "core/steps.hpp"
#include "eprop/comm/collectives.hpp"
#include "transfer/transfer.hpp"

namespace eprop::transfer {
namespace {

using checkpoint::StateTransfer;
using plasticity::TransmissionArchive;
using state::RankState;
using state::ReadoutPart;
using state::RecurrentPart;
using state::Worker;
using Places = std::vector<double*>;

template <class Class, class Member>
struct Named {
  const char* name;
  Member Class::*member;
};

constexpr Named<TransmissionArchive, core::StepRing> archive_rings[] = {
    {"signal", &TransmissionArchive::signal},
    {"regularization", &TransmissionArchive::regularization}};

constexpr Named<TransmissionArchive, plasticity::PrefixSums> prefix_sums[] = {
    {"", &TransmissionArchive::sums}, {"_reg", &TransmissionArchive::sums_reg}};

/// The steps before `now` that matter from then on. What is still there of earlier ones is saved as
/// zeros: checkpoints have the same bytes however the simulation came to `now`.
struct Needed {
  Step first, now;
  bool saves;

  /// Where `row` of a ring, [neuron], is to be saved from or loaded to.
  [[nodiscard]] double* place(core::StepRing& ring, Step row, std::uint32_t neuron) const {
    static double zero = 0.0;
    const Step rows = ring.rows();
    const Step age = ((now - 1 - row) % rows + rows) % rows;  // steps since that of the row
    if (saves && now - 1 - age < first) return &zero;
    return ring.row(row) + neuron;
  }
};

/// Of the bsshslm_2020 family: those of the update interval that the next updates learn from.
Needed needed_of_interval(const StateTransfer& transfer, const RankState& rank, Step now) {
  namespace offset = core::interval_offset;
  const Step T = rank.plan.timing.update_interval.value();
  const Step first =
      now < offset::update ? 0 : plasticity::interval((now - offset::update) / T, T).first;
  return {first, now, transfer.saves()};
}

Needed all_steps(const StateTransfer& transfer, Step now) {
  return {std::numeric_limits<Step>::min(), now, transfer.saves()};
}

void add(Places& places, core::Column& column) {
  for (double& value : column) places.push_back(&value);
}

/// [neuron][row]
void add(Places& places, core::StepRing& ring, core::Range neurons, const Needed& needed) {
  if (ring.empty()) return;
  for (auto i = neurons.begin; i < neurons.end; ++i) {
    for (Step row = 0; row < ring.rows(); ++row) places.push_back(needed.place(ring, row, i));
  }
}

void add(Places& places, core::StepRing& ring, const Needed& needed) {
  add(places, ring, {0, static_cast<std::uint32_t>(ring.columns())}, needed);
}

/// This rank's parts of a population, in the order of its neurons.
template <class Part>
std::vector<Part*> parts_of(RankState& rank, std::uint32_t population,
                            std::vector<Part> Worker::*parts) {
  std::vector<Part*> found;
  for (auto& worker : rank.workers) {
    for (auto& part : (*worker).*parts) {
      if (part.population == population) found.push_back(&part);
    }
  }
  return found;
}

/// Gives parts with packed archives those that have been loaded.
void pack(const std::vector<RecurrentPart*>& parts, const std::vector<core::StepRing>& unpacked,
          Step now) {
  auto loaded = unpacked.begin();
  for (auto* part : parts) {
    if (part->archive.packed.empty()) continue;
    for (Step t = 0; t < loaded->rows(); ++t) part->archive.packed.put(t, loaded->row(t));
    const double* last = loaded->row(std::max<Step>(now - 1, 0));
    std::copy_n(last, loaded->columns(), part->surrogate_gradient.row(0));
    ++loaded;
  }
}

void transfer_recurrent(StateTransfer& transfer, RankState& rank, std::uint32_t population,
                        const std::string& name, Step now) {
  const bool by_interval = std::get<plan::Neurons>(rank.plan.populations[population].role).family ==
                           Family::bsshslm_2020;
  const auto all = all_steps(transfer, now);
  const auto needed = by_interval ? needed_of_interval(transfer, rank, now) : all;
  const auto parts = parts_of(rank, population, &Worker::recurrent);
  const auto move = [&](const std::string& column, const auto& add_part) {
    Places places;
    for (auto* part : parts) add_part(places, *part);
    transfer.distributed(name + column, places);
  };
  const auto& model = std::get<NeuronModel>(rank.plan.network.populations()[population].what);
  for (const auto& column : neurons::recurrent_state) {
    if (!column.in_checkpoints(model)) continue;
    move(std::string(column.name),
         [&](Places& places, RecurrentPart& part) { add(places, part.block.*column.member); });
  }
  move("interval_regularization",
       [](Places& places, RecurrentPart& part) { add(places, part.archive.regularization); });
  std::vector<core::StepRing> unpacked;
  unpacked.reserve(parts.size());
  move("surrogate_gradient", [&](Places& places, RecurrentPart& part) {
    const auto& packed = part.archive.packed;
    if (!packed.empty()) unpacked.push_back(core::unpacked(packed));
    add(places, packed.empty() ? part.surrogate_gradient : unpacked.back(), needed);
  });
  if (!transfer.saves()) pack(parts, unpacked, now);
  for (const auto& [ring, member] : archive_rings) {
    move(std::string("archive/") + ring, [&, member = member](Places& places, RecurrentPart& part) {
      add(places, part.transmission.*member, all);
    });
  }
  for (const auto& [filter, member] : prefix_sums) {
    for (std::uint32_t i = 0; i < 3; ++i) {
      const auto column = std::string("archive/") + "FGH"[i] + filter;
      move(column, [&, member = member](Places& places, RecurrentPart& part) {
        auto& sums = part.transmission.*member;
        const auto n = static_cast<std::uint32_t>(sums.neurons);
        add(places, sums.ring, {i * n, (i + 1) * n}, all);
      });
    }
  }
  if (transfer.saves()) return;
  for (auto* part : parts) part->block.collect_spikes();
}

constexpr std::uint32_t sums_of_interval = 4;

/// [readout][sum]
void add(Places& places, std::vector<devices::LossTracker::Sums>& sums, std::size_t readout,
         std::size_t stride) {
  for (auto i = readout; i < sums.size(); i += stride) {
    for (double* sum :
         {&sums[i].squared_error, &sums[i].cross_entropy, &sums[i].readout, &sums[i].target}) {
      places.push_back(sum);
    }
  }
}

/// What Simulation::track_loss() sees to, and as many sums as there are intervals: `shape` is what
/// transfer_losses() has made of these.
void require_losses(StateTransfer& transfer, const std::vector<std::int64_t>& shape,
                    std::uint32_t readouts, const std::string& name) {
  const std::span<const std::int64_t> all(shape);
  const auto column = name + "losses";
  checkpoint::require_limits(column, all.first(1), {0, core::most_steps});
  checkpoint::require_limits(column, all.subspan(1, 1), {1, core::most_steps});
  checkpoint::require_limits(column, all.subspan(2, 1), {1, shape[1]});
  const auto sums = std::size_t{sums_of_interval} * readouts;
  const auto completed = sums == 0 ? 0 : transfer.loaded_numbers(column + "/completed") / sums;
  const auto most = sums == 0 ? core::most_steps : static_cast<std::int64_t>(completed);
  checkpoint::require_limits(column, all.last(1), {0, most});
}

void transfer_losses(StateTransfer& transfer, std::optional<devices::LossTracker::Window>& tracked,
                     const std::vector<ReadoutPart*>& parts, std::uint32_t readouts,
                     const std::string& name) {
  std::int64_t n_completed = 0;  // intervals; some ranks may have no readouts
  for (auto* part : parts) {
    if (!part->losses || part->block.size() == 0) continue;
    n_completed =
        static_cast<std::int64_t>(part->losses->completed_sums().size() / part->block.size());
  }
  for (const auto other : comm::all_gather(transfer.comm(), n_completed)) {
    n_completed = std::max(n_completed, other);
  }
  const auto window = tracked.value_or(devices::LossTracker::Window{0, 0, 0});
  std::vector<std::int64_t> shape{window.offset, window.interval, window.window, n_completed};
  transfer.common(name + "losses", shape);
  if (!transfer.saves()) {
    tracked.reset();
    for (auto* part : parts) part->losses.reset();
  }
  checkpoint::require_size(name + "losses", shape.size(), 4);
  if (shape[1] == 0) return;
  if (!transfer.saves()) require_losses(transfer, shape, readouts, name);
  tracked = {shape[0], shape[1], shape[2]};
  Places open, completed;
  for (auto* part : parts) {
    const auto n = part->block.size();
    if (!transfer.saves()) {
      part->losses.emplace(*tracked, n);
      part->losses->completed_sums().resize(n * static_cast<std::size_t>(shape[3]));
    }
    for (std::size_t k = 0; k < n; ++k) {
      add(open, part->losses->open_sums(), k, n);
      add(completed, part->losses->completed_sums(), k, n);
    }
  }
  transfer.distributed(name + "losses/open", open);
  transfer.distributed(name + "losses/completed", completed);
}

void transfer_readouts(StateTransfer& transfer, RankState& rank, std::uint32_t population,
                       const std::string& name, Step now) {
  const bool by_interval =
      std::get<plan::Readouts>(rank.plan.populations[population].role).family ==
      Family::bsshslm_2020;
  const auto needed =
      by_interval ? needed_of_interval(transfer, rank, now) : all_steps(transfer, now);
  const auto parts = parts_of(rank, population, &Worker::readouts);
  for (const auto& column : neurons::readout_state) {
    Places places;
    for (auto* part : parts) add(places, part->block.*column.member);
    transfer.distributed(name + std::string(column.name), places);
  }
  auto& readouts = rank.readouts(population);
  const auto size = rank.plan.populations[population].size;
  transfer_losses(transfer, readouts.losses, parts, size, name);
  const auto own = rank.layout.of_this_rank(size);
  for (auto& [ring, column] :
       {std::pair{&readouts.errors, "errors"}, std::pair{&readouts.potentials, "potentials"}}) {
    Places mine, all;
    add(mine, *ring, own, needed);
    add(all, *ring, needed);
    transfer.published(name + column, mine, all);
  }
}

/// The spikes of the steps that are kept: those of all sources that have targets anywhere.
void transfer_history(StateTransfer& transfer, core::SpikeHistory& history, std::uint32_t size,
                      const std::string& name, Step needed, Step now) {
  const auto n = static_cast<std::int64_t>(std::max(size, 1U));
  std::vector<std::int64_t> spikes;  // step * n + source
  for (Step t = std::max(history.oldest(), needed); t < history.next(); ++t) {
    for (const auto source : history.at(t)) spikes.push_back(t * n + source);
  }
  // Of steps before `now`, and none if there are no sources.
  const Step end = std::min(now, std::numeric_limits<Step>::max() / n) * n;
  transfer.merged(name + "spikes", spikes, {0, size == 0 ? -1 : end - 1});
  if (transfer.saves()) return;
  const Step kept = history.steps_kept();
  const Step first = std::max<Step>(0, now - kept);
  history = core::SpikeHistory(kept, first);
  auto next = spikes.begin();
  for (Step t = first; t < now; ++t) {
    for (; next != spikes.end() && *next / n == t; ++next) {
      history.append(static_cast<std::uint32_t>(*next % n));
    }
    history.end_step();
  }
}

/// The first step whose spikes of a population matter from step `now` on, those that learning looks
/// up and those that are under way.
Step first_needed(const StateTransfer& transfer, const RankState& rank, std::uint32_t population,
                  Step now) {
  Step first = needed_of_interval(transfer, rank, now).first;
  for (const auto& projection : rank.plan.projections) {
    if (projection.source != population) continue;
    if (projection.family == Family::plus) return 0;
    first = std::min(first, now - projection.delay);
  }
  return first;
}

}  // namespace

void transfer_populations(StateTransfer& transfer, RankState& rank, Step now) {
  for (std::uint32_t i = 0; i < rank.populations.size(); ++i) {
    const auto& spec = rank.plan.network.populations()[i];
    const auto name = fmt::format("population/{}/", spec.name);
    if (std::holds_alternative<state::ReadoutState>(rank.populations[i])) {
      transfer_readouts(transfer, rank, i, name, now);
      continue;
    }
    transfer_history(transfer, rank.spikes(i).history, spec.size, name,
                     first_needed(transfer, rank, i, now), now);
    if (std::holds_alternative<state::NeuronState>(rank.populations[i])) {
      transfer_recurrent(transfer, rank, i, name, now);
    }
  }
}

}  // namespace eprop::transfer
