#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <limits>
#include <optional>
#include <span>
#include <thread>

#include "damage.hpp"
#include "eprop/datasets/heidelberg.hpp"
#include "eprop/errors.hpp"
#include "file_bytes.hpp"
#include "message_of.hpp"
#include "refusal.hpp"
#include "scratch_folder.hpp"
#include "spike_file.hpp"

namespace eprop::datasets {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::message_of;
using testing::small_spike_file;
using testing::SpikeFile;
using ::testing::StartsWith;
using testing::write_spike_file;

constexpr double inf = std::numeric_limits<double>::infinity();

class HeidelbergFileTest : public ::testing::Test {
 protected:
  std::shared_ptr<const Dataset> read(const SpikeFile& what) {
    write_spike_file(path_, what);
    return read_heidelberg_file(path_, shd_classes);
  }
  /// What follows the name of the file, when it is opened or all samples are read.
  std::string error(const SpikeFile& what) {
    const auto message = message_of<DatasetError>([&] {
      const auto dataset = read(what);
      for (std::size_t i = 0; i < dataset->size(); ++i) (void)dataset->spikes(i);
    });
    const std::string begin = "spike file '" + path_.string() + "'";
    EXPECT_THAT(message, StartsWith(begin));
    return message.substr(std::min(begin.size(), message.size()));
  }

  testing::ScratchFolder folder_;
  std::filesystem::path path_ = folder_.path() / "shd_train.h5";
};

void expect_small_spike_file(const Dataset& dataset) {
  ASSERT_EQ(dataset.size(), 3U);
  EXPECT_EQ(dataset.channels(), 700U);
  EXPECT_EQ(dataset.classes(), 20U);
  EXPECT_EQ(dataset.label(0), 19U);
  EXPECT_EQ(dataset.label(2), 4U);
  EXPECT_THAT(dataset.spikes(0), ElementsAre(ChannelSpike{125.0, 0}, ChannelSpike{250.0, 699},
                                             ChannelSpike{1000.0, 3}));
  EXPECT_TRUE(dataset.spikes(1).empty());
  EXPECT_THAT(dataset.spikes(2), ElementsAre(ChannelSpike{0.0, 255}, ChannelSpike{500.0, 256}));
}

TEST_F(HeidelbergFileTest, IsReadInWhateverWayItIsStored) {
  for (const std::size_t float_bytes : {2, 4, 8}) {
    for (const hid_t integers : {H5T_STD_U16LE, H5T_STD_I16BE, H5T_STD_I64LE}) {
      for (const hsize_t chunk : {0, 1, 2, 50}) {
        for (const bool newest : {false, true}) {
          SCOPED_TRACE(std::to_string(float_bytes) + " bytes, chunks of " + std::to_string(chunk));
          SpikeFile what = small_spike_file();
          what.float_bytes = float_bytes;
          what.unit_type = what.label_type = integers;
          what.chunk = chunk;
          what.newest = newest;
          expect_small_spike_file(*read(what));
        }
      }
    }
  }
}

TEST_F(HeidelbergFileTest, IsReadByManyThreadsAtOnce) {
  SpikeFile what = small_spike_file();
  for (auto* sequences : {&what.times, &what.units}) {
    for (int i = 0; i < 100; ++i) sequences->push_back(std::vector<double>(50, i));
  }
  what.labels.resize(what.times.size());
  const auto dataset = read(what);
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (std::uint32_t i = 0; i < 100; ++i) {
        EXPECT_EQ(dataset->spikes(i + 3), std::vector(50, ChannelSpike{1000.0 * i, i}));
      }
    });
  }
}

TEST_F(HeidelbergFileTest, SamplesThatContradictThemselvesAreRefusedByIndex) {
  SpikeFile what = small_spike_file();
  what.units[2].pop_back();
  EXPECT_EQ(error(what), ", sample 2: number of units = 1: must be that of times, 2");
  what = small_spike_file();
  what.labels[1] = 20;
  EXPECT_EQ(error(what), ", sample 1: label = 20: must be in 0 .. 19");
  what.label_type = H5T_STD_I8LE;
  what.labels[1] = -1;
  EXPECT_EQ(error(what), ", sample 1: label = -1: must be in 0 .. 19");
  what = small_spike_file();
  what.labels.pop_back();
  EXPECT_EQ(error(what), ": '/spikes/times': number of samples = 3: must be that of labels, 2");
  what = small_spike_file();
  what.units.emplace_back();
  EXPECT_EQ(error(what), ": '/spikes/units': number of samples = 4: must be that of labels, 3");
}

TEST_F(HeidelbergFileTest, SpikesThatAreNoneAreRefusedByIndex) {
  const auto with_time = [&](double time) {
    SpikeFile what = small_spike_file();
    what.float_bytes = 8;
    what.times[2][1] = time;
    return error(what);
  };
  EXPECT_EQ(with_time(-0.5), ", sample 2: time 1 = -0.5 s: must be finite and at least 0");
  EXPECT_EQ(with_time(inf), ", sample 2: time 1 = inf s: must be finite and at least 0");
  EXPECT_EQ(with_time(1e306), ", sample 2: time 1 = 1e+306 s: must be finite and at least 0");
  EXPECT_THAT(with_time(std::nan("")), HasSubstr("nan s: must be finite"));
  SpikeFile what = small_spike_file();
  what.units[0][2] = 700;
  EXPECT_EQ(error(what), ", sample 0: unit 2 = 700: must be in 0 .. 699");
  what.unit_type = H5T_STD_I32LE;
  what.units[0][2] = -1;
  EXPECT_EQ(error(what), ", sample 0: unit 2 = -1: must be in 0 .. 699");
}

TEST_F(HeidelbergFileTest, DatasetsOfOtherTypesAreRefused) {
  SpikeFile what = small_spike_file();
  what.unit_type = H5T_IEEE_F32LE;
  EXPECT_EQ(error(what), ": '/spikes/units': must be of integers");
  what = small_spike_file();
  what.label_type = H5T_IEEE_F32LE;
  EXPECT_EQ(error(what), ": '/labels': must be of integers");
  what = small_spike_file();
  const hid_t file = H5Fcreate(path_.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
  namespace parts = testing::spike_file_parts;
  parts::write_dataset(file, "/labels", H5T_STD_U8LE, H5T_NATIVE_DOUBLE, what.labels.data(), 3, 0);
  parts::write_dataset(file, "/spikes/times", H5T_IEEE_F32LE, H5T_NATIVE_DOUBLE, what.labels.data(),
                       3, 0);
  H5Fclose(file);
  EXPECT_THAT(message_of<DatasetError>([&] { (void)read_heidelberg_file(path_, 20); }),
              HasSubstr("'/spikes/times': must be of sequences"));
}

TEST_F(HeidelbergFileTest, WhatIsNoFileOfThisFormIsRefused) {
  const auto error = [&] {
    return message_of<DatasetError>([&] { (void)read_heidelberg_file(path_, 20); });
  };
  const std::string begin = "spike file '" + path_.string() + "'";
  EXPECT_THAT(error(), StartsWith(begin + ": cannot be read: No such file"));
  testing::write_bytes(path_, std::vector(1000, std::byte{7}));
  EXPECT_THAT(error(), StartsWith(begin + ": cannot be opened: "));
  H5Fclose(H5Fcreate(path_.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT));
  EXPECT_EQ(error(), begin + ", '/labels': is missing");
  const hid_t properties = H5Pcreate(H5P_FILE_CREATE);
  H5Pset_userblock(properties, 512);
  H5Fclose(H5Fcreate(path_.c_str(), H5F_ACC_TRUNC, properties, H5P_DEFAULT));
  EXPECT_EQ(error(), begin + ": user block = 512 bytes: must be 0");
  H5Pset_userblock(properties, 0);
  H5Pset_sizes(properties, 4, 4);
  H5Fclose(H5Fcreate(path_.c_str(), H5F_ACC_TRUNC, properties, H5P_DEFAULT));
  EXPECT_EQ(error(), begin + ": addresses and sizes of 4 and 4 bytes: must be 8 both");
  H5Pclose(properties);
}

TEST_F(HeidelbergFileTest, SamplesBeyondAndNoClassesAreRefused) {
  const auto dataset = read(small_spike_file());
  EXPECT_NE(testing::refusal([&] { (void)dataset->spikes(3); }), "");
  EXPECT_NE(testing::refusal([&] { (void)dataset->label(3); }), "");
  EXPECT_EQ(testing::refusal([&] { (void)read_heidelberg_file(path_, 0); }),
            "spike file: classes = 0: must be at least 1");
}

TEST_F(HeidelbergFileTest, FolderHasOneOfTheTwoSets) {
  const auto error = [&] {
    return message_of<DatasetError>([&] { (void)read_heidelberg(folder_.path()); });
  };
  const auto file = [&](const char* name) { return folder_.path() / name; };
  EXPECT_THAT(error(), HasSubstr("has files of neither set"));
  write_spike_file(file("shd_train.h5"), small_spike_file());
  EXPECT_THAT(error(), HasSubstr("shd_test.h5': cannot be read: No such file"));
  SpikeFile test = small_spike_file();
  test.labels[0] = 7;
  write_spike_file(file("shd_test.h5"), test);
  const auto [training, held_back] = read_heidelberg(folder_.path());
  EXPECT_EQ(training->label(0), 19U);
  EXPECT_EQ(held_back->label(0), 7U);
  write_spike_file(file("ssc_test.h5"), test);
  EXPECT_THAT(error(), HasSubstr("has files of both sets"));
  std::filesystem::remove(file("shd_train.h5"));
  std::filesystem::remove(file("shd_test.h5"));
  test.labels[0] = 34;
  write_spike_file(file("ssc_train.h5"), test);
  EXPECT_EQ(read_heidelberg(folder_.path()).training->classes(), 35U);
  EXPECT_EQ(read_heidelberg(folder_.path()).training->label(0), 34U);
}

/// All that is read of a file; nothing if it is refused by its name.
std::optional<std::vector<LabelledSpikes>> read_all(const std::filesystem::path& path) {
  try {
    const auto dataset = read_heidelberg_file(path, shd_classes);
    std::vector<LabelledSpikes> samples;
    for (std::size_t i = 0; i < dataset->size(); ++i) {
      samples.push_back({dataset->spikes(i), dataset->label(i)});
    }
    return samples;
  } catch (const DatasetError& refused) {
    EXPECT_THAT(refused.what(), StartsWith("spike file '" + path.string() + "'"));
    return std::nullopt;
  }
}

/// Without emptying the file first, after which some file systems write to the disk at once.
void write_in_place(const std::filesystem::path& path, std::span<const std::byte> bytes) {
  std::fstream stream(path, std::ios::in | std::ios::out | std::ios::binary);
  stream.write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
}

TEST_F(HeidelbergFileTest, IsReadOrRefusedWithBitsFlippedOrItsEndMissing) {
  int read = 0, refused = 0;
  const auto attempt = [&](const std::vector<std::byte>& bytes) {
    write_in_place(path_, bytes);
    ++(read_all(path_) ? read : refused);
  };
  for (const hsize_t chunk : {0, 2}) {
    SpikeFile what = small_spike_file();
    what.chunk = chunk;
    write_spike_file(path_, what);
    const auto whole = testing::read_bytes(path_);
    testing::with_flipped_bits(whole, 41, [&](const auto& bytes, const auto&) { attempt(bytes); });
    EXPECT_GT(read, 1000);
    EXPECT_GT(refused, 100);
    testing::with_end_missing(whole, 101, [&](const auto& bytes, const std::string& damage) {
      testing::write_bytes(path_, bytes);
      EXPECT_FALSE(read_all(path_)) << damage;
    });
  }
}

}  // namespace
}  // namespace eprop::datasets
