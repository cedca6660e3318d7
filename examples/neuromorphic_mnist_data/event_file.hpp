#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "neuromorphic_mnist_data/event.hpp"

namespace eprop::examples {

/// A file that is no N-MNIST recording; what() names the file, the byte, the value and the rule.
class EventFileError : public std::runtime_error {
 public:
  EventFileError(const std::string& file, std::size_t offset, const std::string& problem);

  const std::string& file() const { return file_; }
  std::size_t offset() const { return offset_; }  ///< byte at which the rule is broken
  const std::string& problem() const { return problem_; }

 private:
  std::string file_;
  std::size_t offset_;
  std::string problem_;
};

/// Bytes; larger files are refused unread. The recordings take about 20 kB.
inline constexpr std::size_t max_event_file_bytes = std::size_t{16} << 20;

/// Events of a recording, 5 bytes each: x, y, then, big-endian, 1 bit polarity and 23 bits of time
/// in µs (https://www.garrickorchard.com/datasets/n-mnist). The order is that of the bytes: the
/// format does not promise times that rise, and `encode` does not need them, so times that go
/// backwards are accepted. Throws EventFileError, which names `file`, if there is no event, if the
/// last one is cut short or if a coordinate lies off the sensor.
std::vector<Event> parse_events(std::span<const std::byte> bytes, const std::string& file);

/// Size of a recording, bytes. EventFileError if the file is missing, no regular file, larger than
/// max_event_file_bytes, or if its size is not that of one or more events.
std::size_t checked_file_size(const std::filesystem::path& path);

/// Reads one recording; EventFileError also if the file is unreadable and as checked_file_size.
std::vector<Event> read_event_file(const std::filesystem::path& path);

}  // namespace eprop::examples
