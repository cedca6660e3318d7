#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "datasets/event.hpp"

namespace eprop::datasets {

/// Bytes; larger files are refused unread. The recordings take about 20 kB.
inline constexpr std::size_t max_event_file_bytes = std::size_t{16} << 20U;

/// Events of a recording, 5 bytes each: x, y, then, big-endian, 1 bit polarity and 23 bits of time
/// in µs (https://www.garrickorchard.com/datasets/n-mnist). The order is that of the bytes: the
/// format does not promise times that rise. DatasetError, which names `file` and the byte, if there
/// is no event, if the last one is cut short or if a coordinate lies off the sensor.
[[nodiscard]] std::vector<Event> parse_events(std::span<const std::byte> bytes,
                                              const std::string& file);

/// The bytes of a recording, for parse_events(). Times below 2^23 µs.
[[nodiscard]] std::vector<std::byte> event_bytes(std::span<const Event> events);

/// Size of a recording, bytes. DatasetError if the file is missing, no regular file, larger than
/// max_event_file_bytes, or if its size is not that of one or more events.
[[nodiscard]] std::size_t checked_file_size(const std::filesystem::path& path);

/// Reads one recording; DatasetError also if the file is unreadable and as checked_file_size.
[[nodiscard]] std::vector<Event> read_event_file(const std::filesystem::path& path);

}  // namespace eprop::datasets
