#include "network/lookup.hpp"

#include "core/refuse.hpp"

namespace eprop::network {
namespace {

template <class Specs>
const auto& at(const Specs& specs, std::uint32_t index, std::string_view kind) {
  if (index >= specs.size()) {
    core::refuse(
        "network", kind, index, "",
        fmt::format("must be a handle of this network, which has {} of them", specs.size()));
  }
  return specs[index];
}

}  // namespace

const Network::PopulationSpec& lookup(const Network& network, Population handle) {
  return at(network.populations(), handle.index, "population");
}

const Network::ProjectionSpec& lookup(const Network& network, Projection handle) {
  return at(network.projections(), handle.index, "projection");
}

const Network::RateGeneratorSpec& lookup(const Network& network, RateGenerator handle) {
  return at(network.rate_generators(), handle.index, "rate generator");
}

}  // namespace eprop::network
