#include "datasets/hdf5_column.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <numeric>

#include "datasets/global_heap.hpp"
#include "eprop/errors.hpp"
#include "message_of.hpp"
#include "recording/hdf5_call.hpp"
#include "scratch_folder.hpp"
#include "spike_file.hpp"

namespace eprop::datasets {
namespace {

namespace parts = testing::spike_file_parts;

class Hdf5ColumnTest : public ::testing::Test {
 protected:
  Hdf5ColumnTest()
      : path_(folder_.path() / "file.h5"),
        file_(H5Fcreate(path_.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT), H5Fclose) {}

  void write(const std::string& name, hid_t type, const std::vector<double>& values,
             hsize_t chunk = 0) {
    parts::write_dataset(file_.id(), name, type, H5T_NATIVE_DOUBLE, values.data(), values.size(),
                         chunk);
  }
  Hdf5Column read(const std::string& name) {
    H5Fflush(file_.id(), H5F_SCOPE_GLOBAL);
    return read_column(file_.id(), path_, name);
  }
  std::vector<double> values(const std::string& name) {
    const auto column = read(name);
    return decode(column.bytes, column.format);
  }
  /// What follows the names of file and dataset.
  std::string error(const std::string& name) {
    const std::string before = "spike file '" + path_.string() + "', '" + name + "': ";
    const auto message = testing::message_of<DatasetError>([&] { (void)read(name); });
    EXPECT_EQ(message.substr(0, before.size()), before);
    return message.substr(std::min(before.size(), message.size()));
  }

  const recording::Hdf5Session session_;
  testing::ScratchFolder folder_;
  std::filesystem::path path_;
  recording::Hdf5Handle file_;
};

TEST_F(Hdf5ColumnTest, NumbersOfAllTypesAreThoseThatWereWritten) {
  const std::vector<double> numbers{3, 0, 120, 77};
  int i = 0;
  for (const hid_t type :
       {H5T_STD_U8LE, H5T_STD_I8BE, H5T_STD_U16LE, H5T_STD_I16BE, H5T_STD_U32BE, H5T_STD_I32LE,
        H5T_STD_U64LE, H5T_STD_I64BE, H5T_IEEE_F32BE, H5T_IEEE_F64LE, parts::float_type(2)}) {
    const auto name = "/group/" + std::to_string(i++);
    write(name, type, numbers);
    EXPECT_EQ(values(name), numbers) << name;
    EXPECT_EQ(read(name).elements, numbers.size()) << name;
    EXPECT_FALSE(read(name).sequences) << name;
  }
  write("/signed", H5T_STD_I16LE, {-3});
  EXPECT_EQ(values("/signed").front(), -3.0);
}

TEST_F(Hdf5ColumnTest, ChunksArePutTogether) {
  std::vector<double> numbers(100);
  std::iota(numbers.begin(), numbers.end(), 0.0);
  for (const hsize_t chunk : {1, 7, 50, 100}) {
    const auto name = "/chunks_of_" + std::to_string(chunk);
    write(name, H5T_STD_U16LE, numbers, chunk);
    EXPECT_EQ(values(name), numbers) << chunk;
  }
}

TEST_F(Hdf5ColumnTest, SequencesComeAsReferences) {
  parts::write_sequences(file_.id(), "/sequences", H5T_STD_U16LE, {{1, 2}, {}, {3}}, 0);
  const auto column = read("/sequences");
  EXPECT_TRUE(column.sequences);
  EXPECT_EQ(column.format.bytes, 2U);
  const auto references = parse_references(column.bytes);
  ASSERT_EQ(references.size(), 3U);
  EXPECT_EQ(references[0].length, 2U);
  EXPECT_EQ(references[1].length, 0U);
  EXPECT_EQ(references[2].length, 1U);
}

TEST_F(Hdf5ColumnTest, OtherShapesAreRefused) {
  EXPECT_EQ(error("/none"), "is missing");
  EXPECT_EQ(error("/no/such/group"), "is missing");
  write("/group/one", H5T_STD_U16LE, {1});
  EXPECT_EQ(error("/group"), "must be a dataset");
  write("/many", H5T_STD_U8LE, std::vector<double>(1000001));
  EXPECT_EQ(error("/many"), "number of elements = 1000001: must be in 1 .. 1000000");
  write("/small_chunks", H5T_STD_U8LE, std::vector<double>(10001), 1);
  EXPECT_EQ(error("/small_chunks"), "number of chunks = 10001: must be at most 10000");
  const std::array<hsize_t, 2> shape{2, 2};
  const hid_t space = H5Screate_simple(2, shape.data(), nullptr);
  H5Dclose(H5Dcreate2(file_.id(), "/matrix", H5T_STD_U8LE, space, H5P_DEFAULT, H5P_DEFAULT,
                      H5P_DEFAULT));
  H5Sclose(space);
  EXPECT_EQ(error("/matrix"), "dimensions = 2: must be 1");
}

TEST_F(Hdf5ColumnTest, OtherValuesAreRefused) {
  const std::string rule = "its values are no floating-point numbers of IEEE 754 and no integers";
  hid_t type = H5Tcopy(H5T_C_S1);
  hsize_t n = 1;
  const hid_t space = H5Screate_simple(1, &n, nullptr);
  H5Dclose(H5Dcreate2(file_.id(), "/text", type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
  EXPECT_EQ(error("/text"), rule);
  H5Tclose(type);
  type = H5Tcopy(H5T_STD_U16LE);
  H5Tset_precision(type, 9);
  write("/nine_bits", type, {1});
  EXPECT_EQ(error("/nine_bits"), rule);
  H5Tclose(type);
  type = parts::float_type(4);
  H5Tset_ebias(type, 100);
  write("/other_bias", type, {1});
  EXPECT_EQ(error("/other_bias"), rule);
  H5Tclose(type);
  H5Dclose(H5Dcreate2(file_.id(), "/unwritten", H5T_STD_U8LE, space, H5P_DEFAULT, H5P_DEFAULT,
                      H5P_DEFAULT));
  EXPECT_EQ(error("/unwritten"), "has never been written");
  H5Sclose(space);
}

TEST_F(Hdf5ColumnTest, CompressedOnesAreRefusedWithARemedy) {
  hsize_t n = 4;
  const hid_t space = H5Screate_simple(1, &n, nullptr), properties = H5Pcreate(H5P_DATASET_CREATE);
  H5Pset_chunk(properties, 1, &n);
  H5Pset_shuffle(properties);
  H5Dclose(
      H5Dcreate2(file_.id(), "/packed", H5T_STD_U8LE, space, H5P_DEFAULT, properties, H5P_DEFAULT));
  H5Pclose(properties);
  H5Sclose(space);
  EXPECT_EQ(error("/packed"),
            "is compressed or filtered: must not be, which h5repack -f NONE undoes");
}

}  // namespace
}  // namespace eprop::datasets
