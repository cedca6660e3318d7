#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>

#include "eprop/dataset.hpp"

/// Spoken words as spikes of an inner ear, as in the Spiking Heidelberg Digits (SHD) and the
/// Spiking Speech Commands (SSC) (Cramer et al. 2020, IEEE Trans. Neural Netw. Learn. Syst.
/// 33:2744, https://zenkelab.org/datasets). A channel is a place along the basilar membrane.
namespace eprop::datasets {

inline constexpr std::uint32_t ear_channels = 700;

inline constexpr std::uint32_t shd_classes = 20;  ///< the digits in English, then in German
inline constexpr std::uint32_t ssc_classes = 35;  ///< words

/// A file of either set: HDF5, with the datasets
///
/// - /spikes/times, per sample a sequence of floating-point numbers of 2, 4 or 8 bytes: s;
/// - /spikes/units, per sample as many integers: channels, below ear_channels;
/// - /labels, per sample an integer below `classes`;
///
/// others are ignored. None may be compressed. Labels and the lengths of the sequences are read and
/// checked at once, the spikes of a sample when asked for: DatasetError, which names the file, the
/// sample, the value and the rule, if they are damaged or a time is negative or not finite.
[[nodiscard]] std::shared_ptr<const Dataset> read_heidelberg_file(const std::filesystem::path& file,
                                                                  std::uint32_t classes);

/// The files of a folder; which there are decides: shd_train.h5 and shd_test.h5, or ssc_train.h5
/// and ssc_test.h5 (ssc_valid.h5 is one for read_heidelberg_file()). DatasetError if the folder has
/// neither or both, and as read_heidelberg_file().
[[nodiscard]] DatasetSplit read_heidelberg(const std::filesystem::path& folder);

/// ms; no made-up word lasts longer.
inline constexpr double made_up_word_duration = 950.0;

/// Recordings of words that no one speaks, made when asked for: they need no files. A word is a
/// sequence of sounds of three formants each, which glide; speakers differ in voice, speed and
/// loudness. Some 2000 to 8000 spikes each. What a class sounds like depends on the seed and the
/// class, a sample on nothing but seed, set, index and number of classes, which take turns.
/// InvalidParameter if a size or the number of classes is 0.
[[nodiscard]] DatasetSplit made_up_words(std::uint64_t seed, std::size_t training_size,
                                         std::size_t test_size,
                                         std::uint32_t classes = shd_classes);

}  // namespace eprop::datasets
