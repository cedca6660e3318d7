#include "reports/recordables.hpp"

#include <gtest/gtest.h>

#include "refusal.hpp"
#include "state/build.hpp"

namespace eprop::reports {
namespace {

/// "NAME UNIT" of all that a model has.
std::vector<std::string> named(const NeuronModel& model) {
  std::vector<std::string> list;
  for (const auto& [how, variable] : recordables(model)) {
    list.push_back(variable.name + " " + variable.unit);
  }
  return list;
}

Recordable variable(const NeuronModel& model, const std::string& name) {
  return recordable(model, name, "thing").first;
}

/// A rank of seven neurons that learn from two readouts.
std::unique_ptr<state::RankState> learning_rank() {
  Network network;
  const auto in = network.add("in", 1, PoissonSource{});
  const auto rec = network.add("rec", 7, EpropIaf{});
  const auto out = network.add("out", 2, EpropReadout{});
  network.connect(in, rec, AllToAll{}, EpropSynapse{});
  network.connect(rec, out, AllToAll{}, EpropSynapse{.delay = 2.0});
  network.connect_learning_signal(out, rec, AllToAll{}, 3.0);
  return state::build(network, {});
}

TEST(Recordables, AreThoseOfTheModelWithTheirUnits) {
  using Names = std::vector<std::string>;
  const Names learning{"V_m mV", "surrogate_gradient 1/mV", "learning_signal mV"};
  EXPECT_EQ(named(EpropIaf{}), learning);
  EXPECT_EQ(named(EpropIafBsshslm2020{}), learning);
  EXPECT_EQ(named(IafPscDelta{}), Names{"V_m mV"});
  Names adaptive = learning, current = learning;
  adaptive.insert(adaptive.end(), {"V_th_adapt mV", "adaptation 1"});
  EXPECT_EQ(named(EpropIafAdapt{}), adaptive);
  current.emplace_back("I_syn pA");
  EXPECT_EQ(named(EpropIafPscExp{}), current);
  EXPECT_EQ(named(EpropReadout{}),
            (Names{"V_m mV", "readout_signal mV", "target_signal mV", "error_signal mV"}));
  EpropReadoutBsshslm2020 softmax;
  softmax.loss = Loss::cross_entropy;
  EXPECT_EQ(named(softmax), (Names{"V_m mV", "readout_signal 1", "target_signal 1",
                                   "error_signal 1", "readout_signal_unnorm 1"}));
}

TEST(Recordables, ThatAModelDoesNotHaveAreRefused) {
  const auto refusal = [](const NeuronModel& model, const std::string& name) {
    return testing::refusal([&] { (void)recordable(model, name, "population 'rec'"); });
  };
  EXPECT_EQ(refusal(EpropIaf{}, "V_m"), "");
  EXPECT_EQ(refusal(IafPscDelta{}, "surrogate_gradient"),
            "population 'rec': variable = surrogate_gradient: must be one of V_m");
  EXPECT_EQ(refusal(EpropIaf{}, "adaptation"),
            "population 'rec': variable = adaptation: must be one of V_m, surrogate_gradient, "
            "learning_signal");
  EXPECT_EQ(refusal(EpropIaf{}, "eprop_history_duration"),
            "population 'rec': variable = eprop_history_duration: has no counterpart: archives do "
            "not grow");
}

TEST(Recordables, OfBlocksAreReadFromThem) {
  auto rank = learning_rank();
  auto& part = rank->workers[0]->recurrent[0];
  for (std::uint32_t j = 0; j < 7; ++j) part.block.v[j] = 10.0 + j;
  std::vector<double> row(6, -1.0);
  sample(part, variable(EpropIaf{}, "V_m"), std::vector<std::uint32_t>{1, 4, 6}, 5, row.data(), 2);
  EXPECT_EQ(row, (std::vector<double>{-59.0, -1.0, -56.0, -1.0, -54.0, -1.0}));

  auto& readouts = rank->workers[0]->readouts[0];
  readouts.block.error = core::Column{0.25, 0.5};
  std::vector<double> errors(2);
  sample(readouts, variable(EpropReadout{}, "error_signal"), std::vector<std::uint32_t>{0, 1}, 5,
         errors.data(), 1);
  EXPECT_EQ(errors, (std::vector<double>{0.25, 0.5}));
}

TEST(Recordables, BesideABlockAreThoseAfterTheStep) {
  auto rank = learning_rank();
  auto& part = rank->workers[0]->recurrent[0];
  const std::vector<std::uint32_t> neurons{2, 3};
  std::vector<double> row(2, -1.0);
  const auto psi = variable(EpropIaf{}, "surrogate_gradient");
  sample(part, psi, neurons, -1, row.data(), 1);  // before the first step
  EXPECT_EQ(row, (std::vector<double>{0.0, 0.0}));
  part.surrogate_gradient.row(9)[2] = 0.5;
  part.surrogate_gradient.row(9)[3] = 0.75;
  part.surrogate_gradient.row(8)[2] = 99.0;
  sample(part, psi, neurons, 9, row.data(), 1);
  EXPECT_EQ(row, (std::vector<double>{0.5, 0.75}));

  // After step 9, the signal of step 9 - lag - 1 is the last that is known.
  const auto L = variable(EpropIaf{}, "learning_signal");
  ASSERT_EQ(part.signal_lag, 2);
  ASSERT_EQ(part.signals.at(0).lead, 2);
  double* const errors = rank->readouts(2).errors.row(9 - part.signal_lag - 1 + 2);
  errors[0] = 1.0;
  errors[1] = 0.5;
  sample(part, L, neurons, 9, row.data(), 1);
  EXPECT_EQ(row, (std::vector<double>{4.5, 4.5}));
  sample(part, L, neurons, 8, row.data(), 1);
  EXPECT_EQ(row, (std::vector<double>{0.0, 0.0}));
  // None is known yet, whatever the ring holds.
  rank->readouts(2).errors.row(1)[0] = 99.0;
  sample(part, L, neurons, part.signal_lag, row.data(), 1);
  EXPECT_EQ(row, (std::vector<double>{0.0, 0.0}));
}

}  // namespace
}  // namespace eprop::reports
