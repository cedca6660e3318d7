#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "eprop/network.hpp"
#include "network/model_traits.hpp"
#include "refusal.hpp"

namespace eprop {
namespace {

using testing::refusal;

template <std::size_t... I>
std::vector<NeuronModel> models(std::index_sequence<I...>) {
  return {NeuronModel(std::in_place_index<I>)...};
}
const auto all_models = models(std::make_index_sequence<std::variant_size_v<NeuronModel>>());
const std::vector<SynapseModel> all_synapses{StaticSynapse{}, EpropSynapseBsshslm2020{},
                                             EpropSynapse{}};

bool fits(const SynapseModel& synapse, const NeuronModel& target) {
  if (std::holds_alternative<StaticSynapse>(synapse)) return true;
  const bool by_interval = std::holds_alternative<EpropSynapseBsshslm2020>(synapse);
  return network::family(target) == (by_interval ? Family::bsshslm_2020 : Family::plus);
}

/// Why what comes by default is refused at a resolution: with every model, and every synapse that
/// fits it.
std::set<std::string> refusals(double dt) {
  std::set<std::string> reasons;
  const auto take = [&](const std::string& message) {
    if (!message.empty()) reasons.insert(message);
  };
  Network network({.dt = dt});
  const auto in = network.add("in", 2, PoissonSource{});
  for (const auto& model : all_models) {
    const std::string name(network::name(model));
    Population population;
    const auto refused = refusal([&] { population = network.add(name, 2, model); });
    take(refused);
    if (!refused.empty()) continue;
    for (const auto& synapse : all_synapses) {
      if (!fits(synapse, model)) continue;
      take(refusal([&] {
        network.connect(in, population, AllToAll{}, synapse,
                        fmt::format("{} {}", name, synapse.index()));
      }));
    }
    if (!network::is_readout(model)) continue;
    for (std::uint32_t p = 0; p < network.populations().size(); ++p) {
      const auto* other = std::get_if<NeuronModel>(&network.populations()[p].what);
      if (other == nullptr || network::is_readout(*other)) continue;
      if (network::family(*other) != network::family(model)) continue;
      take(refusal([&] { network.connect_learning_signal(population, {p}, AllToAll{}, 1.0); }));
      take(refusal([&] { network.connect({p}, population, AllToAll{}, StaticSynapse{}); }));
    }
  }
  return reasons;
}

TEST(DefaultTimes, AreAllowedAtEveryResolutionThatDividesTheRefractoryTime) {
  for (const double dt : {0.01, 0.1, 0.25, 0.5, 1.0, 2.0}) {
    EXPECT_EQ(refusals(dt), std::set<std::string>{}) << dt;
  }
}

TEST(DefaultTimes, OfWhichOneIsOffTheGridSaySo) {
  for (const double dt : {0.3, 0.15, 5.0}) {
    std::set<std::string> expected;
    for (const auto& model : all_models) {
      if (network::is_readout(model)) continue;
      expected.insert(
          fmt::format("population '{}': t_ref = 2 ms: must be a multiple of dt = {} ms; this is "
                      "the default, set t_ref",
                      network::name(model), dt));
    }
    EXPECT_EQ(refusals(dt), expected) << dt;
  }
}

TEST(DefaultTimes, OfForcedSpikesCountIfThereAreAny) {
  const auto add = [](double dt, auto change) {
    EpropIaf model;
    model.t_ref = 0.0;
    change(model);
    return refusal([&] { Network({.dt = dt}).add("rec", 2, model); });
  };
  const auto forced = [](EpropIaf& m) { m.ignore_and_spike = true; };
  const std::string thing = "population 'rec': ignore_and_spike_";
  EXPECT_EQ(add(0.3, forced), thing +
                                  "offset = 1 ms: must be a multiple of dt = 0.3 ms; this is the "
                                  "default, set ignore_and_spike_offset");
  EXPECT_EQ(add(4.0, forced), thing +
                                  "offset = 1 ms: must be at least dt = 4 ms; this is the default, "
                                  "set ignore_and_spike_offset");
  EXPECT_EQ(add(0.3, [](EpropIaf& m) { m.ignore_and_spike_interval = 100.0; }),
            thing + "interval = 100 ms: must be a multiple of dt = 0.3 ms");
  EXPECT_EQ(add(0.3, [](EpropIaf&) {}), "");
}

TEST(DefaultTimes, DelaysAreOneStep) {
  Network network({.dt = 0.25});
  const auto rec = network.add("rec", 2, EpropIaf{});
  const auto out = network.add("out", 2, EpropReadout{});
  network.connect(rec, rec, AllToAll{}, StaticSynapse{});
  network.connect(rec, out, AllToAll{}, EpropSynapse{});
  network.connect_learning_signal(out, rec, AllToAll{}, 1.0);
  network.connect_learning_signal(out, rec, AllToAll{}, 1.0, 0.5);
  for (const auto& projection : network.projections()) {
    EXPECT_EQ(std::visit([](const auto& s) { return s.delay; }, projection.synapse), 0.25);
  }
  EXPECT_EQ(network.learning_signals()[0].delay, 0.25);
  EXPECT_EQ(network.learning_signals()[1].delay, 0.5);
}

}  // namespace
}  // namespace eprop
