#pragma once

#include <algorithm>
#include <compare>
#include <cstdint>
#include <limits>

#include "eprop/comm/communicator.hpp"
#include "eprop/value.hpp"

/// What is not finite is noted by the thread that computes it, and ends the simulation on all ranks
/// at the next verdict. The ranks agree on what comes first by step and place in the network, which
/// is the same on every layout.
namespace eprop::engine {

struct RankState;
struct Worker;

/// In the order in which a step computes them.
enum class Quantity : std::uint32_t { weight, potential, error_signal, loss };

struct Divergence {
  Step step = std::numeric_limits<Step>::max();  ///< none
  Quantity quantity = Quantity::weight;
  std::uint32_t index = 0;  ///< of the projection (weight) or population

  auto operator<=>(const Divergence&) const = default;
  [[nodiscard]] bool found() const { return step != Divergence{}.step; }
  void note(const Divergence& other) { *this = std::min(*this, other); }
};

/// Ranks agree at the first exchange after so many steps, and at the end of run(): seldom enough to
/// cost nothing, and nothing leaves run() unchecked.
inline constexpr Step verdict_interval = 1000;

/// Notes membrane potentials that are not finite after step t.
void note_potentials(Worker& worker, Step t);

/// Throws Diverged on all ranks if anything has been noted on any, or a potential is not finite
/// before step `now`. Collective; by one thread.
void throw_if_diverged(RankState& rank, comm::Communicator& comm, Step now);

}  // namespace eprop::engine
