#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "recording/hdf5_file.hpp"

/// The SONATA layout of output files: spikes in /spikes/POPULATION, sampled variables in /report,
/// in the types that its guide asks for. Errors and collectivity are those of Hdf5File.
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

/// A report has one variable: the name of that of `variable` among those recorded as `recording`.
[[nodiscard]] std::string report_name(const std::string& recording, const std::string& variable);

/// Creates /report/NAME and returns its data, float32 [time][node]: one row per sample. `node_ids`
/// ascend.
[[nodiscard]] Table create_report(Hdf5File& file, const std::string& name,
                                  const std::string& population, const Variable& variable,
                                  std::span<const std::uint64_t> node_ids, const ReportTime& time);
[[nodiscard]] Table open_report(Hdf5File& file, const std::string& name);

/// A value as reports have it: the nearest float32; 0 if its magnitude is below 2^-126, with or
/// without core::FlushDenormals, and +-infinity if it is above the largest float32.
[[nodiscard]] float reported(double value);

/// Replaces the times of a report, whose end may not be known when it is created.
void rewrite_report_time(Hdf5File& file, const std::string& name, const ReportTime& time);

}  // namespace eprop::recording::sonata
