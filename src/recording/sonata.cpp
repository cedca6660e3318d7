#include "recording/sonata.hpp"

#include <fmt/format.h>

#include <array>

#include "eprop/errors.hpp"

namespace eprop::recording::sonata {
namespace {

std::string spikes_of(const std::string& population, const std::string& dataset) {
  return fmt::format("/spikes/{}/{}", population, dataset);
}

std::string data_of(const std::string& report) { return fmt::format("/report/{}/data", report); }

std::string mapping_of(const std::string& report, const std::string& dataset) {
  return fmt::format("/report/{}/mapping/{}", report, dataset);
}

std::array<double, 3> as_row(const ReportTime& time) {
  return {time.start_ms, time.stop_ms, time.step_ms};
}

void write_mapping(Hdf5File& file, const std::string& name, std::span<const std::uint64_t> node_ids,
                   std::size_t n_variables, const ReportTime& time) {
  std::vector<std::uint64_t> index_pointers{0};
  std::vector<std::uint32_t> element_ids;
  for (std::size_t node = 0; node < node_ids.size(); ++node) {
    for (std::uint32_t variable = 0; variable < n_variables; ++variable) {
      element_ids.push_back(variable);
    }
    index_pointers.push_back(element_ids.size());
  }
  file.write_dataset<std::uint64_t>(mapping_of(name, "node_ids"), node_ids, 0, "");
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
  return {file.create_table<double>(spikes_of(population, "timestamps"), 0, "ms"),
          file.create_table<std::uint64_t>(spikes_of(population, "node_ids"), 0, "")};
}

SpikeTables open_spike_tables(Hdf5File& file, const std::string& population) {
  return {file.open_table<double>(spikes_of(population, "timestamps")),
          file.open_table<std::uint64_t>(spikes_of(population, "node_ids"))};
}

Table create_report(Hdf5File& file, const std::string& name,
                    std::span<const std::uint64_t> node_ids, const std::vector<Variable>& variables,
                    const ReportTime& time) {
  if (node_ids.empty() || variables.empty()) {
    throw OutputError(
        fmt::format("report '{}': has {} nodes and {} variables, needs at least one of each", name,
                    node_ids.size(), variables.size()));
  }
  std::vector<std::string> names;
  std::vector<std::string> units;
  for (const Variable& variable : variables) {
    names.push_back(variable.name);
    units.push_back(variable.unit);
  }
  const Table data =
      file.create_table<double>(data_of(name), node_ids.size() * variables.size(), "");
  file.write_attribute(data_of(name), "variables", names);
  if (units.size() == 1) {
    file.write_attribute(data_of(name), "units", units.front());
  } else {
    file.write_attribute(data_of(name), "units", units);
  }
  write_mapping(file, name, node_ids, variables.size(), time);
  return data;
}

Table open_report(Hdf5File& file, const std::string& name) {
  return file.open_table<double>(data_of(name));
}

void rewrite_report_time(Hdf5File& file, const std::string& name, const ReportTime& time) {
  file.rewrite_dataset<double>(mapping_of(name, "time"), as_row(time), 0);
}

}  // namespace eprop::recording::sonata
