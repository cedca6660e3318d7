#include "plan/transmission_mode.hpp"

#include <gmock/gmock.h>

#include "plan/plan.hpp"
#include "refusal.hpp"

namespace eprop {
namespace {

using ::testing::HasSubstr;

plasticity::TransmissionMode mode_of(const NeuronModel& model) {
  Network network;
  network.add("rec", 3, model);
  return plan::make_plan(network).populations[0].transmission;
}

/// Neurons and readouts with these delays from one to the other and back, ms.
struct Loop {
  Loop(const std::vector<double>& there, double back) {
    const auto rec = network.add("rec", 2, EpropIaf{});
    const auto out = network.add("out", 1, EpropReadout{});
    for (std::size_t i = 0; i < there.size(); ++i) {
      network.connect(rec, out, AllToAll{}, EpropSynapse{.delay = there[i]}, std::to_string(i));
    }
    network.connect_learning_signal(out, rec, AllToAll{}, 1.0, back);
  }
  Network network;
};

}  // namespace

TEST(TransmissionMode, UsesWhatAllNeuronsShare) {
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

TEST(TransmissionMode, LagsByTheDelaysToTheReadoutsAndBack) {
  const auto plan = plan::make_plan(Loop({3.0}, 5.0).network);
  EXPECT_EQ(plan.signals.at(0).lead, 3);
  for (const auto& population : plan.populations) EXPECT_EQ(population.transmission.lag, 7);
}

TEST(TransmissionMode, HasOneDelayToTheReadouts) {
  const Loop loop({3.0, 4.0}, 1.0);
  EXPECT_THAT(testing::refusal([&] { (void)plan::make_plan(loop.network); }),
              HasSubstr("projection '1': delay = 4 ms: must be that of projection '0', 3 ms"));
}

TEST(TransmissionMode, HasALongestLag) {
  EXPECT_NO_THROW((void)plan::make_plan(Loop({32.0}, 32.0).network));
  const Loop loop({32.0}, 33.0);
  EXPECT_THAT(testing::refusal([&] { (void)plan::make_plan(loop.network); }),
              HasSubstr("delays to the readouts and back = 65 steps: must add up to at most 64"));
}

}  // namespace eprop
