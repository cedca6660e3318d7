#include "network/value_words.hpp"

#include <fmt/format.h>

#include <boost/crc.hpp>

namespace eprop::network {

std::string words(const Value& value) {
  struct {
    std::string operator()(double constant) const { return fmt::format("{}", constant); }
    std::string operator()(const Normal& d) const {
      return fmt::format("normal({}, {})", d.mean, d.std);
    }
    std::string operator()(const Uniform& d) const {
      return fmt::format("uniform({}, {})", d.low, d.high);
    }
    std::string operator()(const Value::Array& array) const {
      boost::crc_32_type crc;
      crc.process_bytes(array.data(), array.size() * sizeof(double));
      return fmt::format("array({} values with checksum {:08x})", array.size(), crc.checksum());
    }
  } const visitor;
  return std::visit(visitor, value.content());
}

}  // namespace eprop::network
