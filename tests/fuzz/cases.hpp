#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dice.hpp"
#include "eprop/comm/communicator.hpp"
#include "transcript.hpp"

namespace eprop::fuzz {

/// What a case has on a rank.
struct Case {
  Dice dice;
  comm::Communicator& comm;
  Transcript& transcript;
  const std::filesystem::path& folder;  ///< empty, for its files; all ranks have the same
};

/// A random network: described, simulated, changed, saved and loaded. Collective.
void network_case(Case c);
/// A checkpoint whose content is damaged under a checksum that is right. Collective.
void checkpoint_case(Case c);
/// A damaged scenario file. Collective.
void scenario_case(Case c);
/// A training with random options and a random plan. Collective.
void training_case(Case c);
/// A random command line of an example.
void options_case(Case c);
/// A damaged file of a data set, or of pen strokes.
void data_case(Case c);

}  // namespace eprop::fuzz
