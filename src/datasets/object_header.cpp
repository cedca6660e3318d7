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

constexpr std::uint64_t layout_message = 0x8, continuation_message = 0x10,
                        symbol_table_message = 0x11;
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

bool begins_with(std::span<const std::byte> bytes, std::string_view signature) {
  return std::string_view(reinterpret_cast<const char*>(bytes.data()), signature.size()) ==
         signature;
}

/// What f(message) returns for the first message of a type; false if there is none.
template <class F>
bool visit_message(const FileStretch& file, const std::array<std::byte, prefix_bytes>& prefix,
                   std::uint64_t address, std::uint64_t wanted, F&& f) {
  if (prefix[0] != std::byte{1}) file.refuse("header: must be of version 1 or 2");
  std::deque<Part> parts{{address + prefix_bytes, little_endian(std::span(prefix).subspan(8, 4))}};
  for (std::size_t n = 0; n < most_parts && !parts.empty(); ++n, parts.pop_front()) {
    const std::vector<std::byte> bytes = read(file, parts.front());
    for (auto rest = std::span(bytes); rest.size() >= message_header_bytes;) {
      const std::uint64_t type = little_endian(rest.first(2));
      const std::size_t size = std::min<std::size_t>(little_endian(rest.subspan(2, 2)),
                                                     rest.size() - message_header_bytes);
      const auto message = rest.subspan(message_header_bytes, size);
      if (type == wanted) {
        f(message);
        return true;
      }
      if (type == continuation_message && message.size() >= 16) {
        parts.push_back({little_endian(message.first(8)), little_endian(message.subspan(8, 8))});
      }
      rest = rest.subspan(message_header_bytes + size);
    }
  }
  return false;
}

/// Addresses of a tree and of a heap, 8 bytes each. The heap begins with a signature, its version
/// and 3 bytes unused, the size of its data, 8, that of a list, 8, and the address of its data.
void require_sound_heap(std::span<const std::byte> symbol_table, const FileStretch& file) {
  constexpr std::size_t size = 8, data = 24;
  if (symbol_table.size() < 16) file.refuse("symbol table: must have 16 bytes");
  std::array<std::byte, data + 8> heap{};
  file.read(little_endian(symbol_table.subspan(8, 8)), heap);
  const std::span header(heap);
  if (!begins_with(header, "HEAP") ||
      !file.holds(little_endian(header.subspan(data, 8)), little_endian(header.subspan(size, 8)))) {
    file.refuse("heap of names: must be within the file");
  }
}

}  // namespace

void require_sound_names(const FileStretch& file, std::uint64_t address) {
  std::array<std::byte, prefix_bytes> prefix{};
  file.read(address, prefix);
  if (begins_with(prefix, "OHDR")) return;
  // Groups of the newer form have none.
  visit_message(file, prefix, address, symbol_table_message,
                [&](auto message) { require_sound_heap(message, file); });
}

void require_sound_layout(const FileStretch& file, std::uint64_t address) {
  std::array<std::byte, prefix_bytes> prefix{};
  file.read(address, prefix);
  if (begins_with(prefix, "OHDR")) return;
  const bool found = visit_message(file, prefix, address, layout_message,
                                   [&](auto message) { require_sound(message, file); });
  if (!found) file.refuse("layout: is missing");
}

}  // namespace eprop::datasets
