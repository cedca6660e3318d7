#include "recording/sonata.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "distributed_test.hpp"
#include "eprop/errors.hpp"
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

const std::vector<std::uint64_t> nodes{4, 7};
const std::vector<sonata::Variable> voltage_and_surrogate{{"V_m", "mV"}, {"surrogate", "1"}};

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

DISTRIBUTED_TEST(Sonata, MapsColumnsOfAReportToNodesAndVariables, RANKS(1, 2)) {
  const ScratchFile scratch(comm);
  Hdf5File file = Hdf5File::create(scratch.path(), comm);
  const Table data =
      sonata::create_report(file, "soma", nodes, voltage_and_surrogate, {1.0, 0.0, 0.5});
  EXPECT_EQ(file.columns(data), 4U);
  EXPECT_EQ(file.rows(sonata::open_report(file, "soma")), 0U);
  sonata::rewrite_report_time(file, "soma", {1.0, 11.0, 0.5});
  file.close();
  if (comm.rank() != 0) return;
  const std::string& path = scratch.path();
  const std::string mapping = "/report/soma/mapping/";
  EXPECT_THAT(read_shape(path, "/report/soma/data"), ElementsAre(0, 4));
  EXPECT_THAT(read_strings(path, "/report/soma/data", "variables"),
              ElementsAre("V_m", "surrogate"));
  EXPECT_THAT(read_strings(path, "/report/soma/data", "units"), ElementsAre("mV", "1"));
  EXPECT_EQ(read_values<std::uint64_t>(path, mapping + "node_ids"), nodes);
  EXPECT_THAT(read_values<std::uint64_t>(path, mapping + "index_pointers"), ElementsAre(0, 2, 4));
  EXPECT_THAT(read_values<std::uint32_t>(path, mapping + "element_ids"), ElementsAre(0, 1, 0, 1));
  EXPECT_THAT(read_values<double>(path, mapping + "time"), ElementsAre(1.0, 11.0, 0.5));
  EXPECT_THAT(read_strings(path, mapping + "time", "units"), ElementsAre("ms"));
}

DISTRIBUTED_TEST(Sonata, RefusesAReportOfNothing, RANKS(1)) {
  const ScratchFile scratch(comm);
  Hdf5File file = Hdf5File::create(scratch.path(), comm);
  EXPECT_THROW((void)sonata::create_report(file, "soma", {}, voltage_and_surrogate, {0, 1, 1}),
               OutputError);
  EXPECT_THROW((void)sonata::create_report(file, "soma", nodes, {}, {0, 1, 1}), OutputError);
}

}  // namespace eprop::recording
