#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "eprop/comm/communicator.hpp"

/// Scenarios: small networks described in JSON, simulated through the public interface.
namespace eprop::scenario {

/// Traces of a population: variable by variable, [neuron][sample].
struct PopulationResult {
  std::vector<double> times;  ///< ms
  std::vector<std::pair<std::string, std::vector<std::vector<double>>>> variables;
};

struct Result {
  std::vector<PopulationResult> recurrent;
  PopulationResult readout;
  std::vector<double> spike_times;  ///< ms
  std::vector<std::int64_t> spike_neurons;
  /// in_rec, rec_rec, rec_out: [target][source], 0 where there is no synapse
  std::vector<std::pair<std::string, std::vector<std::vector<double>>>> final_weights;
};

/// Reads a scenario; errors name the file and, within it, the key.
[[nodiscard]] nlohmann::json read_scenario(const std::string& path);

/// Simulates a scenario; collective. The result is complete on rank 0.
[[nodiscard]] Result simulate(const nlohmann::json& scenario, comm::Communicator& comm,
                              int threads);

/// Writes the result with 17 significant digits.
void write_result(const Result& result, const std::string& path);

}  // namespace eprop::scenario
