#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

#include "eprop/dataset.hpp"

/// Digits seen by an event camera, as in N-MNIST (Orchard et al. 2015). All have 10 classes, the
/// digits, and 2 · 34 · 34 channels: polarity · 34 · 34 + y · 34 + x, with x from the left and y
/// from the top, polarity 1 for a pixel that became brighter, 0 for a darker one.
namespace eprop::datasets {

/// ms; no recording of N-MNIST is longer.
inline constexpr double digit_duration = 336.04;

/// 0 .. 9.
[[nodiscard]] std::vector<std::uint32_t> all_digits();

/// Recordings of drawn digits, made when asked for: they need no files. Some 1000 to 7000 spikes
/// each, in order of time. A sample depends on nothing but seed, set, index and the digits in use,
/// which take turns. InvalidParameter if a size is 0, or if no digit, one above 9 or one twice is
/// asked for.
[[nodiscard]] DatasetSplit drawn_digits(std::uint64_t seed, std::size_t training_size,
                                        std::size_t test_size,
                                        std::vector<std::uint32_t> digits = all_digits());

/// Digits from files, of those that are asked for; which files there are decides:
///
/// - N-MNIST, Train/D/*.bin and Test/D/*.bin (or .BIN) for each digit D, as recorded. Samples are
///   in the order of digits, then of file names. Files are read when their sample is asked for.
/// - MNIST (LeCun et al. 1998), scans in the four IDX files train-images-idx3-ubyte,
///   train-labels-idx1-ubyte and the same with t10k, also as train-images.idx3-ubyte, and each also
///   with .gz. The camera that drawn_digits() has looks at them when asked for; shaking and noise
///   of a sample depend on seed, set and index. Samples are in the order of the files.
///
/// DatasetError if a folder or file is missing or damaged, of MNIST at once; InvalidParameter if no
/// digit, one above 9 or one twice is asked for.
[[nodiscard]] DatasetSplit read_digits(const std::filesystem::path& folder, std::uint64_t seed,
                                       const std::vector<std::uint32_t>& digits = all_digits());

/// Looks through the files that read_digits() would use, those of N-MNIST for their sizes alone:
/// DatasetError for the first that is damaged, with the number of others. One rank should do so for
/// all: on a cluster's file system it takes long. Returns the files of the N-MNIST folders that are
/// no recordings and left out, in order. Errors as read_digits().
[[nodiscard]] std::vector<std::filesystem::path> check_digits(
    const std::filesystem::path& folder, const std::vector<std::uint32_t>& digits = all_digits());

/// Writes the first so many samples of digits as N-MNIST has them: FOLDER/D/I.bin for each sample
/// of digit D, with I counted from 00001 over all digits. read_digits() of the folder above reads
/// the same spikes, if there are Train and Test. One rank should do so for all. DatasetError if the
/// folder holds something already, or a file cannot be written; InvalidParameter unless the
/// channels are those of digits; errors of the data set.
void write_digits(const Dataset& digits, std::size_t samples, const std::filesystem::path& folder);

}  // namespace eprop::datasets
