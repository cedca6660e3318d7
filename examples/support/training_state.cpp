#include "support/training_state.hpp"

#include <fmt/format.h>

#include <boost/archive/binary_iarchive.hpp>
#include <boost/archive/binary_oarchive.hpp>
#include <boost/serialization/string.hpp>
#include <boost/serialization/vector.hpp>
#include <exception>
#include <sstream>

#include "eprop/errors.hpp"

namespace eprop::examples {
namespace {

const std::string format = "eprop training 3";

template <class Archive, class State>
void archive_members(Archive& archive, State& s) {
  archive& s.task& s.batch_size& s.record& s.last_recorded& s.finished& s.losses& s.errors& s
      .phases& s.pending& s.confusion;
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
  if (found != format) {
    throw CheckpointError(fmt::format("checkpoint '{}': was not made by an example", checkpoint));
  }
  return state;
}

}  // namespace eprop::examples
