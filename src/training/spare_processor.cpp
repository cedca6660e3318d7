#include "training/spare_processor.hpp"

#include <unistd.h>

#include <array>
#include <functional>
#include <string_view>

#include "eprop/comm/collectives.hpp"

namespace eprop::training {
namespace {

Place place_of_this_rank() {
  std::array<char, 256> name{};
  (void)::gethostname(name.data(), name.size() - 1);
  Place place{std::hash<std::string_view>{}(name.data()), {}};
  if (::sched_getaffinity(0, sizeof place.processors, &place.processors) != 0) {
    CPU_ZERO(&place.processors);
  }
  return place;
}

}  // namespace

bool has_spare_processor(const std::vector<Place>& places, int rank, int threads) {
  const auto& mine = places[static_cast<std::size_t>(rank)];
  if (CPU_COUNT(&mine.processors) <= threads) return false;
  cpu_set_t of_host;
  CPU_ZERO(&of_host);
  int ranks = 0;
  for (const auto& place : places) {
    if (place.host != mine.host) continue;
    CPU_OR(&of_host, &of_host, &place.processors);
    ++ranks;
  }
  return CPU_COUNT(&of_host) >= ranks * (threads + 1);
}

bool has_spare_processor(comm::Communicator& comm, int threads) {
  return has_spare_processor(comm::all_gather(comm, place_of_this_rank()), comm.rank(), threads);
}

}  // namespace eprop::training
