#pragma once

#include <hdf5.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

/// Files of the form of the Spiking Heidelberg Digits, written by HDF5 itself.
namespace eprop::testing {

struct SpikeFile {
  std::vector<std::vector<double>> times;  ///< s, per sample
  std::vector<std::vector<double>> units;  ///< likewise
  std::vector<double> labels;
  std::size_t float_bytes = 2;
  hid_t unit_type = H5T_STD_U16LE;
  hid_t label_type = H5T_STD_U16LE;
  hsize_t chunk = 0;    ///< samples; 0: not in chunks
  bool newest = false;  ///< the newest format that this HDF5 writes
};

/// Two samples without an equal spike, and a silent one.
inline SpikeFile small_spike_file() {
  return {.times = {{0.125, 0.25, 1.0}, {}, {0.0, 0.5}},
          .units = {{0, 699, 3}, {}, {255, 256}},
          .labels = {19, 0, 4}};
}

namespace spike_file_parts {

/// IEEE 754, little-endian; HDF5 1.10 has no name for that of 2 bytes. To be closed.
inline hid_t float_type(std::size_t bytes) {
  const hid_t type = H5Tcopy(bytes == 8 ? H5T_IEEE_F64LE : H5T_IEEE_F32LE);
  if (bytes == 2) {
    H5Tset_fields(type, 15, 10, 5, 0, 10);
    H5Tset_size(type, 2);
    H5Tset_ebias(type, 15);
  }
  return type;
}

/// Writes a 1-D dataset of `n` elements, which are in memory as in `memory_type`.
inline void write_dataset(hid_t file, const std::string& name, hid_t type, hid_t memory_type,
                          const void* data, hsize_t n, hsize_t chunk) {
  const hsize_t limit = chunk > 0 ? H5S_UNLIMITED : n;  // chunks may be longer than what they hold
  const hid_t space = H5Screate_simple(1, &n, &limit);
  const hid_t links = H5Pcreate(H5P_LINK_CREATE), properties = H5Pcreate(H5P_DATASET_CREATE);
  H5Pset_create_intermediate_group(links, 1);
  if (chunk > 0) H5Pset_chunk(properties, 1, &chunk);
  const hid_t dataset = H5Dcreate2(file, name.c_str(), type, space, links, properties, H5P_DEFAULT);
  H5Dwrite(dataset, memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data);
  H5Dclose(dataset);
  H5Pclose(properties);
  H5Pclose(links);
  H5Sclose(space);
}

inline void write_sequences(hid_t file, const std::string& name, hid_t type,
                            std::vector<std::vector<double>> sequences, hsize_t chunk) {
  std::vector<hvl_t> elements;
  for (auto& sequence : sequences) elements.push_back({sequence.size(), sequence.data()});
  const hid_t stored = H5Tvlen_create(type), memory = H5Tvlen_create(H5T_NATIVE_DOUBLE);
  write_dataset(file, name, stored, memory, elements.data(), elements.size(), chunk);
  H5Tclose(memory);
  H5Tclose(stored);
}

}  // namespace spike_file_parts

inline void write_spike_file(const std::filesystem::path& path, const SpikeFile& what) {
  namespace parts = spike_file_parts;
  const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
  if (what.newest) H5Pset_libver_bounds(access, H5F_LIBVER_LATEST, H5F_LIBVER_LATEST);
  const hid_t file = H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access);
  const hid_t floats = parts::float_type(what.float_bytes);
  parts::write_sequences(file, "/spikes/times", floats, what.times, what.chunk);
  parts::write_sequences(file, "/spikes/units", what.unit_type, what.units, what.chunk);
  parts::write_dataset(file, "/labels", what.label_type, H5T_NATIVE_DOUBLE, what.labels.data(),
                       what.labels.size(), what.chunk);
  H5Tclose(floats);
  H5Fclose(file);
  H5Pclose(access);
}

}  // namespace eprop::testing
