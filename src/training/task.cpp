#include "eprop/task.hpp"

#include <cmath>

namespace eprop {
namespace {

Step offset_of(const Network& network, Population population) {
  return std::llround(network.sample_offset(population) / network.options().dt);
}

}  // namespace

std::string to_string(Phase phase) {
  switch (phase) {
    case Phase::training:
      return "training";
    case Phase::validation:
      return "validation";
    case Phase::test:
      break;
  }
  return "test";
}

Step Task::target_offset() const { return offset_of(network, out); }

Step Task::recurrent_offset() const {
  return offset_of(network, recurrent.empty() ? out : recurrent.front());
}

}  // namespace eprop
