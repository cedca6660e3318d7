#pragma once

#include <cstdint>
#include <string>

#include "eprop/task.hpp"
#include "eprop/trainer.hpp"

namespace eprop::training {

/// A word that tells trainings apart: by task, plan and options, the checksums of the network, seed
/// included, and of the first samples. Not by ranks, threads and replicas, nor by where they write.
[[nodiscard]] std::string identity(const Task& task, const TrainingOptions& options,
                                   std::uint32_t network, std::uint32_t samples);

/// The same as a number, which an attribute of the output file holds exactly.
[[nodiscard]] double identity_number(const std::string& identity);

}  // namespace eprop::training
