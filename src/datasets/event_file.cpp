#include "datasets/event_file.hpp"

#include <fmt/format.h>

#include <fstream>
#include <string_view>
#include <system_error>

#include "eprop/errors.hpp"

namespace eprop::datasets {
namespace {

constexpr std::size_t bytes_per_event = 5;

[[noreturn]] void refuse(const std::string& file, std::size_t byte, const std::string& problem) {
  throw DatasetError(fmt::format("event file '{}', byte {}: {}", file, byte, problem));
}

std::uint8_t parse_coordinate(std::span<const std::byte> bytes, std::size_t offset,
                              std::string_view axis, const std::string& file) {
  const auto value = std::to_integer<std::uint8_t>(bytes[offset]);
  if (value >= sensor_size) {
    refuse(file, offset,
           fmt::format("{} is {}, but must lie in 0 .. {}", axis, value, sensor_size - 1));
  }
  return value;
}

[[noreturn]] void refuse_without_size(const std::filesystem::path& path, std::error_code error) {
  std::error_code unknown;
  const auto status = std::filesystem::status(path, unknown);
  if (!std::filesystem::exists(status)) {
    refuse(path.string(), 0, fmt::format("cannot be found: {}", error.message()));
  }
  if (!std::filesystem::is_regular_file(status)) {
    refuse(path.string(), 0, "is not a regular file, but must be one");
  }
  refuse(path.string(), 0, fmt::format("has no known size: {}", error.message()));
}

void check_size(std::uintmax_t size, const std::string& file) {
  if (size == 0) refuse(file, 0, "has 0 bytes, but must hold an event or more");
  if (size > max_event_file_bytes) {
    refuse(file, max_event_file_bytes,
           fmt::format("has {} bytes, but may have at most {}", size, max_event_file_bytes));
  }
  if (const auto rest = size % bytes_per_event; rest != 0) {
    refuse(file, size - rest,
           fmt::format("the last event has {} byte(s), but must have {}", rest, bytes_per_event));
  }
}

}  // namespace

std::vector<Event> parse_events(std::span<const std::byte> bytes, const std::string& file) {
  check_size(bytes.size(), file);
  std::vector<Event> events;
  events.reserve(bytes.size() / bytes_per_event);
  for (std::size_t offset = 0; offset < bytes.size(); offset += bytes_per_event) {
    const auto word = std::to_integer<std::uint32_t>(bytes[offset + 2]) << 16 |
                      std::to_integer<std::uint32_t>(bytes[offset + 3]) << 8 |
                      std::to_integer<std::uint32_t>(bytes[offset + 4]);
    events.push_back({.x = parse_coordinate(bytes, offset, "x", file),
                      .y = parse_coordinate(bytes, offset + 1, "y", file),
                      .on = (word >> 23) == 1,
                      .time_us = word & 0x7fffff});
  }
  return events;
}

std::vector<std::byte> event_bytes(std::span<const Event> events) {
  std::vector<std::byte> bytes;
  bytes.reserve(events.size() * bytes_per_event);
  for (const auto& event : events) {
    const std::uint32_t word = (event.on ? 1U << 23U : 0U) | event.time_us;
    for (const std::uint32_t value : {std::uint32_t{event.x}, std::uint32_t{event.y}, word >> 16U,
                                      word >> 8U & 0xffU, word & 0xffU}) {
      bytes.push_back(static_cast<std::byte>(value));
    }
  }
  return bytes;
}

std::size_t checked_file_size(const std::filesystem::path& path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (error) refuse_without_size(path, error);
  check_size(size, path.string());
  return static_cast<std::size_t>(size);
}

std::vector<Event> read_event_file(const std::filesystem::path& path) {
  std::vector<std::byte> bytes(checked_file_size(path));
  std::ifstream stream(path, std::ios::binary);
  if (!stream) refuse(path.string(), 0, "cannot be opened for reading");
  stream.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  if (const auto got = static_cast<std::size_t>(stream.gcount()); got != bytes.size()) {
    refuse(path.string(), got,
           fmt::format("reading ended after {} of {} bytes", got, bytes.size()));
  }
  return parse_events(bytes, path.string());
}

}  // namespace eprop::datasets
