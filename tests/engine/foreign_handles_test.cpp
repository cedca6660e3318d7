#include <gtest/gtest.h>

#include <functional>
#include <map>

#include "distributed_test.hpp"
#include "eprop/simulation.hpp"
#include "refusal.hpp"
#include "sample_networks.hpp"

namespace eprop {

DISTRIBUTED_TEST(ForeignHandles, AreRefusedByEveryFunctionOfASimulation, RANKS(1, 2)) {
  const testing::SmallNetwork small;  // three populations, three projections, one generator
  Simulation simulation(small.network, comm, 1);
  const Population population{3};
  const Projection projection{3};
  const RateGenerator generator{1};
  const auto expect_refused = [](const std::string& message,
                                 const std::map<std::string, std::function<void()>>& calls) {
    for (const auto& [name, call] : calls) EXPECT_EQ(testing::refusal(call), message) << name;
  };
  expect_refused("network: population = 3: must be a handle of this network, which has 3 of them",
                 {{"append_spikes", [&] { simulation.append_spikes(population, {}); }},
                  {"append_events", [&] { simulation.append_events(population, {}); }},
                  {"track_loss", [&] { simulation.track_loss(population, {.interval = 10.0}); }},
                  {"take_losses", [&] { (void)simulation.take_losses(population); }},
                  {"record_spikes", [&] { simulation.record_spikes(population); }},
                  {"record", [&] { simulation.record(population, {.variables = {"V_m"}}); }},
                  {"take_spikes", [&] { (void)simulation.take_spikes(population); }},
                  {"state", [&] { (void)simulation.state(population, "V_m"); }}});
  expect_refused(
      "network: projection = 3: must be a handle of this network, which has 3 of them",
      {{"weights", [&] { (void)simulation.weights(projection); }},
       {"set_weights", [&] { simulation.set_weights(projection, Value::Array{}); }},
       {"set_weights of a matrix", [&] { simulation.set_weights(projection, WeightMatrix{}); }},
       {"load_weights", [&] { simulation.load_weights("", {{projection}}); }},
       {"set_learning_rate", [&] { simulation.set_learning_rate(projection, 0.1); }},
       {"record_weights", [&] { simulation.record_weights(projection); }},
       {"synapse_count", [&] { (void)simulation.synapse_count(projection); }}});
  expect_refused(
      "network: rate generator = 1: must be a handle of this network, which has 1 of them",
      {{"append_rates", [&] { simulation.append_rates(generator, {}); }}});
}

}  // namespace eprop
