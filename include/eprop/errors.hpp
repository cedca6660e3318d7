#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

#include "eprop/comm/errors.hpp"

namespace eprop {

/// What a user asked for breaks a rule; what() names the thing, the value and the rule.
struct InvalidParameter : std::invalid_argument {
  using std::invalid_argument::invalid_argument;
};

/// A rank has not enough memory; what() says which and for what.
using comm::OutOfMemory;

/// An output file cannot be written or read; what() names the file, the object and the reason.
struct OutputError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The output file that a checkpoint is to go on with is gone, is no HDF5 file any more, or lacks
/// what had been written to it; what() says which.
struct DamagedOutput : OutputError {
  using OutputError::OutputError;
};

/// A simulation has come to numbers that are infinite or NaN; what() names the population or
/// projection, the quantity and the step.
class Diverged : public std::runtime_error {
 public:
  Diverged(const std::string& message, std::int64_t step)
      : std::runtime_error(message), step_(step) {}
  /// The first step in which such a number was found.
  [[nodiscard]] std::int64_t step() const { return step_; }

 private:
  std::int64_t step_;
};

/// A checkpoint cannot be written, is damaged or is not of this simulation; what() names the file
/// and the reason.
struct CheckpointError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The file of a checkpoint is no whole one, or none at all.
struct DamagedCheckpoint : CheckpointError {
  using CheckpointError::CheckpointError;
};

/// A file of a data set is missing, damaged or of another form; what() names the file, the place in
/// it, the value and the rule.
struct DatasetError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace eprop
