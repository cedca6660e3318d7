#include "network/check_shape.hpp"

#include "core/refuse.hpp"

namespace eprop::network {

using core::refuse;

void check_shape(std::string_view thing, std::string_view parameter, std::string_view unit,
                 const Value& value, std::uint32_t size) {
  if (const auto* array = std::get_if<Value::Array>(&value.content());
      array != nullptr && array->size() != size) {
    refuse(thing, parameter, fmt::format("array of {}", array->size()), "values",
           fmt::format("must have one value for each of the {} neurons", size));
  }
  if (const auto* d = std::get_if<Normal>(&value.content()); d != nullptr && !(d->std >= 0)) {
    refuse(thing, parameter, fmt::format("normal({}, {})", d->mean, d->std), unit,
           "standard deviation must be >= 0");
  }
  if (const auto* d = std::get_if<Uniform>(&value.content());
      d != nullptr && !(d->low <= d->high)) {
    refuse(thing, parameter, fmt::format("uniform({}, {})", d->low, d->high), unit,
           "low must be <= high");
  }
}

}  // namespace eprop::network
