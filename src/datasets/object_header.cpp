#include "datasets/object_header.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <deque>
#include <string_view>
#include <vector>

namespace eprop::datasets {
namespace {

/// Version, a byte unused, number of messages, count of references, size of the first part, 4 bytes
/// unused.
constexpr std::size_t prefix_bytes = 16;
/// Type, size, flags, 3 bytes unused.
constexpr std::size_t message_header_bytes = 8;

constexpr std::uint64_t layout_message = 0x8, continuation_message = 0x10;
constexpr std::size_t most_parts = 1000;

/// Part of the header, full of messages.
struct Part {
  std::uint64_t begin, bytes;
};

std::vector<std::byte> read(const FileStretch& file, const Part& part) {
  if (!file.holds(part.begin, part.bytes)) {
    file.refuse(fmt::format("{} bytes of its header from byte {} on: must be within the file",
                            part.bytes, part.begin));
  }
  std::vector<std::byte> bytes(part.bytes);
  file.read(part.begin, bytes);
  return bytes;
}

/// Version, class, and of chunks number of dimensions, address, 8 bytes, and lengths, 4 each, the
/// last of which is the size of an element.
void require_sound(std::span<const std::byte> layout, const FileStretch& file) {
  constexpr std::size_t lengths = 11;
  constexpr auto chunked = std::byte{2};
  if (layout.size() < 2 || layout[0] != std::byte{3}) file.refuse("layout: must be of version 3");
  if (layout[1] != chunked) return;
  const bool complete = layout.size() >= lengths + 8 && layout[2] == std::byte{2};
  if (!complete || little_endian(layout.subspan(lengths, 4)) == 0 ||
      little_endian(layout.subspan(lengths + 4, 4)) == 0) {
    file.refuse("length of its chunks: must be one number above 0");
  }
}

}  // namespace

void require_sound_layout(const FileStretch& file, std::uint64_t address) {
  std::array<std::byte, prefix_bytes> prefix{};
  file.read(address, prefix);
  if (std::string_view(reinterpret_cast<const char*>(prefix.data()), 4) == "OHDR") return;
  if (prefix[0] != std::byte{1}) file.refuse("header: must be of version 1 or 2");
  std::deque<Part> parts{{address + prefix_bytes, little_endian(std::span(prefix).subspan(8, 4))}};
  for (std::size_t n = 0; n < most_parts && !parts.empty(); ++n, parts.pop_front()) {
    const std::vector<std::byte> bytes = read(file, parts.front());
    for (auto rest = std::span(bytes); rest.size() >= message_header_bytes;) {
      const std::uint64_t type = little_endian(rest.first(2));
      const std::size_t size = std::min<std::size_t>(little_endian(rest.subspan(2, 2)),
                                                     rest.size() - message_header_bytes);
      const auto message = rest.subspan(message_header_bytes, size);
      if (type == layout_message) return require_sound(message, file);
      if (type == continuation_message && message.size() >= 16) {
        parts.push_back({little_endian(message.first(8)), little_endian(message.subspan(8, 8))});
      }
      rest = rest.subspan(message_header_bytes + size);
    }
  }
  file.refuse("layout: is missing");
}

}  // namespace eprop::datasets
