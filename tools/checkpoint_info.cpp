#include "checkpoint_info.hpp"

#include <array>
#include <cstdint>
#include <vector>

#include "checkpoint/snapshot.hpp"
#include "eprop/errors.hpp"
#include "eprop/task.hpp"
#include "network_info.hpp"
#include "training/training_state.hpp"

namespace eprop::tools {
namespace {

using nlohmann::ordered_json;

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
  auto network = network_info(snapshot.network);
  ordered_json info{
      {"file", path}, {"kind", "checkpoint"}, {"version", checkpoint::format_version}};
  if (const auto clock = snapshot.integers.find("clock"); clock != snapshot.integers.end()) {
    info["step"] = clock->second.at(0);
    info["time_ms"] = static_cast<double>(clock->second.at(0)) * network.value("dt_ms", 0.0);
  }
  try {
    info["training"] = training_info(training::training_state(snapshot.user_data, path));
  } catch (const CheckpointError&) {  // of a program of one's own
    info["user_data_bytes"] = snapshot.user_data.size();
  }
  info["network"] = std::move(network);
  if (!snapshot.tables.empty()) info["rows_in_output"] = snapshot.tables;
  return info;
}

}  // namespace eprop::tools
