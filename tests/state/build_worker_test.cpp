#include "state/build_worker.hpp"

#include <gtest/gtest.h>

#include <array>

#include "state/build.hpp"

namespace eprop {
namespace {

/// Rows of the rings psi, signal, regularization, sums and sums_reg.
using Rows = std::array<Step, 5>;

Rows rows_of(const NeuronModel& model, const std::vector<SynapseModel>& synapses) {
  Network network;
  const auto in = network.add("in", 2, IafPscDelta{});
  const auto rec = network.add("rec", 3, model);
  for (std::size_t i = 0; i < synapses.size(); ++i) {
    network.connect(in, rec, AllToAll{}, synapses[i], std::to_string(i));
  }
  const auto rank = state::build(network, {});
  const auto& part = rank->workers.at(0)->recurrent.at(1);
  const auto& archive = part.transmission;
  return {part.surrogate_gradient.rows(), archive.signal.rows(), archive.regularization.rows(),
          archive.sums.ring.rows(), archive.sums_reg.ring.rows()};
}

}  // namespace

TEST(RecurrentPart, KeepsWhatSynapsesRead) {
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
