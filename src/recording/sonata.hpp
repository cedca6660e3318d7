#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "recording/hdf5_file.hpp"

/// The SONATA layout of output files: spikes in /spikes/POPULATION, sampled variables in
/// /report/NAME. Errors and collectivity are those of Hdf5File.
namespace eprop::recording::sonata {

/// What marks the file as SONATA 0.1.
void write_root_attributes(Hdf5File& file);

/// One row per spike.
struct SpikeTables {
  Table timestamps;  ///< double, ms
  Table node_ids;    ///< uint64
};

/// Spikes are to be appended by time.
[[nodiscard]] SpikeTables create_spike_tables(Hdf5File& file, const std::string& population);
[[nodiscard]] SpikeTables open_spike_tables(Hdf5File& file, const std::string& population);

/// Start and stop of a recording and the time between samples.
struct ReportTime {
  double start_ms;
  double stop_ms;
  double step_ms;
};

/// A variable that is recorded, and its unit.
struct Variable {
  std::string name;
  std::string unit;
};

/// Creates /report/NAME and returns its data, double [time][node][variable]: one row per sample,
/// node i's variables from column i * variables.size() on. At least one node and one variable.
[[nodiscard]] Table create_report(Hdf5File& file, const std::string& name,
                                  std::span<const std::uint64_t> node_ids,
                                  const std::vector<Variable>& variables, const ReportTime& time);
[[nodiscard]] Table open_report(Hdf5File& file, const std::string& name);

/// Replaces the times of a report, whose end may not be known when it is created.
void rewrite_report_time(Hdf5File& file, const std::string& name, const ReportTime& time);

}  // namespace eprop::recording::sonata
