#include <gtest/gtest.h>

#include <functional>

#include "eprop/comm/launch.hpp"
#include "eprop/errors.hpp"
#include "eprop/simulation.hpp"
#include "message_of.hpp"
#include "sample_networks.hpp"

namespace eprop {
namespace {

TEST(DryRunSimulation, RefusesByNameWhatOtherRanksWouldHaveToTell) {
  const testing::SmallNetwork small;
  const auto comm = comm::make_dry_run(1, 3);
  Simulation simulation(small.network, *comm);
  const std::vector<Projection> projections{small.in_rec};
  const std::vector<double> weights(1);
  const std::pair<const char*, std::function<void()>> functions[] = {
      {"weights", [&] { (void)simulation.weights(small.in_rec); }},
      {"set_weights", [&] { simulation.set_weights(small.in_rec, weights); }},
      {"set_weights", [&] { simulation.set_weights(small.in_rec, WeightMatrix{}); }},
      {"load_weights", [&] { simulation.load_weights("none.h5", projections); }},
      {"synapses_at_bounds", [&] { (void)simulation.synapses_at_bounds(small.in_rec); }},
      {"state", [&] { (void)simulation.state(small.rec, "V_m"); }},
      {"track_loss", [&] { simulation.track_loss(small.out, {}); }},
      {"open_output", [&] { simulation.open_output("none.h5"); }},
      {"continue_output", [&] { simulation.continue_output("none.h5"); }},
      {"record_spikes", [&] { simulation.record_spikes(small.rec); }},
      {"record", [&] { simulation.record(small.rec, {}); }},
      {"record_weights", [&] { simulation.record_weights(small.in_rec, {}); }},
      {"record_transmissions", [&] { simulation.record_transmissions(small.in_rec, {}); }},
      {"keep_transmitted_weights", [&] { simulation.keep_transmitted_weights(small.in_rec); }},
      {"save_checkpoint", [&] { simulation.save_checkpoint("none.ckpt"); }},
      {"load_checkpoint", [&] { (void)simulation.load_checkpoint("none.ckpt"); }},
      {"network_checksum", [&] { (void)simulation.network_checksum(); }}};
  for (const auto& [name, function] : functions) {
    EXPECT_EQ(testing::message_of<InvalidParameter>(function),
              std::string("dry run: ranks = 3: ") + name +
                  "() needs the other ranks, which are not there");
  }
}

TEST(DryRunSimulation, RefusesReplicas) {
  const testing::SmallNetwork small;
  const auto comm = comm::make_dry_run(1, 2);
  EXPECT_EQ(testing::message_of<InvalidParameter>([&] {
              Simulation(small.network, *comm, SimulationOptions{.threads = 1, .replicas = 2});
            }),
            "simulation: replicas = 2: must be 1 in a dry run, whose ranks are all of one group");
}

TEST(DryRunSimulation, RunsRichNetworksOnEachRank) {
  const auto network = testing::rich_network();
  for (const int rank : {0, 2, 4}) {
    const auto comm = comm::make_dry_run(rank, 5);
    Simulation simulation(network, *comm);
    simulation.run(100);
    const auto found = simulation.statistics();
    EXPECT_GT(found.synapses, 0U);
    EXPECT_GT(found.messages_sent, 0U);
    EXPECT_GT(found.bytes.exchange, 0U);
  }
}

}  // namespace
}  // namespace eprop
