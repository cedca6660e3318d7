#include "datasets/global_heap.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>

#include "datasets/file_stretch.hpp"

namespace eprop::datasets {
namespace {

/// "GCOL", version, 3 bytes unused, size of the heap, its header included.
constexpr std::size_t heap_header_bytes = 16;
/// Index, count of references, 4 bytes unused, size of what follows.
constexpr std::size_t object_header_bytes = 16;
/// An index has 2 bytes, so no heap has more objects.
constexpr int most_objects = 0x10000;

/// Where the heap ends that begins at an address.
std::uint64_t heap_end(const FileStretch& file, std::uint64_t address) {
  std::array<std::byte, heap_header_bytes> header{};
  file.read(address, header);
  const std::string_view magic(reinterpret_cast<const char*>(header.data()), 4);
  if (magic != "GCOL" || header[4] != std::byte{1}) {
    file.refuse(fmt::format("at byte {} must be a heap of version 1", address));
  }
  const std::uint64_t bytes = little_endian(std::span(header).subspan(8));
  if (bytes < heap_header_bytes || !file.holds(address, bytes)) {
    file.refuse(fmt::format("heap at byte {}: size = {}: must be at least {} and within the file",
                            address, bytes, heap_header_bytes));
  }
  return address + bytes;
}

/// Where an object of the heap is.
struct Found {
  std::uint64_t begin, bytes;
};

Found find(const FileStretch& heap, const HeapReference& reference) {
  std::uint64_t at = reference.address + heap_header_bytes;
  for (int i = 0; i < most_objects && heap.holds(at, object_header_bytes); ++i) {
    std::array<std::byte, object_header_bytes> header{};
    heap.read(at, header);
    const std::uint64_t index = little_endian(std::span(header).first(2));
    const std::uint64_t bytes = little_endian(std::span(header).subspan(8));
    if (index == 0) break;  // free space, up to the end
    at += object_header_bytes;
    if (index == reference.index) return {at, bytes};
    if (!heap.holds(at, bytes)) break;
    at += (bytes + 7) / 8 * 8;  // objects begin at multiples of 8
  }
  heap.refuse(fmt::format("heap at byte {}: has no object {}", reference.address, reference.index));
}

}  // namespace

std::vector<HeapReference> parse_references(std::span<const std::byte> bytes) {
  std::vector<HeapReference> references;
  references.reserve(bytes.size() / HeapReference::stored_bytes);
  while (bytes.size() >= HeapReference::stored_bytes) {
    references.push_back(
        {.length = static_cast<std::uint32_t>(little_endian(bytes.first(4))),
         .address = little_endian(bytes.subspan(4, 8)),
         .index = static_cast<std::uint32_t>(little_endian(bytes.subspan(12, 4)))});
    bytes = bytes.subspan(HeapReference::stored_bytes);
  }
  return references;
}

std::vector<std::byte> read_sequence(const FileStretch& file, const HeapReference& reference,
                                     std::size_t value_bytes) {
  if (reference.length == 0) return {};
  const FileStretch heap = file.up_to(heap_end(file, reference.address));
  const Found found = find(heap, reference);
  const std::uint64_t wanted = std::uint64_t{reference.length} * value_bytes;
  if (found.bytes != wanted) {
    heap.refuse(
        fmt::format("object {} of the heap at byte {}: size = {}: must be {}, for {} values",
                    reference.index, reference.address, found.bytes, wanted, reference.length));
  }
  if (!heap.holds(found.begin, wanted)) {
    heap.refuse(fmt::format("object {} of the heap at byte {}: goes beyond the heap",
                            reference.index, reference.address));
  }
  std::vector<std::byte> bytes(wanted);
  heap.read(found.begin, bytes);
  return bytes;
}

}  // namespace eprop::datasets
