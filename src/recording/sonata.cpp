#include "recording/sonata.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <limits>
#include <numeric>

namespace eprop::recording::sonata {
namespace {

std::string spikes_of(const std::string& population, const std::string& dataset) {
  return fmt::format("/spikes/{}/{}", population, dataset);
}

std::string report_of(const std::string& name) { return "/report/" + name; }

std::string data_of(const std::string& report) { return report_of(report) + "/data"; }

std::string mapping_of(const std::string& report, const std::string& dataset) {
  return fmt::format("{}/mapping/{}", report_of(report), dataset);
}

std::array<double, 3> as_row(const ReportTime& time) {
  return {time.start_ms, time.stop_ms, time.step_ms};
}

void write_mapping(Hdf5File& file, const std::string& name, std::span<const std::uint64_t> node_ids,
                   const ReportTime& time) {
  std::vector<std::uint64_t> index_pointers(node_ids.size() + 1);
  std::iota(index_pointers.begin(), index_pointers.end(), 0U);
  const std::vector<std::uint32_t> element_ids(node_ids.size(), 1);  // the only compartment's
  file.write_dataset<std::uint64_t>(mapping_of(name, "node_ids"), node_ids, 0, "");
  file.write_attribute(mapping_of(name, "node_ids"), "sorted", true);
  file.write_dataset<std::uint64_t>(mapping_of(name, "index_pointers"), index_pointers, 0, "");
  file.write_dataset<std::uint32_t>(mapping_of(name, "element_ids"), element_ids, 0, "");
  file.write_dataset<double>(mapping_of(name, "time"), as_row(time), 0, "ms");
}

}  // namespace

void write_root_attributes(Hdf5File& file) {
  file.write_attribute("/", "magic", std::uint32_t{0x0A7A});
  file.write_attribute("/", "version", std::vector<std::uint32_t>{0, 1});
}

SpikeTables create_spike_tables(Hdf5File& file, const std::string& population) {
  file.write_attribute(fmt::format("/spikes/{}", population), "sorting",
                       EnumValue{{{"none", 0}, {"by_id", 1}, {"by_time", 2}}, 2});
  return {file.create_list<double>(spikes_of(population, "timestamps"), "ms"),
          file.create_list<std::uint64_t>(spikes_of(population, "node_ids"), "")};
}

SpikeTables open_spike_tables(Hdf5File& file, const std::string& population) {
  return {file.open_table<double>(spikes_of(population, "timestamps")),
          file.open_table<std::uint64_t>(spikes_of(population, "node_ids"))};
}

std::string report_name(const std::string& recording, const std::string& variable) {
  return recording + "." + variable;
}

Table create_report(Hdf5File& file, const std::string& name, const std::string& population,
                    const Variable& variable, std::span<const std::uint64_t> node_ids,
                    const ReportTime& time) {
  const Table data = file.create_table<float>(data_of(name), node_ids.size(), variable.unit);
  file.write_attribute(report_of(name), "population", population);
  file.write_attribute(report_of(name), "variable", variable.name);
  write_mapping(file, name, node_ids, time);
  return data;
}

Table open_report(Hdf5File& file, const std::string& name) {
  return file.open_table<float>(data_of(name));
}

float reported(double value) {
  using Float = std::numeric_limits<float>;
  if (std::abs(value) < double{Float::min()}) return 0.0F;
  // C++ does not define the conversion of finite values beyond the range.
  if (std::abs(value) > double{Float::max()}) {
    return value > 0 ? Float::infinity() : -Float::infinity();
  }
  return static_cast<float>(value);
}

void rewrite_report_time(Hdf5File& file, const std::string& name, const ReportTime& time) {
  file.rewrite_dataset<double>(mapping_of(name, "time"), as_row(time), 0);
}

}  // namespace eprop::recording::sonata
