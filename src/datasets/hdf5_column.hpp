#pragma once

#include <hdf5.h>

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "datasets/number_format.hpp"

namespace eprop::datasets {

/// A 1-D dataset of an HDF5 file, as it is stored.
struct Hdf5Column {
  std::vector<std::byte> bytes;  ///< of all elements, one after the other
  std::size_t elements = 0;
  /// Elements are references to sequences (HeapReference); of single numbers otherwise.
  bool sequences = false;
  NumberFormat format;  ///< of the numbers, or of those in the sequences
};

/// Reads a dataset, `name` from the root, of the open file at `path`. For holders of an
/// Hdf5Session. DatasetError, which names file and dataset, if it is missing, damaged, compressed,
/// of no or more than 10^6 elements, or of other elements than numbers or sequences of them.
[[nodiscard]] Hdf5Column read_column(hid_t file, const std::filesystem::path& path,
                                     const std::string& name);

}  // namespace eprop::datasets
