#pragma once

#include <sched.h>

#include <cstdint>
#include <vector>

#include "eprop/comm/communicator.hpp"

namespace eprop::training {

/// Where a rank runs.
struct Place {
  std::uint64_t host;    ///< the same for all ranks of a host
  cpu_set_t processors;  ///< those that the rank may use
};

/// Whether a rank may use a processor that neither its own threads, so many on each rank, nor any
/// of the other ranks on its host need, if each of them takes one more. `places` are of all ranks.
[[nodiscard]] bool has_spare_processor(const std::vector<Place>& places, int rank, int threads);

/// The same for the calling thread of this rank; false where the system does not tell. Collective.
[[nodiscard]] bool has_spare_processor(comm::Communicator& comm, int threads);

}  // namespace eprop::training
