#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "distributed_test.hpp"
#include "engine/rank_state.hpp"
#include "plus_networks.hpp"
#include "results.hpp"
#include "sample_networks.hpp"

namespace eprop {
namespace {

using testing::PlusInputs;
using testing::Results;
using testing::rhythms;
using testing::weights_of;

testing::Run run_for(const Network& network, Step steps) {
  return [&network, steps](comm::Communicator& comm, int threads) {
    Simulation simulation(network, comm, threads);
    testing::record_everything(simulation, network);
    simulation.run(steps);
    return testing::collect_everything(simulation, network);
  };
}

constexpr std::uint32_t inputs = 8;

/// Rhythms in which some neurons have not spiked yet in step 100 and others not for long.
std::vector<std::vector<double>> sparse_rhythms() {
  auto trains = rhythms(inputs, 0.0, 130.0);
  trains[2] = {101.0};
  trains[5] = {4.0};
  return trains;
}

/// The same, but all neurons spike in a step.
std::vector<std::vector<double>> with_all_in(double time) {
  auto trains = sparse_rhythms();
  for (auto& train : trains) {
    train.insert(std::upper_bound(train.begin(), train.end(), time), time);
    train.erase(std::unique(train.begin(), train.end()), train.end());
  }
  return trains;
}

bool spikes_in(std::uint32_t input, double time) {
  const auto train = sparse_rhythms()[input];
  return std::find(train.begin(), train.end(), time) != train.end();
}

plasticity::TransmissionMode mode_of(const NeuronModel& model) {
  Network network;
  network.add("rec", 3, model);
  const engine::RankState rank(network, {});
  return rank.populations[0].transmission;
}

/// Rows of the rings psi, signal, regularization, F and F_reg.
using Rows = std::array<Step, 5>;

Rows rows_of(const NeuronModel& model, const std::vector<SynapseModel>& synapses) {
  Network network;
  const auto in = network.add("in", 2, IafPscDelta{});
  const auto rec = network.add("rec", 3, model);
  for (std::size_t i = 0; i < synapses.size(); ++i) {
    network.connect(in, rec, AllToAll{}, synapses[i], std::to_string(i));
  }
  const engine::RankState rank(network, {});
  const auto& part = rank.workers.at(0)->recurrent.at(1);
  const auto& archive = part.transmission;
  return {part.surrogate_gradient.rows(), archive.signal.rows(), archive.regularization.rows(),
          archive.F.rows(), archive.F_reg.rows()};
}

}  // namespace

DISTRIBUTED_TEST(Transmissions, DoNotShowTheLayout, RANKS(1, 2, 3, 4)) {
  const Network rich = testing::rich_plus_network();
  testing::expect_same_as_serial(comm, run_for(rich, 760));
  const Network wide = testing::wide_plus_network();
  testing::expect_same_as_serial(comm, run_for(wide, 90));
}

// What the test above compares must be worth comparing.
DISTRIBUTED_TEST(Transmissions, OfTheSamplesChangeAllPlasticWeights, RANKS(1)) {
  for (const Network& network : {testing::rich_plus_network(), testing::wide_plus_network()}) {
    const Results before = run_for(network, 0)(comm, 1);
    const Results after = run_for(network, 90)(comm, 1);
    for (const auto& [name, values] : after.on_root) {
      EXPECT_TRUE(!name.starts_with("spikes of ") || values.size() > 50) << name;
    }
    for (const auto& spec : network.projections()) {
      const std::string name = "weights of " + spec.name;
      EXPECT_FALSE(after.everywhere.at(name).empty()) << name;
      EXPECT_EQ(after.everywhere.at(name) != before.everywhere.at(name),
                std::holds_alternative<EpropSynapse>(spec.synapse))
          << name;
    }
  }
}

DISTRIBUTED_TEST(Transmissions, AreNotDisturbedByQuestionsForWeights, RANKS(1, 2, 3)) {
  const Network network = testing::rich_plus_network();
  const Results undisturbed = run_for(network, 760)(comm, testing::threads_per_rank());
  Simulation simulation(network, comm, testing::threads_per_rank());
  testing::record_everything(simulation, network);
  for (Step t = 0; t < 760; t += 4) {
    for (std::uint32_t p = 0; p < network.projections().size(); ++p) {
      if (t % 16 == 0 || p % 4 == 0) (void)simulation.weights({p});
    }
    simulation.run(4);
  }
  testing::expect_identical(testing::collect_everything(simulation, network), undisturbed);
}

DISTRIBUTED_TEST(Transmissions, InPiecesAreTheSameAsAtOnce, RANKS(1, 2)) {
  const Network network = testing::rich_plus_network();
  const Results at_once = run_for(network, 200)(comm, testing::threads_per_rank());
  Simulation simulation(network, comm, testing::threads_per_rank());
  testing::record_everything(simulation, network);
  for (const Step steps : {61, 1, 1, 2, 0, 63, 72}) simulation.run(steps);
  testing::expect_identical(testing::collect_everything(simulation, network), at_once);
}

DISTRIBUTED_TEST(Weights, AreThoseThatATransmissionWouldUse, RANKS(1, 2, 3, 4)) {
  for (const Step t : {60, 64, 101, 102, 128}) {
    SCOPED_TRACE("before step " + std::to_string(t));
    const double sent = static_cast<double>(t) - 2.0;
    const PlusInputs asked(sparse_rhythms()), forced(with_all_in(sent));
    Simulation a(asked.network, comm, testing::threads_per_rank());
    Simulation b(forced.network, comm, testing::threads_per_rank());
    for (auto* simulation : {&a, &b}) {
      simulation->record(asked.out, {.variables = {"V_m"}});
      simulation->run(t);
    }
    const auto in_out = a.weights(asked.in_out);
    EXPECT_EQ(weights_of(a, asked.in_rec), weights_of(b, forced.in_rec));
    EXPECT_EQ(in_out.weight, weights_of(b, forced.in_out));
    for (auto* simulation : {&a, &b}) simulation->run(1);
    const auto V_a = a.take_traces("out").values, V_b = b.take_traces("out").values;
    if (comm.rank() != 0) continue;
    std::vector<double> added(4, 0.0);
    for (std::size_t s = 0; s < in_out.weight.size(); ++s) {
      if (!spikes_in(in_out.source[s], sent)) added[in_out.target[s]] += in_out.weight[s];
    }
    for (std::size_t k = 0; k < 4; ++k) {
      EXPECT_NE(added[k], 0.0);
      EXPECT_NEAR(V_b.end()[static_cast<std::ptrdiff_t>(k) - 4] -
                      V_a.end()[static_cast<std::ptrdiff_t>(k) - 4],
                  added[k], 1e-12);
    }
  }
}

DISTRIBUTED_TEST(TransmissionMode, UsesWhatAllNeuronsShare, RANKS(1)) {
  EXPECT_EQ(comm.size(), 1);
  const Value::Array own{10.0, 20.0, 30.0};
  auto mode = mode_of(EpropIaf{});
  EXPECT_TRUE(mode.shared && mode.one_filter && mode.prefix_sums);
  EpropIaf two_filters;
  two_filters.kappa_reg = 0.9;
  mode = mode_of(two_filters);
  EXPECT_TRUE(mode.shared && !mode.one_filter && mode.prefix_sums);
  EpropIaf short_filter;
  short_filter.kappa = short_filter.kappa_reg = 0.5;
  mode = mode_of(short_filter);
  EXPECT_TRUE(mode.shared && mode.one_filter && !mode.prefix_sums);
  mode = mode_of(EpropIafAdapt{});
  EXPECT_TRUE(mode.shared && mode.one_filter && !mode.prefix_sums);

  EpropIaf own_cutoffs, own_membranes;
  own_cutoffs.eprop_isi_trace_cutoff = own;
  own_membranes.tau_m = own;
  EpropIafAdapt own_adaptations, own_filters;
  own_adaptations.adapt_tau = own;
  own_filters.kappa = Uniform{0.9, 0.95};
  for (const NeuronModel& model :
       std::vector<NeuronModel>{own_cutoffs, own_membranes, own_adaptations, own_filters}) {
    mode = mode_of(model);
    EXPECT_FALSE(mode.shared || mode.one_filter || mode.prefix_sums);
  }
  EXPECT_FALSE(mode_of(own_cutoffs).one_cutoff);
  EXPECT_TRUE(mode_of(own_membranes).one_cutoff);
}

DISTRIBUTED_TEST(TransmissionArchive, KeepsWhatSynapsesRead, RANKS(1)) {
  EXPECT_EQ(comm.size(), 1);
  const Optimizer descent = GradientDescent{}, adam = Adam{};
  const EpropSynapse each_step{.optimize_each_step = true, .optimizer = descent};
  const EpropSynapse per_spike{.optimize_each_step = false, .optimizer = descent};
  const EpropSynapse adam_per_spike{.optimize_each_step = false, .optimizer = adam};
  EpropIaf two_filters;
  two_filters.kappa_reg = 0.9;
  const Step steps = 130, sums = 226, few = 3, one = 1, none = 0;

  EXPECT_EQ(rows_of(EpropIaf{}, {}), (Rows{one, one, one, none, none}));
  EXPECT_EQ(rows_of(EpropIaf{}, {StaticSynapse{}}), (Rows{one, one, one, none, none}));
  EXPECT_EQ(rows_of(EpropIaf{}, {each_step}), (Rows{steps, steps, few, none, none}));
  EXPECT_EQ(rows_of(EpropIaf{}, {adam_per_spike}), (Rows{steps, steps, few, none, none}));
  EXPECT_EQ(rows_of(EpropIaf{}, {per_spike}), (Rows{few, few, few, sums, none}));
  EXPECT_EQ(rows_of(two_filters, {each_step}), (Rows{steps, steps, steps, none, none}));
  EXPECT_EQ(rows_of(two_filters, {per_spike}), (Rows{few, few, few, sums, sums}));
  EXPECT_EQ(rows_of(EpropIaf{}, {per_spike, each_step}), (Rows{sums, sums, few, sums, none}));
  EXPECT_EQ(rows_of(EpropIafAdapt{}, {per_spike}), (Rows{steps, steps, few, none, none}));
}

}  // namespace eprop
