#include "datasets/scanned_digits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "datasets/counter_random.hpp"
#include "datasets/digits.hpp"
#include "datasets/event_camera.hpp"
#include "datasets/idx_file.hpp"
#include "datasets/require_sample.hpp"
#include "datasets/screen_image.hpp"
#include "eprop/errors.hpp"

namespace eprop::datasets {
namespace {

namespace fs = std::filesystem;

/// Pixels of a scan along x and along y.
constexpr std::uint32_t scan_size = 28;

using Scan = std::span<const std::uint8_t, std::size_t{scan_size} * scan_size>;

/// train-images-idx3-ubyte or one of its spellings, if it is there.
std::optional<fs::path> find(const fs::path& folder, const std::string& what,
                             const std::string& kind) {
  for (const char* separator : {"-", "."}) {
    for (const char* end : {"", ".gz"}) {
      fs::path file = folder / (what + separator + kind + "-ubyte" + end);
      std::error_code error;
      if (fs::is_regular_file(file, error)) return file;
    }
  }
  return std::nullopt;
}

fs::path require(const fs::path& folder, const std::string& what, const std::string& kind) {
  if (auto file = find(folder, what, kind)) return *file;
  throw DatasetError(
      fmt::format("folder of digits '{}': {}-{}-ubyte, plain or with .gz, is missing",
                  folder.string(), what, kind));
}

/// Darkness of the scan between its pixels, 0 .. 1; 0 beyond them.
double ink_at(const Scan& scan, double x, double y) {
  const double left = std::floor(x), top = std::floor(y);
  const auto pixel = [&](double column, double row) {
    const bool inside = column >= 0.0 && column < scan_size && row >= 0.0 && row < scan_size;
    return inside ? scan[static_cast<std::size_t>(row * scan_size + column)] / 255.0 : 0.0;
  };
  const auto along_x = [&](double row) {
    return pixel(left, row) + (x - left) * (pixel(left + 1.0, row) - pixel(left, row));
  };
  return along_x(top) + (y - top) * (along_x(top + 1.0) - along_x(top));
}

/// The scan in the middle of what the sensor sees, pixel by pixel.
ScreenImage show(const Scan& scan) {
  constexpr double border = 0.5 * (sensor_size - static_cast<double>(scan_size));
  ScreenImage image;
  for (std::size_t row = 0; row < ScreenImage::cells; ++row) {
    for (std::size_t column = 0; column < ScreenImage::cells; ++column) {
      const double ink = ink_at(scan, ScreenImage::coordinate(column) - border,
                                ScreenImage::coordinate(row) - border);
      if (ink > 0.0) image.ink(row * ScreenImage::cells + column, ink);
    }
  }
  return image;
}

/// Scans and labels of a file each, and the samples in use.
class ScannedDigits : public Dataset {
 public:
  ScannedDigits(const fs::path& folder, const std::string& split, std::uint64_t seed,
                RandomPurpose purpose, const std::vector<std::uint32_t>& digits)
      : seed_(seed),
        purpose_(purpose),
        pixels_(read_idx(require(folder, split + "-images", "idx3"), {scan_size, scan_size})) {
    const fs::path file = require(folder, split + "-labels", "idx1");
    labels_ = read_idx(file, {});
    const auto refuse = [&](const std::string& problem) {
      throw DatasetError(fmt::format("IDX file '{}': {}", file.string(), problem));
    };
    if (const auto scans = pixels_.size() / Scan::extent; labels_.size() != scans) {
      refuse(fmt::format("number of items = {}: must be {}, as there are scans", labels_.size(),
                         scans));
    }
    for (std::size_t i = 0; i < labels_.size(); ++i) {
      if (labels_[i] > 9) refuse(fmt::format("item {} = {}: must be at most 9", i, labels_[i]));
      if (std::ranges::binary_search(digits, labels_[i])) items_.push_back(i);
    }
    if (items_.empty()) refuse("has none of the digits asked for");
  }

  std::size_t size() const override { return items_.size(); }
  std::uint32_t channels() const override { return event_channels; }
  std::uint32_t classes() const override { return 10; }

  std::uint32_t label(std::size_t index) const override {
    require_sample(*this, index);
    return labels_[items_[index]];
  }

  std::vector<ChannelSpike> spikes(std::size_t index) const override {
    require_sample(*this, index);
    const std::size_t item = items_[index];
    CounterRandom random(seed_, purpose_, item);
    return to_spikes(record_saccades(
        show(std::span(pixels_).subspan(item * Scan::extent).first<Scan::extent>()), random));
  }

 private:
  std::uint64_t seed_;
  RandomPurpose purpose_;
  std::vector<std::uint8_t> pixels_;  ///< [item][row][column]
  std::vector<std::uint8_t> labels_;  ///< [item]
  std::vector<std::size_t> items_;    ///< of the samples
};

}  // namespace

bool holds_scans(const fs::path& folder) {
  for (const std::string split : {"train", "t10k"}) {
    if (find(folder, split + "-images", "idx3") || find(folder, split + "-labels", "idx1")) {
      return true;
    }
  }
  return false;
}

DatasetSplit read_scans(const fs::path& folder, std::uint64_t seed,
                        const std::vector<std::uint32_t>& digits) {
  const auto checked = checked_digits(digits);
  const auto read = [&](const char* split, RandomPurpose purpose) {
    return std::make_shared<ScannedDigits>(folder, split, seed, purpose, checked);
  };
  return {.training = read("train", RandomPurpose::train_scan),
          .test = read("t10k", RandomPurpose::test_scan)};
}

}  // namespace eprop::datasets
