#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace eprop::checkpoint {

/// The state of a simulation between two steps. Columns are in global order: nothing depends on
/// ranks and threads.
struct Snapshot {
  std::vector<std::string> network;  ///< what the state belongs to, thing by thing
  std::map<std::string, std::vector<double>> numbers;
  std::map<std::string, std::vector<std::int64_t>> integers;
  std::map<std::string, std::int64_t> tables;  ///< rows of the output file's tables, by path
  std::string user_data;
};

/// Of the files that this program writes and reads.
inline constexpr std::uint32_t format_version = 3;

/// Replaces the file at `path` by the snapshot: whoever reads it meanwhile finds the old one or the
/// new one. Throws CheckpointError.
void write(const std::string& path, const Snapshot& snapshot);

/// Whether there is a file at `path` that begins like a snapshot, whole or not.
[[nodiscard]] bool is_snapshot(const std::string& path);

/// Throws DamagedCheckpoint if the file at `path` is no whole and undamaged snapshot, other
/// CheckpointErrors if there is none, or one of another format.
[[nodiscard]] Snapshot read(const std::string& path);

}  // namespace eprop::checkpoint
