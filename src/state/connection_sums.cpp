#include "state/connection_sums.hpp"

#include <Random123/philox.h>
#include <fmt/format.h>

#include <bit>

#include "eprop/comm/collectives.hpp"

namespace eprop::state {
namespace {

void add(ConnectionSum& sum, std::uint32_t source, std::uint32_t target, double weight) {
  const auto bits = std::bit_cast<std::uint64_t>(weight);
  const auto words = r123::Philox4x32()(
      {{source, target, static_cast<std::uint32_t>(bits), static_cast<std::uint32_t>(bits >> 32U)}},
      {{}});
  ++sum.count;
  sum.checksum += (static_cast<std::uint64_t>(words[0]) << 32U) | words[1];
}

std::vector<ConnectionSum> over_ranks(const std::vector<ConnectionSum>& own,
                                      comm::Communicator& comm) {
  const auto all = comm::all_gather_all(comm, own);
  std::vector<ConnectionSum> sums(own.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    sums[i % own.size()].count += all[i].count;
    sums[i % own.size()].checksum += all[i].checksum;
  }
  return sums;
}

}  // namespace

std::string words(const ConnectionSum& synapses) {
  return fmt::format("{} synapses with checksum {:016x}", synapses.count, synapses.checksum);
}

std::vector<ConnectionSum> synapse_sums(const RankState& rank, comm::Communicator& comm) {
  std::vector<ConnectionSum> own(rank.plan.projections.size());
  for (const auto& worker : rank.workers) {
    for (std::size_t p = 0; p < own.size(); ++p) {
      for (const auto& tile : worker->projections[p].tiles) {
        tile.for_each_source([&](std::uint32_t source, core::Range synapses) {
          for (auto s = synapses.begin; s < synapses.end; ++s) {
            add(own[p], source, tile.targets.begin + tile.target[s], 0.0);
          }
        });
      }
    }
  }
  return over_ranks(own, comm);
}

std::vector<ConnectionSum> signal_sums(const RankState& rank, comm::Communicator& comm) {
  const auto& plans = rank.plan.signals;
  std::vector<ConnectionSum> own(plans.size());
  for (const auto& worker : rank.workers) {
    for (const auto& part : worker->recurrent) {
      auto signal = part.signals.begin();  // in the order of the plan
      for (std::size_t i = 0; i < plans.size(); ++i) {
        if (plans[i].target != part.population) continue;
        for (std::size_t b = 0; b < signal->B.size(); ++b) {
          if (signal->B[b] == 0.0) continue;
          const auto readout = static_cast<std::uint32_t>(b / signal->neurons);
          const auto neuron = static_cast<std::uint32_t>(b % signal->neurons);
          add(own[i], readout, part.block.neurons.begin + neuron, signal->B[b]);
        }
        ++signal;
      }
    }
  }
  return over_ranks(own, comm);
}

}  // namespace eprop::state
