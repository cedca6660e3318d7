#include <fmt/format.h>

#include <cmath>
#include <fstream>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "datasets/global_heap.hpp"
#include "datasets/hdf5_column.hpp"
#include "datasets/number_format.hpp"
#include "datasets/require_sample.hpp"
#include "eprop/datasets/heidelberg.hpp"
#include "eprop/errors.hpp"
#include "recording/hdf5_call.hpp"

namespace eprop::datasets {
namespace {

namespace fs = std::filesystem;

/// A sequence of numbers per sample.
struct Sequences {
  std::string name;  ///< of the dataset
  std::vector<HeapReference> references;
  NumberFormat format;
};

class HeidelbergFile : public Dataset {
 public:
  HeidelbergFile(fs::path path, std::uint32_t classes) : path_(std::move(path)), classes_(classes) {
    if (classes == 0) core::refuse("spike file", "classes", classes, "", "must be at least 1");
    read_columns();
    require_as_many(times_);
    require_as_many(units_);
    for (std::size_t i = 0; i < size(); ++i) {
      const auto times = times_.references[i].length, units = units_.references[i].length;
      if (times != units) {
        refuse(i, fmt::format("number of units = {}: must be that of times, {}", units, times));
      }
    }
  }

  std::size_t size() const override { return labels_.size(); }
  std::uint32_t channels() const override { return ear_channels; }
  std::uint32_t classes() const override { return classes_; }

  std::uint32_t label(std::size_t index) const override {
    require_sample(*this, index);
    return labels_[index];
  }

  std::vector<ChannelSpike> spikes(std::size_t index) const override {
    require_sample(*this, index);
    std::ifstream file(path_, std::ios::binary);
    const std::vector<double> times = read(file, times_, index), units = read(file, units_, index);
    std::vector<ChannelSpike> spikes;
    spikes.reserve(times.size());
    for (std::size_t i = 0; i < times.size(); ++i) {
      const double time = 1000.0 * times[i];  // ms
      if (!std::isfinite(time) || time < 0.0) {
        refuse(index, fmt::format("time {} = {} s: must be finite and at least 0", i, times[i]));
      }
      if (units[i] < 0.0 || units[i] >= ear_channels) {
        refuse(index,
               fmt::format("unit {} = {}: must be in 0 .. {}", i, units[i], ear_channels - 1));
      }
      spikes.push_back({.time = time, .channel = static_cast<std::uint32_t>(units[i])});
    }
    return spikes;
  }

 private:
  [[noreturn]] void refuse(const std::string& problem) const {
    throw DatasetError(fmt::format("spike file '{}': {}", path_.string(), problem));
  }

  [[nodiscard]] std::string place(std::size_t sample) const {
    return fmt::format("spike file '{}', sample {}", path_.string(), sample);
  }

  [[noreturn]] void refuse(std::size_t sample, const std::string& problem) const {
    throw DatasetError(fmt::format("{}: {}", place(sample), problem));
  }

  void read_columns() {
    std::error_code error;
    bytes_ = fs::file_size(path_, error);
    if (error) refuse(fmt::format("cannot be read: {}", error.message()));
    const recording::Hdf5Session session;
    const recording::Hdf5Handle file = open();
    read_labels(read_column(file.id(), path_, "/labels"));
    times_ = sequences(file.id(), "/spikes/times");
    units_ = sequences(file.id(), "/spikes/units");
    if (times_.format.kind != NumberFormat::Kind::floating) {
      refuse(fmt::format("'{}': must be of floating-point numbers", times_.name));
    }
    if (units_.format.kind == NumberFormat::Kind::floating) {
      refuse(fmt::format("'{}': must be of integers", units_.name));
    }
  }

  /// Without locks, as it will not be changed: some cluster's file systems have none.
  [[nodiscard]] recording::Hdf5Handle open() const {
    const recording::Hdf5Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
    H5Pset_file_locking(access.id(), false, true);
    recording::Hdf5Handle file(H5Fopen(path_.c_str(), H5F_ACC_RDONLY, access.id()), H5Fclose);
    if (file.id() < 0) refuse(fmt::format("cannot be opened: {}", recording::hdf5_reason()));
    require_plain_addresses(file.id());
    return file;
  }

  /// As references to sequences are read.
  void require_plain_addresses(hid_t file) const {
    const recording::Hdf5Handle creation(H5Fget_create_plist(file), H5Pclose);
    hsize_t user_block = 0;
    std::size_t address_bytes = 0, size_bytes = 0;
    H5Pget_userblock(creation.id(), &user_block);
    H5Pget_sizes(creation.id(), &address_bytes, &size_bytes);
    if (user_block != 0) refuse(fmt::format("user block = {} bytes: must be 0", user_block));
    if (address_bytes != 8 || size_bytes != 8) {
      refuse(fmt::format("addresses and sizes of {} and {} bytes: must be 8 both", address_bytes,
                         size_bytes));
    }
  }

  void read_labels(const Hdf5Column& column) {
    if (column.sequences || column.format.kind == NumberFormat::Kind::floating) {
      refuse("'/labels': must be of integers");
    }
    for (const double label : decode(column.bytes, column.format)) {
      if (label < 0.0 || label >= classes_) {
        refuse(labels_.size(), fmt::format("label = {}: must be in 0 .. {}", label, classes_ - 1));
      }
      labels_.push_back(static_cast<std::uint32_t>(label));
    }
  }

  [[nodiscard]] Sequences sequences(hid_t file, const std::string& name) const {
    const Hdf5Column column = read_column(file, path_, name);
    if (!column.sequences) refuse(fmt::format("'{}': must be of sequences", name));
    return {name, parse_references(column.bytes), column.format};
  }

  void require_as_many(const Sequences& sequences) const {
    if (const auto found = sequences.references.size(); found != size()) {
      refuse(fmt::format("'{}': number of samples = {}: must be that of labels, {}", sequences.name,
                         found, size()));
    }
  }

  [[nodiscard]] std::vector<double> read(std::istream& file, const Sequences& sequences,
                                         std::size_t index) const {
    const auto place = fmt::format("{}, '{}'", this->place(index), sequences.name);
    const auto bytes =
        read_sequence({file, bytes_, place}, sequences.references[index], sequences.format.bytes);
    return decode(bytes, sequences.format);
  }

  fs::path path_;
  std::uint32_t classes_;
  std::uintmax_t bytes_ = 0;  ///< of the file
  std::vector<std::uint32_t> labels_;
  Sequences times_, units_;
};

/// The two files of a set, if the folder has any of them.
bool holds(const fs::path& folder, const std::string& set) {
  std::error_code error;
  return fs::exists(folder / (set + "_train.h5"), error) ||
         fs::exists(folder / (set + "_test.h5"), error);
}

}  // namespace

std::shared_ptr<const Dataset> read_heidelberg_file(const fs::path& file, std::uint32_t classes) {
  return std::make_shared<HeidelbergFile>(file, classes);
}

DatasetSplit read_heidelberg(const fs::path& folder) {
  const bool digits = holds(folder, "shd"), commands = holds(folder, "ssc");
  if (digits == commands) {
    throw DatasetError(
        fmt::format("folder of spoken words '{}': has files of {}: must have shd_train.h5 and "
                    "shd_test.h5, or ssc_train.h5 and ssc_test.h5, as unpacked from those of "
                    "https://zenkelab.org/datasets",
                    folder.string(), digits ? "both sets" : "neither set"));
  }
  const std::string set = digits ? "shd" : "ssc";
  const auto read = [&](const char* part) {
    return read_heidelberg_file(folder / (set + part), digits ? shd_classes : ssc_classes);
  };
  return {.training = read("_train.h5"), .test = read("_test.h5")};
}

}  // namespace eprop::datasets
