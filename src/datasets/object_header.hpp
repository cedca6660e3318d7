#pragma once

#include <cstdint>

#include "datasets/file_stretch.hpp"

namespace eprop::datasets {

/// Looks at how an HDF5 file describes the layout of a 1-D dataset, in its object header at byte
/// `address` (HDF5 File Format Specification 3.0, IV.A.1.a and IV.A.2.i): HDF5 1.10 divides by the
/// lengths of chunks as it finds them. DatasetError if it is damaged. Headers of version 2 have a
/// checksum, which HDF5 verifies.
void require_sound_layout(const FileStretch& file, std::uint64_t address);

}  // namespace eprop::datasets
