#pragma once

#include <cstdint>

#include "datasets/file_stretch.hpp"

/// What HDF5 1.10 trusts in the object headers of a damaged file (HDF5 File Format Specification
/// 3.0, IV.A.1.a), which are at byte `address`. Headers of version 2 have a checksum, which HDF5
/// verifies. DatasetError if it is not sound.
namespace eprop::datasets {

/// Of a group, the heap of the names in it (the same, III.D and IV.A.2.r): it copies from memory
/// that it does not have if the heap has none in the file.
void require_sound_names(const FileStretch& file, std::uint64_t address);

/// Of a 1-D dataset, its layout (the same, IV.A.2.i): it divides by the lengths of chunks.
void require_sound_layout(const FileStretch& file, std::uint64_t address);

}  // namespace eprop::datasets
