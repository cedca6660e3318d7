#include "datasets/global_heap.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "eprop/errors.hpp"
#include "message_of.hpp"
#include "number_bytes.hpp"

namespace eprop::datasets {
namespace {

using ::testing::HasSubstr;
using testing::number;

/// An object of so many bytes, which are all its index.
std::string object(std::uint64_t index, std::size_t bytes) {
  std::string text = number(index, 2) + number(1, 2) + number(0, 4) + number(bytes, 8);
  text += std::string(bytes, static_cast<char>(index));
  text.resize((text.size() + 7) / 8 * 8, '?');
  return text;
}

constexpr std::uint64_t heap_address = 3;

/// A heap of objects, and some free space, within a file.
std::string file_of(const std::string& objects, std::uint64_t heap_bytes) {
  std::string heap = "GCOL" + number(1, 4) + number(heap_bytes, 8) + objects;
  heap += number(0, 8) + number(48, 8);
  heap.resize(heap_bytes, '?');
  return "abc" + heap + "behind";
}

std::vector<std::byte> read(const std::string& text, const HeapReference& reference,
                            std::size_t value_bytes) {
  std::istringstream file(text);
  const std::string place = "here";
  return read_sequence({file, text.size(), place}, reference, value_bytes);
}

std::string error(const std::string& text, const HeapReference& reference) {
  return testing::message_of<DatasetError>([&] { (void)read(text, reference, 2); });
}

const std::string three = file_of(object(7, 4) + object(1, 3) + object(2, 8), 200);

TEST(GlobalHeap, ReferencesAreParsedOneByOne) {
  const std::string text = number(5, 4) + number(0x123456789, 8) + number(6, 4) + "rest";
  const auto references = parse_references(std::as_bytes(std::span(text)));
  ASSERT_EQ(references.size(), 1U);
  EXPECT_EQ(references[0].length, 5U);
  EXPECT_EQ(references[0].address, 0x123456789U);
  EXPECT_EQ(references[0].index, 6U);
}

TEST(GlobalHeap, SequencesAreFoundByTheirIndex) {
  EXPECT_EQ(read(three, {2, heap_address, 7}, 2), std::vector(4, std::byte{7}));
  EXPECT_EQ(read(three, {3, heap_address, 1}, 1), std::vector(3, std::byte{1}));
  EXPECT_EQ(read(three, {1, heap_address, 2}, 8), std::vector(8, std::byte{2}));
}

TEST(GlobalHeap, EmptySequencesNeedNone) {
  EXPECT_TRUE(read("", {.length = 0, .address = 99, .index = 1}, 2).empty());
}

TEST(GlobalHeap, SequencesOfAnotherSizeAreRefused) {
  EXPECT_EQ(error(three, {3, heap_address, 7}),
            "here: object 7 of the heap at byte 3: size = 4: must be 6, for 3 values");
  // HDF5 1.10 would write all 4 bytes into room for these 2.
  EXPECT_EQ(error(three, {1, heap_address, 7}),
            "here: object 7 of the heap at byte 3: size = 4: must be 2, for 1 values");
}

TEST(GlobalHeap, IndicesThatItLacksAreRefused) {
  EXPECT_EQ(error(three, {2, heap_address, 9}), "here: heap at byte 3: has no object 9");
  EXPECT_EQ(error(three, {2, heap_address, 0}), "here: heap at byte 3: has no object 0");
  std::string endless = file_of("", 200);
  endless.replace(heap_address + 16, 16, number(7, 8) + number(~std::uint64_t{0}, 8));
  EXPECT_EQ(error(endless, {2, heap_address, 9}), "here: heap at byte 3: has no object 9");
}

TEST(GlobalHeap, ObjectsThatLeaveItAreRefused) {
  std::string far = file_of("", 200);
  far.replace(heap_address + 16, 16, number(7, 8) + number(400, 8));
  EXPECT_THAT(error(far, {200, heap_address, 7}), HasSubstr("goes beyond the heap"));
  EXPECT_THAT(error(far, {200, heap_address, 8}), HasSubstr("has no object 8"));
}

TEST(GlobalHeap, WhatIsNoneIsRefused) {
  EXPECT_EQ(error(three, {2, 0, 7}), "here: at byte 0 must be a heap of version 1");
  EXPECT_THAT(error(three, {2, 1000, 7}), HasSubstr("16 bytes from byte 1000 on: must end by"));
  EXPECT_THAT(error(file_of("", 200).substr(0, 150), {2, heap_address, 7}),
              HasSubstr("size = 200: must be at least 16 and within the file"));
}

}  // namespace
}  // namespace eprop::datasets
