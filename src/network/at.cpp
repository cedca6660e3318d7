
#include "core/refuse.hpp"
#include "eprop/network.hpp"

namespace eprop {
namespace {

template <class Specs>
const auto& spec_at(const Specs& specs, std::uint32_t index, std::string_view kind) {
  if (index >= specs.size()) {
    core::refuse(
        "network", kind, index, "",
        fmt::format("must be a handle of this network, which has {} of them", specs.size()));
  }
  return specs[index];
}

}  // namespace

const Network::PopulationSpec& Network::at(Population handle) const {
  return spec_at(populations_, handle.index, "population");
}

const Network::ProjectionSpec& Network::at(Projection handle) const {
  return spec_at(projections_, handle.index, "projection");
}

const Network::RateGeneratorSpec& Network::at(RateGenerator handle) const {
  return spec_at(rate_generators_, handle.index, "rate generator");
}

}  // namespace eprop
