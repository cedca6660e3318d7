#include "training/training_state.hpp"

#include <fmt/format.h>

#include <boost/archive/binary_iarchive.hpp>
#include <boost/archive/binary_oarchive.hpp>
#include <boost/serialization/string.hpp>
#include <boost/serialization/vector.hpp>
#include <exception>
#include <sstream>

#include "eprop/errors.hpp"

namespace eprop::training {
namespace {

const std::string format_name = "eprop training ";
const std::string format = format_name + "5";

template <class Archive, class State>
void archive_members(Archive& archive, State& s) {
  archive& s.task& s.identity& s.previous& s.batch_size& s.record& s.last_recorded& s.finished& s
      .rate_scale;
  archive& s.losses& s.errors& s.phases& s.pending& s.confusion;
  archive& s.best.iteration& s.best.loss& s.best.weights;
  archive& s.running.begun& s.running.phase& s.running.rate;
  archive& s.running.may_be_best& s.running.weights;
  archive& s.spiked& s.warned_of;
}

}  // namespace

std::string to_bytes(const TrainingState& state) {
  std::ostringstream stream;
  {
    boost::archive::binary_oarchive archive(stream);
    archive& format;
    archive_members(archive, state);
  }
  return std::move(stream).str();
}

TrainingState training_state(const std::string& bytes, const std::string& checkpoint) {
  TrainingState state;
  std::string found;
  try {
    std::istringstream stream(bytes);
    boost::archive::binary_iarchive archive(stream);
    archive& found;
    if (found == format) archive_members(archive, state);
  } catch (const std::exception&) {
    found.clear();
  }
  if (found == format) return state;
  if (found.starts_with(format_name)) {
    throw CheckpointError(
        fmt::format("checkpoint '{}': has the format '{}', made by another version; this one reads "
                    "'{}'",
                    checkpoint, found, format));
  }
  throw CheckpointError(fmt::format("checkpoint '{}': was not made by a training", checkpoint));
}

}  // namespace eprop::training
