#include "datasets/event_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <optional>
#include <random>

#include "eprop/errors.hpp"
#include "event_bytes.hpp"
#include "file_bytes.hpp"
#include "message_of.hpp"
#include "scratch_folder.hpp"

namespace eprop::datasets {
namespace {

using ::testing::AllOf;
using testing::bytes_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::message_of;
using testing::write_bytes;

std::vector<std::byte> raw(const std::vector<int>& values) {
  std::vector<std::byte> bytes;
  for (const int value : values) bytes.push_back(static_cast<std::byte>(value));
  return bytes;
}

std::string parse_error(const std::vector<std::byte>& bytes) {
  return message_of<DatasetError>([&] { (void)parse_events(bytes, "a.bin"); });
}

TEST(EventFile, ReadsCoordinatesPolarityAndBigEndianTime) {
  const auto events =
      parse_events(raw({0, 33, 0x80, 0, 0, 33, 0, 0x7f, 0xff, 0xff, 5, 6, 0x81, 2, 3}), "a.bin");
  EXPECT_THAT(events, ElementsAre(Event{0, 33, true, 0}, Event{33, 0, false, 0x7fffff},
                                  Event{5, 6, true, 0x010203}));
}

TEST(EventFile, KeepsTimesThatGoBackwards) {
  const std::vector<Event> events{{1, 1, true, 20}, {2, 2, false, 10}};
  EXPECT_EQ(parse_events(bytes_of(events), "a.bin"), events);
}

TEST(EventFile, RefusesNoBytes) {
  EXPECT_EQ(parse_error({}),
            "event file 'a.bin', byte 0: has 0 bytes, but must hold an event or more");
}

TEST(EventFile, RefusesTruncatedEvent) {
  EXPECT_EQ(parse_error(raw({1, 2, 3, 4, 5, 6, 7})),
            "event file 'a.bin', byte 5: the last event has 2 byte(s), but must have 5");
}

TEST(EventFile, RefusesCoordinatesOffTheSensor) {
  EXPECT_EQ(parse_error(raw({1, 1, 0, 0, 0, 34, 1, 0, 0, 0})),
            "event file 'a.bin', byte 5: x is 34, but must lie in 0 .. 33");
  EXPECT_EQ(parse_error(raw({1, 1, 0, 0, 0, 1, 255, 0, 0, 0})),
            "event file 'a.bin', byte 6: y is 255, but must lie in 0 .. 33");
}

TEST(EventFile, ReadsBackWhatWasWritten) {
  const testing::ScratchFolder folder;
  const std::vector<Event> events{{3, 4, true, 5}, {33, 33, false, 336040}};
  write_bytes(folder.path() / "a.bin", bytes_of(events));
  EXPECT_EQ(read_event_file(folder.path() / "a.bin"), events);
}

TEST(EventFile, RefusesWhatIsNoReadableFile) {
  const testing::ScratchFolder folder;
  const auto error = [](const std::filesystem::path& path) {
    return message_of<DatasetError>([&] { (void)read_event_file(path); });
  };
  EXPECT_THAT(error(folder.path() / "none.bin"),
              AllOf(HasSubstr("none.bin"), HasSubstr("cannot be found")));
  EXPECT_THAT(error(folder.path()), HasSubstr("is not a regular file"));
  EXPECT_THAT(error("/dev/zero"), HasSubstr("is not a regular file"));
  const auto shut = folder.path() / "shut.bin";
  write_bytes(shut, bytes_of({{1, 1, true, 1}}));
  std::filesystem::permissions(shut, std::filesystem::perms::none);
  if (geteuid() != 0) {  // root may read everything
    EXPECT_THAT(error(shut), HasSubstr("cannot be opened"));
  }
}

TEST(EventFile, RefusesOversizedFileUnread) {
  const testing::ScratchFolder folder;
  const auto path = folder.path() / "large.bin";
  write_bytes(path, bytes_of({{1, 1, true, 1}}));
  std::filesystem::resize_file(path, max_event_file_bytes + 4);  // a sparse file of 0 bytes
  EXPECT_THAT(message_of<DatasetError>([&] { (void)read_event_file(path); }),
              HasSubstr("has 16777220 bytes, but may have at most 16777216"));
}

/// Events, or nothing if the bytes were refused; anything else thrown fails the test.
std::optional<std::vector<Event>> try_parse(const std::vector<std::byte>& bytes) {
  try {
    return parse_events(bytes, "fuzz.bin");
  } catch (const DatasetError& error) {
    EXPECT_THAT(error.what(), HasSubstr("event file 'fuzz.bin', byte "));
    return std::nullopt;
  }
}

/// The rule, stated a second time and apart from the parser.
bool is_valid(const std::vector<std::byte>& bytes) {
  if (bytes.empty() || bytes.size() % 5 != 0) return false;
  for (std::size_t i = 0; i < bytes.size(); i += 5) {
    if (bytes[i] > std::byte{33} || bytes[i + 1] > std::byte{33}) return false;
  }
  return true;
}

TEST(EventFile, ParsesOrRefusesWhateverItIsGiven) {
  std::mt19937 random(1);
  const auto below = [&](std::size_t bound) { return random() % bound; };
  std::vector<Event> events;
  for (int i = 0; i < 40; ++i) {
    events.push_back({static_cast<std::uint8_t>(below(34)), static_cast<std::uint8_t>(below(34)),
                      below(2) == 1, static_cast<std::uint32_t>(below(1U << 23))});
  }
  const std::vector<std::byte> valid = bytes_of(events);
  int accepted = 0;
  int refused = 0;
  for (int round = 0; round < 30000; ++round) {
    std::vector<std::byte> bytes;
    if (round % 3 == 0) {  // random bytes
      bytes.resize(below(60));
      for (std::byte& byte : bytes) byte = static_cast<std::byte>(random());
    } else if (round % 3 == 1) {  // a valid file, cut short or long
      bytes.assign(valid.begin(), valid.begin() + static_cast<std::ptrdiff_t>(below(valid.size())));
      if (below(2) == 1) bytes.insert(bytes.end(), valid.begin(), valid.end());
    } else {  // a valid file with bytes changed
      bytes = valid;
      for (std::size_t change = below(3); change-- > 0;) {
        bytes[below(bytes.size())] = static_cast<std::byte>(random());
      }
    }
    const auto parsed = try_parse(bytes);
    ASSERT_EQ(parsed.has_value(), is_valid(bytes)) << "round " << round;
    if (parsed) {
      ++accepted;
      ASSERT_EQ(bytes_of(*parsed), bytes) << "round " << round;
    } else {
      ++refused;
    }
  }
  EXPECT_GT(accepted, 1000);
  EXPECT_GT(refused, 1000);
}

}  // namespace
}  // namespace eprop::datasets
