#include "datasets/number_format.hpp"

#include <bit>
#include <cmath>
#include <limits>

namespace eprop::datasets {
namespace {

/// binary16 of IEEE 754: 1 bit sign, 5 bits exponent, 10 bits fraction.
double half(std::uint64_t bits) {
  const auto exponent = static_cast<int>(bits >> 10U & 0x1fU);
  const auto fraction = static_cast<int>(bits & 0x3ffU);
  double magnitude = std::ldexp(1024 + fraction, exponent - 25);
  if (exponent == 0) magnitude = std::ldexp(fraction, -24);
  if (exponent == 0x1f) {
    magnitude = fraction == 0 ? std::numeric_limits<double>::infinity()
                              : std::numeric_limits<double>::quiet_NaN();
  }
  return bits >> 15U == 0 ? magnitude : -magnitude;
}

double floating(std::uint64_t bits, std::size_t bytes) {
  if (bytes == 2) return half(bits);
  if (bytes == 4) return std::bit_cast<float>(static_cast<std::uint32_t>(bits));
  return std::bit_cast<double>(bits);
}

double decode_one(std::uint64_t bits, const NumberFormat& format) {
  if (format.kind == NumberFormat::Kind::floating) return floating(bits, format.bytes);
  if (format.kind == NumberFormat::Kind::unsigned_integer) return static_cast<double>(bits);
  const std::size_t unused = 64 - 8 * format.bytes;  // the sign goes to the top, and back
  return static_cast<double>(static_cast<std::int64_t>(bits << unused) >> unused);
}

}  // namespace

std::vector<double> decode(std::span<const std::byte> bytes, const NumberFormat& format) {
  std::vector<double> numbers;
  numbers.reserve(bytes.size() / format.bytes);
  for (; !bytes.empty(); bytes = bytes.subspan(format.bytes)) {
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < format.bytes; ++i) {
      const std::size_t at = format.big_endian ? i : format.bytes - 1 - i;
      bits = bits << 8U | std::to_integer<std::uint64_t>(bytes[at]);
    }
    numbers.push_back(decode_one(bits, format));
  }
  return numbers;
}

}  // namespace eprop::datasets
