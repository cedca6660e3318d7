#include "checkpoint_info.hpp"

#include <array>
#include <cstdint>
#include <regex>
#include <vector>

#include "checkpoint/snapshot.hpp"
#include "eprop/errors.hpp"
#include "eprop/task.hpp"
#include "training/training_state.hpp"

namespace eprop::tools {
namespace {

using nlohmann::ordered_json;

/// The network, from the lines of transfer::describe(). Lines of parameters are not among it.
class NetworkInfo {
 public:
  void add(const std::string& line) {
    static const std::regex options("network: dt (.*) ms, seed (.*), update interval .*");
    static const std::regex population("population '(.*)': ([0-9]+) (.*)");
    static const std::regex projection(
        "projection '(.*)': from '(.*)' to '(.*)', ([0-9]+) synapses with checksum [0-9a-f]+, "
        "(.*)");
    std::smatch found;
    const auto number = [&](std::size_t i) { return std::stoull(found[i].str()); };
    if (std::regex_match(line, found, options)) {
      dt_ = std::stod(found[1].str());
      network_["dt_ms"] = dt_;
      network_["seed"] = number(2);
    } else if (std::regex_match(line, found, population)) {
      populations_.push_back(
          {{"name", found[1].str()}, {"size", number(2)}, {"model", found[3].str()}});
    } else if (std::regex_match(line, found, projection)) {
      projections_.push_back({{"name", found[1].str()},
                              {"source", found[2].str()},
                              {"target", found[3].str()},
                              {"synapses", number(4)},
                              {"model", found[5].str()}});
    }
  }

  [[nodiscard]] double dt() const { return dt_; }

  [[nodiscard]] ordered_json json() && {
    network_["populations"] = std::move(populations_);
    network_["projections"] = std::move(projections_);
    return std::move(network_);
  }

 private:
  double dt_ = 0.0;
  ordered_json network_ = ordered_json::object();
  ordered_json populations_ = ordered_json::array(), projections_ = ordered_json::array();
};

ordered_json training_info(const training::TrainingState& state) {
  std::array<std::int64_t, 3> iterations{};
  for (const auto phase : state.phases) ++iterations.at(static_cast<std::size_t>(phase));
  ordered_json info{{"task", state.task},
                    {"iterations", state.iterations()},
                    {"finished", state.finished},
                    {"batch_size", state.batch_size}};
  for (const auto phase : {Phase::training, Phase::validation, Phase::test}) {
    info["iterations_of_" + to_string(phase)] = iterations.at(static_cast<std::size_t>(phase));
  }
  if (!state.losses.empty()) info["last_loss"] = state.losses.back();
  if (!state.errors.empty()) info["last_error"] = state.errors.back();
  if (state.best.iteration > 0) {
    info["best_iteration"] = state.best.iteration;
    info["best_loss"] = state.best.loss;
  }
  return info;
}

}  // namespace

ordered_json checkpoint_info(const std::string& path) {
  const auto snapshot = checkpoint::read(path);
  NetworkInfo network;
  for (const auto& line : snapshot.network) network.add(line);
  ordered_json info{
      {"file", path}, {"kind", "checkpoint"}, {"version", checkpoint::format_version}};
  if (const auto clock = snapshot.integers.find("clock"); clock != snapshot.integers.end()) {
    info["step"] = clock->second.at(0);
    info["time_ms"] = static_cast<double>(clock->second.at(0)) * network.dt();
  }
  try {
    info["training"] = training_info(training::training_state(snapshot.user_data, path));
  } catch (const CheckpointError&) {  // of a program of one's own
    info["user_data_bytes"] = snapshot.user_data.size();
  }
  info["network"] = std::move(network).json();
  if (!snapshot.tables.empty()) info["rows_in_output"] = snapshot.tables;
  return info;
}

}  // namespace eprop::tools
