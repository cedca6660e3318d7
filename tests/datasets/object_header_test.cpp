#include "datasets/object_header.hpp"

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

std::string message(std::uint64_t type, const std::string& data) {
  return number(type, 2) + number(data.size(), 2) + number(0, 4) + data;
}

std::string header(const std::string& messages) {
  return number(1, 4) + number(1, 4) + number(messages.size(), 4) + number(0, 4) + messages;
}

std::string chunks(std::uint64_t dimensions, std::uint64_t length, std::uint64_t element) {
  return message(8, number(3, 1) + number(2, 1) + number(dimensions, 1) + number(0, 8) +
                        number(length, 4) + number(element, 4) + number(0, 5));
}

const std::string other = message(1, number(5, 8));

std::string error(const std::string& text, std::uint64_t address = 0) {
  std::istringstream file(text);
  const std::string place = "here";
  return testing::message_of<DatasetError>([&] {
    require_sound_layout({file, text.size(), place}, address);
  });
}

TEST(ObjectHeader, SoundLayoutsAreTaken) {
  EXPECT_EQ(error(header(other + chunks(2, 5, 16) + other)), "");
  EXPECT_EQ(error(header(other + message(8, number(3, 1) + number(1, 1) + number(99, 16)))), "");
  EXPECT_EQ(error("ab" + header(chunks(2, 5, 16)), 2), "");
}

std::string error_of_group(const std::string& text) {
  std::istringstream file(text);
  const std::string place = "here";
  return testing::message_of<DatasetError>([&] {
    require_sound_names({file, text.size(), place}, 0);
  });
}

/// A group whose names have a heap.
std::string group(const std::string& signature, std::uint64_t size, std::uint64_t data) {
  std::string text = header(other + message(0x11, number(0, 8) + number(64, 8)));
  text.resize(64);
  return text + signature + number(0, 4) + number(size, 8) + number(0, 8) + number(data, 8) +
         number(0, 32);
}

TEST(ObjectHeader, HeapsOfNamesLieWithinTheFile) {
  const std::string rule = "here: heap of names: must be within the file";
  EXPECT_EQ(error_of_group(group("HEAP", 32, 96)), "");
  EXPECT_EQ(error_of_group(group("HEAP", 33, 96)), rule);
  EXPECT_EQ(error_of_group(group("HEAP", 32, ~std::uint64_t{0})), rule);
  EXPECT_EQ(error_of_group(group("HEAR", 32, 96)), rule);
  EXPECT_EQ(error_of_group(header(message(0x11, number(0, 8)))),
            "here: symbol table: must have 16 bytes");
  EXPECT_EQ(error_of_group(header(other)), "");
}

TEST(ObjectHeader, LayoutsMayStandInAnotherPart) {
  const std::string first = header(message(0x10, number(200, 8) + number(64, 8)));
  std::string text = first;
  text.resize(200);
  text += other + chunks(2, 5, 16) + number(0, 64);
  EXPECT_EQ(error(text), "");
  text = first;
  text.resize(200);
  text += other + chunks(2, 0, 16) + number(0, 64);
  EXPECT_THAT(error(text), HasSubstr("length of its chunks"));
}

TEST(ObjectHeader, ChunksOfNoLengthAreRefused) {
  const std::string rule = "here: length of its chunks: must be one number above 0";
  EXPECT_EQ(error(header(chunks(2, 0, 16))), rule);
  EXPECT_EQ(error(header(chunks(2, 5, 0))), rule);
  EXPECT_EQ(error(header(chunks(0, 5, 16))), rule);
  EXPECT_EQ(error(header(chunks(3, 5, 16))), rule);
  EXPECT_EQ(error(header(message(8, number(3, 1) + number(2, 1)))), rule);
}

TEST(ObjectHeader, OtherVersionsAreRefusedUnlessTheyHaveAChecksum) {
  EXPECT_EQ(error("OHDR" + number(0, 12)), "");
  EXPECT_EQ(error(number(2, 1) + header(other).substr(1)),
            "here: header: must be of version 1 or 2");
  EXPECT_EQ(error(header(message(8, number(2, 1) + number(2, 30)))),
            "here: layout: must be of version 3");
}

TEST(ObjectHeader, WhatIsNotThereIsRefused) {
  EXPECT_EQ(error(header(other)), "here: layout: is missing");
  EXPECT_THAT(error(header(other).substr(0, 20)), HasSubstr("must be within the file"));
  EXPECT_THAT(error("", 77), HasSubstr("16 bytes from byte 77 on"));
  // A part that leads to itself has an end, too.
  const std::string endless = header(message(0x10, number(16, 8) + number(24, 8)));
  EXPECT_EQ(error(endless), "here: layout: is missing");
}

}  // namespace
}  // namespace eprop::datasets
