#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "eprop/errors.hpp"

/// What the output files hold.
namespace eprop::recording {

/// Element type of a dataset; little endian in the file.
enum class NumberType : std::uint32_t { float64, float32, uint64, uint32, int64 };

template <class T>
concept Number =
    std::same_as<T, double> || std::same_as<T, float> || std::same_as<T, std::uint64_t> ||
    std::same_as<T, std::uint32_t> || std::same_as<T, std::int64_t>;

template <Number T>
[[nodiscard]] constexpr NumberType number_type() {
  if constexpr (std::same_as<T, double>) return NumberType::float64;
  if constexpr (std::same_as<T, float>) return NumberType::float32;
  if constexpr (std::same_as<T, std::uint64_t>) return NumberType::uint64;
  if constexpr (std::same_as<T, std::uint32_t>) return NumberType::uint32;
  return NumberType::int64;
}

[[nodiscard]] constexpr std::size_t size_of(NumberType type) {
  return type == NumberType::float32 || type == NumberType::uint32 ? 4 : 8;
}

[[nodiscard]] constexpr std::string_view name_of(NumberType type) {
  switch (type) {
    case NumberType::float64:
      return "float64";
    case NumberType::float32:
      return "float32";
    case NumberType::uint64:
      return "uint64";
    case NumberType::uint32:
      return "uint32";
    case NumberType::int64:
      return "int64";
  }
  return "";
}

/// One of the named values of an enumeration over uint8.
struct EnumValue {
  std::vector<std::pair<std::string, std::uint8_t>> members;
  std::uint8_t value;
};

/// What an attribute can hold. Strings are UTF-8 of variable length, bool is int8 of 0 or 1.
using AttributeValue =
    std::variant<std::int64_t, std::uint32_t, double, bool, std::string, std::vector<std::string>,
                 std::vector<std::uint32_t>, EnumValue>;

/// Values that had been taken could not be written.
struct WriteError : OutputError {
  using OutputError::OutputError;
};

/// Whether a file is a new one or goes on.
enum class OpenMode { create, append };

constexpr std::uint64_t default_chunk_bytes = std::uint64_t{128} * 1024;

}  // namespace eprop::recording
