#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "distributed_test.hpp"
#include "results.hpp"
#include "scenario.hpp"

namespace eprop {
namespace {

using nlohmann::json;
using scenario::PopulationResult;
using scenario::Result;

constexpr double golden_tolerance = 1e-9;

/// Names of the recorded scenarios whose names begin with `family`.
std::vector<std::string> scenarios(char family) {
  std::vector<std::string> names;
  for (const auto& file : std::filesystem::directory_iterator(EPROP_GOLDEN_DIR)) {
    const auto name = file.path().filename().string();
    const auto end = name.find(".scenario.json");
    if (end != std::string::npos && name[0] == family) names.push_back(name.substr(0, end));
  }
  std::sort(names.begin(), names.end());
  return names;
}

json read(const std::string& name, const std::string& kind) {
  return scenario::read_scenario(std::string(EPROP_GOLDEN_DIR) + "/" + name + "." + kind + ".json");
}

/// [row][column], where what is recorded may have more columns and null where it is not known.
void expect_near(const std::vector<std::vector<double>>& got, const json& expected,
                 const std::string& what) {
  ASSERT_EQ(got.size(), expected.size()) << what;
  for (std::size_t i = 0; i < got.size(); ++i) {
    ASSERT_LE(got[i].size(), expected[i].size()) << what;
    for (std::size_t t = 0; t < got[i].size(); ++t) {
      if (expected[i][t].is_null()) continue;
      ASSERT_NEAR(got[i][t], expected[i][t].get<double>(), golden_tolerance)
          << what << ", row " << i << ", column " << t;
    }
  }
}

void expect_near(const PopulationResult& got, const json& expected, std::size_t samples,
                 const std::string& what) {
  EXPECT_EQ(got.times.size(), samples) << what;
  expect_near({got.times}, json::array({expected.at("times")}), what + " times");
  for (const auto& [name, rows] : expected.items()) {
    if (name == "times") continue;
    const auto found =
        std::find_if(got.variables.begin(), got.variables.end(),
                     [&name = name](const auto& variable) { return variable.first == name; });
    ASSERT_NE(found, got.variables.end()) << what << " " << name;
    expect_near(found->second, rows, what + " " + name);
  }
}

void expect_spikes(const Result& got, const json& expected, double end) {
  std::vector<std::pair<double, std::int64_t>> spikes, wanted;
  for (std::size_t i = 0; i < got.spike_times.size(); ++i) {
    spikes.emplace_back(got.spike_times[i], got.spike_neurons[i]);
  }
  for (std::size_t i = 0; i < expected.at("times").size(); ++i) {
    const double time = expected["times"][i];
    if (time < end + 0.5 * golden_tolerance) wanted.emplace_back(time, expected["neurons"][i]);
  }
  std::sort(wanted.begin(), wanted.end());
  EXPECT_GT(wanted.size(), 10U);
  EXPECT_EQ(spikes, wanted);
}

void expect_recorded(const Result& got, const json& sc, const json& expected) {
  const double end = sc.at("final_spike");
  const auto samples = static_cast<std::size_t>(std::lround(end / sc.at("dt").get<double>()));
  ASSERT_EQ(got.recurrent.size(), expected.at("recurrent").size());
  for (std::size_t p = 0; p < got.recurrent.size(); ++p) {
    expect_near(got.recurrent[p], expected["recurrent"][p], samples,
                "recurrent " + std::to_string(p));
  }
  expect_near(got.readout, expected.at("readout"), samples, "readout");
  expect_spikes(got, expected.at("spikes"), end);
  EXPECT_EQ(got.final_weights.size(), expected.at("final_weights").size());
  for (const auto& [name, matrix] : got.final_weights) {
    expect_near(matrix, expected["final_weights"].at(name), name);
  }
}

testing::Results as_results(const Result& result) {
  testing::Results flat;
  const auto add = [&](const std::string& name, const auto& rows) {
    auto& values = flat.on_root[name];
    for (const auto& row : rows) values.insert(values.end(), row.begin(), row.end());
  };
  const auto add_population = [&](const std::string& name, const PopulationResult& population) {
    for (const auto& [variable, rows] : population.variables) add(name + " " + variable, rows);
  };
  for (std::size_t p = 0; p < result.recurrent.size(); ++p) {
    add_population("recurrent " + std::to_string(p), result.recurrent[p]);
  }
  add_population("readout", result.readout);
  for (const auto& [name, matrix] : result.final_weights) add(name, matrix);
  flat.on_root["spike times"] = result.spike_times;
  flat.on_root["spikes"] = {result.spike_neurons.begin(), result.spike_neurons.end()};
  return flat;
}

void expect_reproduced(comm::Communicator& comm, char family, std::size_t count) {
  const auto names = scenarios(family);
  EXPECT_EQ(names.size(), count);
  for (const auto& name : names) {
    SCOPED_TRACE(name);
    const json sc = read(name, "scenario");
    const Result result = scenario::simulate(sc, comm, testing::threads_per_rank());
    if (comm.rank() == 0) expect_recorded(result, sc, read(name, "expected"));
  }
}

void expect_same_on_all_layouts(comm::Communicator& comm, char family) {
  for (const auto& name : scenarios(family)) {
    SCOPED_TRACE(name);
    const json sc = read(name, "scenario");
    testing::expect_same_as_serial(comm, [&](comm::Communicator& ranks, int threads) {
      return as_results(scenario::simulate(sc, ranks, threads));
    });
  }
}

}  // namespace

DISTRIBUTED_TEST(GoldenScenarios, OfIntervalLearningAreReproduced, RANKS(1, 2, 3, 4)) {
  expect_reproduced(comm, 'b', 5);
}

DISTRIBUTED_TEST(GoldenScenarios, OfIntervalLearningDoNotShowTheLayout, RANKS(1, 2, 3, 4)) {
  expect_same_on_all_layouts(comm, 'b');
}

DISTRIBUTED_TEST(GoldenScenarios, OfLearningByTransmissionsAreReproduced, RANKS(1, 2, 3, 4)) {
  expect_reproduced(comm, 'p', 4);
}

DISTRIBUTED_TEST(GoldenScenarios, OfLearningByTransmissionsDoNotShowTheLayout, RANKS(1, 2, 3, 4)) {
  expect_same_on_all_layouts(comm, 'p');
}

DISTRIBUTED_TEST(GoldenScenarios, OfSynapticCurrentsAreReproduced, RANKS(1, 2, 3, 4)) {
  expect_reproduced(comm, 'e', 1);
}

DISTRIBUTED_TEST(GoldenScenarios, OfSynapticCurrentsDoNotShowTheLayout, RANKS(1, 2, 3, 4)) {
  expect_same_on_all_layouts(comm, 'e');
}

}  // namespace eprop
