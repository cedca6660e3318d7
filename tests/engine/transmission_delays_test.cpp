#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "distributed_test.hpp"
#include "results.hpp"
#include "scalar_network.hpp"

namespace eprop {
namespace {

using testing::ScalarCase;
using testing::ScalarNetwork;

constexpr double tolerance = 1e-9;

std::vector<double> own(double first, double step) {
  std::vector<double> values;
  for (std::uint32_t j = 0; j < ScalarNetwork::neurons; ++j) values.push_back(first + step * j);
  return values;
}

std::vector<ScalarCase> cases() {
  const Adam adam{{.eta = 5e-4}};
  return {
      {.name = "one filter, sums",
       .model = "eprop_iaf",
       .input = 2,
       .recurrent = 3,
       .output = 2,
       .feedback = 3},
      {.name = "two filters, sums",
       .model = "eprop_iaf_psc_delta",
       .parameters = {{"kappa", 0.95}, {"kappa_reg", 0.9}, {"eprop_isi_trace_cutoff", 40.0}},
       .dt = 0.5,
       .input = 3,
       .recurrent = 2,
       .output = 3,
       .feedback = 2},
      {.name = "own time constants of adaptation",
       .model = "eprop_iaf_adapt",
       .own = {{"adapt_tau", own(50.0, 30.0)}},
       .optimizer = adam,
       .each_step = true,
       .input = 3,
       .recurrent = 2,
       .output = 3,
       .feedback = 3},
      {.name = "shared adaptation",
       .model = "eprop_iaf_psc_delta_adapt",
       .parameters = {{"kappa", 0.9}},
       .optimizer = GradientDescent{.batch_size = 2, .eta = 5e-4},
       .each_step = true,
       .input = 2,
       .recurrent = 2,
       .output = 1,
       .feedback = 1},
      {.name = "all own",
       .model = "eprop_iaf_psc_delta_adapt",
       .own = {{"tau_m", own(15.0, 2.0)},
               {"kappa", own(0.9, 0.01)},
               {"kappa_reg", own(0.8, 0.03)},
               {"adapt_tau", own(50.0, 30.0)},
               {"eprop_isi_trace_cutoff", own(20.0, 15.0)}},
       .own_tau_of_readouts = {15.0, 25.0},
       .input = 3,
       .recurrent = 3,
       .output = 2,
       .feedback = 2},
      {.name = "own cutoffs, each step",
       .model = "eprop_iaf",
       .parameters = {{"kappa", 0.95}},
       .own = {{"eprop_isi_trace_cutoff", own(5.0, 6.0)}},
       .own_tau_of_readouts = {15.0, 25.0},
       .optimizer = adam,
       .each_step = true,
       .input = 2,
       .recurrent = 3,
       .output = 2,
       .feedback = 2},
      {.name = "synaptic currents",
       .model = "eprop_iaf_psc_exp",
       .parameters = {{"kappa", 0.95}, {"kappa_reg", 0.9}, {"eprop_isi_trace_cutoff", 60.0}},
       .input = 2,
       .recurrent = 3,
       .output = 2,
       .feedback = 2},
      {.name = "own synaptic currents",
       .model = "eprop_iaf_psc_exp",
       .own = {{"tau_syn", own(2.0, 3.0)}},
       .optimizer = adam,
       .each_step = true,
       .input = 3,
       .recurrent = 2,
       .output = 1,
       .feedback = 2},
      {.name = "shortest delays", .model = "eprop_iaf_adapt", .optimizer = adam},
      // mu multiplies the steps by ten in the end. With a larger eta weights grow to their bounds,
      // as with descent at ten times that eta, and the network multiplies differences of rounding.
      {.name = "momentum in batches",
       .model = "eprop_iaf",
       .optimizer = Momentum{{.batch_size = 2, .eta = 1e-4}},
       .input = 2,
       .recurrent = 3,
       .output = 2,
       .feedback = 2},
      {.name = "rmsprop, each step",
       .model = "eprop_iaf_adapt",
       .optimizer = RmsProp{{.eta = 5e-4}},
       .each_step = true,
       .input = 2},
      {.name = "adamw in batches",
       .model = "eprop_iaf_psc_delta",
       .optimizer = AdamW{{{.batch_size = 3, .eta = 5e-4}}, 0.1},
       .recurrent = 3},
  };
}

void expect_near(const std::vector<double>& got, const std::vector<double>& expected,
                 const std::string& what) {
  ASSERT_EQ(got.size(), expected.size()) << what;
  for (std::size_t i = 0; i < got.size(); ++i) {
    ASSERT_NEAR(got[i], expected[i], tolerance) << what << ", value " << i;
  }
}

/// Collective; traces come to rank 0.
void expect_traces(Simulation& simulation, const ScalarNetwork& expected, bool on_root) {
  const auto rec = simulation.take_traces("rec").values;
  const auto out = simulation.take_traces("out").values;
  if (!on_root) return;
  const auto flat = [](const std::vector<std::vector<double>>& rows) {
    std::vector<double> all;
    for (const auto& row : rows) all.insert(all.end(), row.begin(), row.end());
    return all;
  };
  expect_near(rec, flat(expected.V_rec), "V_m of neurons");
  expect_near(out, flat(expected.V_out), "V_m of readouts");
  std::size_t spikes = 0;
  for (const auto& row : expected.spikes) spikes += std::count(row.begin(), row.end(), true);
  EXPECT_GT(spikes, 100U);
}

/// How far a projection's weights have moved at most.
double change(const std::vector<double>& weights, const std::vector<double>& initial) {
  double largest = 0.0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    largest = std::max(largest, std::abs(weights[i] - initial[i]));
  }
  return largest;
}

}  // namespace

DISTRIBUTED_TEST(Transmissions, OverLongerDelaysLearnAsDefined, RANKS(1, 2, 3, 4)) {
  for (const auto& c : cases()) {
    SCOPED_TRACE(c.name);
    ScalarNetwork expected(c);
    const testing::DescribedNetwork described(c);
    Simulation simulation(described.network, comm, testing::threads_per_rank());
    for (const auto population : {described.rec, described.out}) {
      simulation.record(population, {.variables = {"V_m"}});
    }
    std::vector<std::vector<double>> initial;
    for (std::size_t p = 0; p < 3; ++p) initial.push_back(expected.weights(p));
    for (const Step end : {7, 8, 240, 777, 802, 950}) {
      expected.run(end);
      simulation.run(end - simulation.step());
      for (std::size_t p = 0; p < 3; ++p) {
        const auto weights = testing::weights_of(simulation, described.projections[p]);
        expect_near(weights, expected.weights(p),
                    "projection " + std::to_string(p) + " before step " + std::to_string(end));
        EXPECT_TRUE(end < 240 || change(weights, initial[p]) > 1e-3);
      }
    }
    expect_traces(simulation, expected, comm.rank() == 0);
  }
}

}  // namespace eprop
