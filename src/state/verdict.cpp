#include "state/verdict.hpp"

#include <fmt/format.h>

#include <span>
#include <string>

#include "core/finite.hpp"
#include "eprop/errors.hpp"

namespace eprop::state {
namespace {

std::string name_of(const Network& network, const Divergence& d) {
  if (d.quantity == Quantity::weight) {
    return fmt::format("projection '{}': a weight or its gradient",
                       network.projections()[d.index].name);
  }
  const auto& name = network.populations()[d.index].name;
  switch (d.quantity) {
    case Quantity::potential:
      return fmt::format("population '{}': V_m", name);
    case Quantity::error_signal:
      return fmt::format("population '{}': error_signal", name);
    default:
      return fmt::format("population '{}': its loss", name);
  }
}

}  // namespace

void note_potentials(Worker& worker, Step t) {
  const auto look = [&](const auto& part) {
    if (core::all_finite(part.block.v)) return;
    worker.divergence.note({t, Quantity::potential, part.population});
  };
  for (const auto& part : worker.recurrent) look(part);
  for (const auto& part : worker.readouts) look(part);
}

void note_potentials(RankState& rank, Step t) {
  for (const auto& worker : rank.workers) note_potentials(*worker, t);
}

void throw_if_diverged(RankState& rank, comm::Communicator& comm, Step now) {
  Divergence first;
  note_potentials(rank, std::max<Step>(now - 1, 0));
  for (const auto& worker : rank.workers) first.note(worker->divergence);
  rank.divergences.resize(static_cast<std::size_t>(comm.size()));
  comm.all_gather(std::as_bytes(std::span(&first, 1)),
                  std::as_writable_bytes(std::span(rank.divergences)));
  for (const auto& other : rank.divergences) first.note(other);
  if (!first.found()) return;
  throw Diverged(
      fmt::format("{} is not finite in step {} ({:.10g} ms): the simulation has diverged",
                  name_of(rank.plan.network, first), first.step,
                  static_cast<double>(first.step) * rank.plan.timing.dt),
      first.step);
}

}  // namespace eprop::state
