#include "recording/sonata.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/flush_denormals.hpp"
#include "distributed_test.hpp"
#include "read_hdf5.hpp"
#include "scratch_file.hpp"

namespace eprop::recording {
namespace {

using ::testing::ElementsAre;
using testing::read_attribute;
using testing::read_shape;
using testing::read_strings;
using testing::read_values;
using testing::ScratchFile;

/// The member of the attribute's enumeration that it holds.
std::string read_enum(const std::string& path, const std::string& object, const std::string& name) {
  const testing::HdfObject from(path, object);
  const hid_t attribute = H5Aopen(from.object, name.c_str(), H5P_DEFAULT);
  const hid_t type = H5Aget_type(attribute);
  std::uint8_t value = 255;
  char member[32] = "";
  H5Aread(attribute, type, &value);
  H5Tenum_nameof(type, &value, member, sizeof member);
  H5Tclose(type);
  H5Aclose(attribute);
  return member;
}

}  // namespace

DISTRIBUTED_TEST(Sonata, MarksFileAndSpikes, RANKS(1, 2)) {
  const ScratchFile scratch(comm);
  Hdf5File file = Hdf5File::create(scratch.path(), comm);
  sonata::write_root_attributes(file);
  const sonata::SpikeTables created = sonata::create_spike_tables(file, "recurrent");
  const bool has_spikes = comm.rank() == 0;
  const std::vector<double> times(has_spikes ? 2 : 0, 1.5);
  const std::vector<std::uint64_t> ids(has_spikes ? 2 : 0, 3);
  file.append_in_rank_order<double>(created.timestamps, times);
  file.append_in_rank_order<std::uint64_t>(created.node_ids, ids);
  const sonata::SpikeTables opened = sonata::open_spike_tables(file, "recurrent");
  EXPECT_EQ(file.rows(opened.timestamps), 2U);
  EXPECT_EQ(file.rows(opened.node_ids), 2U);
  file.close();
  if (comm.rank() != 0) return;
  const std::string& path = scratch.path();
  EXPECT_THAT(read_attribute<std::uint32_t>(path, "/", "magic"), ElementsAre(0x0A7A));
  EXPECT_THAT(read_attribute<std::uint32_t>(path, "/", "version"), ElementsAre(0, 1));
  EXPECT_EQ(read_enum(path, "/spikes/recurrent", "sorting"), "by_time");
  EXPECT_THAT(read_values<double>(path, "/spikes/recurrent/timestamps"), ElementsAre(1.5, 1.5));
  EXPECT_THAT(read_strings(path, "/spikes/recurrent/timestamps", "units"), ElementsAre("ms"));
  EXPECT_THAT(read_values<std::uint64_t>(path, "/spikes/recurrent/node_ids"), ElementsAre(3, 3));
}

DISTRIBUTED_TEST(Sonata, MapsColumnsOfAReportToNodes, RANKS(1, 2)) {
  const ScratchFile scratch(comm);
  Hdf5File file = Hdf5File::create(scratch.path(), comm);
  const std::string name = sonata::report_name("soma", "V_m");
  EXPECT_EQ(name, "soma.V_m");
  const std::vector<std::uint64_t> nodes{4, 7};
  const Table data =
      sonata::create_report(file, name, "recurrent", {"V_m", "mV"}, nodes, {1.0, 0.0, 0.5});
  EXPECT_EQ(file.columns(data), 2U);
  EXPECT_EQ(file.type(data), NumberType::float32);
  EXPECT_EQ(file.rows(sonata::open_report(file, name)), 0U);
  sonata::rewrite_report_time(file, name, {1.0, 11.0, 0.5});
  file.close();
  if (comm.rank() != 0) return;
  const std::string& path = scratch.path();
  const std::string report = "/report/soma.V_m", mapping = report + "/mapping/";
  EXPECT_THAT(read_shape(path, report + "/data"), ElementsAre(0, 2));
  EXPECT_THAT(read_strings(path, report + "/data", "units"), ElementsAre("mV"));
  EXPECT_THAT(read_strings(path, report, "population"), ElementsAre("recurrent"));
  EXPECT_THAT(read_strings(path, report, "variable"), ElementsAre("V_m"));
  EXPECT_EQ(read_values<std::uint64_t>(path, mapping + "node_ids"), nodes);
  EXPECT_THAT(read_attribute<std::int8_t>(path, mapping + "node_ids", "sorted"), ElementsAre(1));
  EXPECT_THAT(read_values<std::uint64_t>(path, mapping + "index_pointers"), ElementsAre(0, 1, 2));
  EXPECT_THAT(read_values<std::uint32_t>(path, mapping + "element_ids"), ElementsAre(1, 1));
  EXPECT_THAT(read_values<double>(path, mapping + "time"), ElementsAre(1.0, 11.0, 0.5));
  EXPECT_THAT(read_strings(path, mapping + "time", "units"), ElementsAre("ms"));
}

DISTRIBUTED_TEST(Sonata, KeepsAReportOfNoNodes, RANKS(1, 3)) {
  const ScratchFile scratch(comm);
  Hdf5File file = Hdf5File::create(scratch.path(), comm);
  const Table data = sonata::create_report(file, "soma.V_m", "soma", {"V_m", "mV"}, {}, {1, 1, 1});
  file.append_columns<float>(data, 3, 0, 0, std::span<const float>{});
  file.close();
  if (comm.rank() != 0) return;
  EXPECT_THAT(read_shape(scratch.path(), "/report/soma.V_m/data"), ElementsAre(3, 0));
  EXPECT_THAT(read_shape(scratch.path(), "/report/soma.V_m/mapping/node_ids"), ElementsAre(0));
  EXPECT_THAT(read_values<std::uint64_t>(scratch.path(), "/report/soma.V_m/mapping/index_pointers"),
              ElementsAre(0));
}

// Samples are written while a simulation runs, and before and after it.
DISTRIBUTED_TEST(Sonata, ReportsTheSameValuesWithAndWithoutDenormals, RANKS(1)) {
  const double smallest = std::numeric_limits<float>::min();
  const auto reported = [](double value) {
    volatile double hidden = value;  // from the compiler, which knows no modes
    return sonata::reported(hidden);
  };
  const std::vector<std::pair<double, float>> expected{
      {0.1, 0.1F},
      {-70.0, -70.0F},
      {smallest, std::numeric_limits<float>::min()},
      {0.6 * smallest, 0.0F},
      {-0.999999999 * smallest, 0.0F},
      {1e-310, 0.0F}};
  for (const auto& [value, stored] : expected) {
    EXPECT_EQ(reported(value), stored) << value;
    const core::FlushDenormals flush;
    EXPECT_EQ(reported(value), stored) << value;
  }
}

DISTRIBUTED_TEST(Sonata, ReportsValuesBeyondFloat32AsInfinite, RANKS(1)) {
  const float largest = std::numeric_limits<float>::max();
  const float infinity = std::numeric_limits<float>::infinity();
  EXPECT_EQ(sonata::reported(largest), largest);
  EXPECT_EQ(sonata::reported(-largest), -largest);
  for (const double beyond : {std::nextafter(double{largest}, 1e300), 1e39, 1e308, HUGE_VAL}) {
    EXPECT_EQ(sonata::reported(beyond), infinity) << beyond;
    EXPECT_EQ(sonata::reported(-beyond), -infinity) << beyond;
  }
  EXPECT_TRUE(std::isnan(sonata::reported(std::numeric_limits<double>::quiet_NaN())));
}

}  // namespace eprop::recording
