#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include <optional>

#include "arrays.hpp"
#include "bindings.hpp"
#include "eprop/dataset.hpp"
#include "eprop/datasets/digits.hpp"
#include "eprop/datasets/heidelberg.hpp"
#include "eprop/errors.hpp"
#include "eprop/input_encoding.hpp"
#include "eprop/sample_reader.hpp"
#include "shared_object.hpp"

namespace eprop::python {
namespace {

using Released = py::call_guard<py::gil_scoped_release>;
using SharedDataset = std::shared_ptr<const Dataset>;

/// A data set of the library in Python.
struct DatasetHandle {
  SharedDataset dataset;
};

std::vector<ChannelSpike> to_spikes(const Numbers<double>& times,
                                    const Numbers<std::int64_t>& ids) {
  if (times.ndim() != 1 || ids.ndim() != 1 || times.size() != ids.size()) {
    throw InvalidParameter("recording: times and channels must be lists of the same length");
  }
  std::vector<ChannelSpike> spikes;
  spikes.reserve(static_cast<std::size_t>(times.size()));
  for (py::ssize_t i = 0; i < times.size(); ++i) {
    const auto channel = ids.data()[i];
    if (channel < 0 || channel > std::int64_t{UINT32_MAX}) {
      throw InvalidParameter("recording: channel = " + std::to_string(channel) +
                             ": must be at least 0 and below the number of channels");
    }
    spikes.push_back({times.data()[i], static_cast<std::uint32_t>(channel)});
  }
  return spikes;
}

/// (times, channels) as a recording has them.
std::vector<ChannelSpike> to_spikes(const py::handle& recording) {
  const auto [times, channels] =
      recording.cast<std::pair<Numbers<double>, Numbers<std::int64_t>>>();
  return to_spikes(times, channels);
}

py::tuple to_python(const std::vector<ChannelSpike>& spikes) {
  std::vector<double> times;
  std::vector<std::uint32_t> channels;
  times.reserve(spikes.size());
  channels.reserve(spikes.size());
  for (const auto& spike : spikes) {
    times.push_back(spike.time);
    channels.push_back(spike.channel);
  }
  return py::make_tuple(as_array(std::move(times)), as_array(std::move(channels)));
}

/// A data set that a class in Python makes.
class PythonDataset : public Dataset {
 public:
  explicit PythonDataset(const py::object& dataset)
      : dataset_(dataset),
        size_(py::len(dataset)),
        channels_(dataset.attr("channels").cast<std::uint32_t>()),
        classes_(dataset.attr("classes").cast<std::uint32_t>()) {}

  [[nodiscard]] std::size_t size() const override { return size_; }
  [[nodiscard]] std::uint32_t channels() const override { return channels_; }
  [[nodiscard]] std::uint32_t classes() const override { return classes_; }
  [[nodiscard]] std::uint32_t label(std::size_t index) const override {
    const auto label =
        calling_python([&] { return dataset_->attr("label")(index).cast<std::int64_t>(); });
    if (label < 0 || label >= classes_) {
      refuse(index, "label = " + std::to_string(label) + ": must be below the number of classes, " +
                        std::to_string(classes_));
    }
    return static_cast<std::uint32_t>(label);
  }
  [[nodiscard]] std::vector<ChannelSpike> spikes(std::size_t index) const override {
    auto spikes = calling_python([&] { return to_spikes(dataset_->attr("spikes")(index)); });
    for (const auto& [time, channel] : spikes) {
      if (channel >= channels_) {
        refuse(index, "channel = " + std::to_string(channel) +
                          ": must be below the number of channels, " + std::to_string(channels_));
      }
      if (!(time >= 0.0 && time < std::numeric_limits<double>::infinity())) {
        refuse(index, "time = " + std::to_string(time) + " ms: must be finite and at least 0");
      }
    }
    return spikes;
  }

 private:
  [[noreturn]] static void refuse(std::size_t index, const std::string& what) {
    throw DatasetError("data set: sample " + std::to_string(index) + ": " + what);
  }

  SharedObject dataset_;
  std::size_t size_;
  std::uint32_t channels_;
  std::uint32_t classes_;
};

/// That of the library which a Dataset of Python stands for, or one that asks it.
SharedDataset to_dataset(const py::object& given) {
  const auto core = py::getattr(given, "_core", py::none());
  if (py::isinstance<DatasetHandle>(core)) return core.cast<const DatasetHandle&>().dataset;
  return std::make_shared<PythonDataset>(given);
}

DatasetHandle memory_dataset(std::uint32_t channels, std::uint32_t classes,
                             const py::sequence& recordings,
                             const std::vector<std::uint32_t>& labels) {
  if (recordings.size() != labels.size()) {
    throw InvalidParameter("data set: labels = " + std::to_string(labels.size()) +
                           ": must be as many as recordings, " + std::to_string(recordings.size()));
  }
  std::vector<LabelledSpikes> samples;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    samples.push_back({to_spikes(recordings[i]), labels[i]});
  }
  return {std::make_shared<MemoryDataset>(channels, classes, std::move(samples))};
}

py::tuple to_python(DatasetSplit split) {
  return py::make_tuple(DatasetHandle{std::move(split.training)},
                        DatasetHandle{std::move(split.test)});
}

py::list to_python(std::vector<std::vector<Step>> spikes) {
  py::list all;
  for (auto& of_input : spikes) all.append(as_array(std::move(of_input)));
  return all;
}

using Digits = std::optional<std::vector<std::uint32_t>>;

void bind_sources(py::module_& m) {
  using namespace datasets;
  m.attr("digit_duration") = digit_duration;
  m.attr("ear_channels") = ear_channels;
  m.attr("shd_classes") = shd_classes;
  m.attr("ssc_classes") = ssc_classes;
  m.attr("made_up_word_duration") = made_up_word_duration;
  m.def("drawn_digits", [](std::uint64_t seed, std::size_t training_size, std::size_t test_size,
                           const Digits& digits) {
    return to_python(drawn_digits(seed, training_size, test_size, digits.value_or(all_digits())));
  });
  m.def("read_digits",
        [](const std::filesystem::path& folder, std::uint64_t seed, const Digits& digits) {
          return to_python(read_digits(folder, seed, digits.value_or(all_digits())));
        });
  m.def("check_digits", [](const std::filesystem::path& folder, const Digits& digits) {
    std::vector<std::string> left_out;
    for (const auto& path : check_digits(folder, digits.value_or(all_digits()))) {
      left_out.push_back(path.string());
    }
    return left_out;
  });
  m.def("read_heidelberg_file", [](const std::filesystem::path& file, std::uint32_t classes) {
    return DatasetHandle{read_heidelberg_file(file, classes)};
  });
  m.def("read_heidelberg",
        [](const std::filesystem::path& folder) { return to_python(read_heidelberg(folder)); });
  m.def("made_up_words", [](std::uint64_t seed, std::size_t training_size, std::size_t test_size,
                            std::uint32_t classes) {
    return to_python(made_up_words(seed, training_size, test_size, classes));
  });
}

ChannelMap channel_map(const Numbers<bool>& active) {
  const auto flags = as_span(active);
  return ChannelMap(std::vector<bool>(flags.begin(), flags.end()));
}

/// Channels of the input neurons, in their order.
py::array active_channels(const ChannelMap& map) {
  std::vector<std::uint32_t> channels(map.inputs());
  for (std::uint32_t i = 0; i < map.inputs(); ++i) channels[i] = map.channel(i);
  return as_array(std::move(channels));
}

void bind_encoding(py::module_& m) {
  py::class_<ChannelMap>(m, "ChannelMap")
      .def(py::init(&channel_map), py::arg("active"))
      .def_static("all", &ChannelMap::all, py::arg("channels"))
      .def_property_readonly("inputs", &ChannelMap::inputs)
      .def_property_readonly("channels", &ChannelMap::channels)
      .def_property_readonly("active", &active_channels)
      .def("__repr__", [](const ChannelMap& map) {
        return "<ChannelMap: " + std::to_string(map.inputs()) + " inputs of " +
               std::to_string(map.channels()) + " channels>";
      });
  m.def("select_active_channels", [](const py::object& dataset, double duration, Step steps,
                                     std::size_t samples_per_label, double min_spikes_per_sample) {
    const auto core = to_dataset(dataset);
    const py::gil_scoped_release release;
    return select_active_channels(*core, {duration, steps},
                                  {samples_per_label, min_spikes_per_sample});
  });
  py::class_<InputEncoding>(m, "InputEncoding")
      .def(py::init([](const ChannelMap& channels, double duration, Step steps) {
        InputEncoding encoding{channels, {duration, steps}};
        encoding.check();
        return encoding;
      }))
      .def("encode", [](const InputEncoding& encoding, const py::object& recording) {
        auto encoded = encoding.encode(to_spikes(recording));
        return py::make_tuple(to_python(std::move(encoded.spikes)), encoded.late);
      });
}

/// A reader whose threads may ask Python for samples.
class ReaderHandle {
 public:
  ReaderHandle(SharedDataset dataset, const InputEncoding& encoding, const ReaderOptions& options) {
    const py::gil_scoped_release release;
    reader_ = std::make_unique<SampleReader>(std::move(dataset), encoding, options);
  }
  ReaderHandle(const ReaderHandle&) = delete;
  ReaderHandle& operator=(const ReaderHandle&) = delete;
  // NOLINTNEXTLINE(bugprone-exception-escape): pybind11 does not say so, but nothing throws
  ~ReaderHandle() { end(); }

  void end() {
    const py::gil_scoped_release release;
    reader_.reset();
  }

  /// (index, label, spikes, late) of each sample.
  py::list next() {
    if (!reader_) throw std::logic_error("the reader has ended");
    std::vector<EncodedSample> samples;
    {
      const py::gil_scoped_release release;
      samples = reader_->next();
    }
    py::list batch;
    for (auto& sample : samples) {
      batch.append(py::make_tuple(sample.index, sample.label,
                                  to_python(std::move(sample.input.spikes)), sample.input.late));
    }
    return batch;
  }

 private:
  std::unique_ptr<SampleReader> reader_;
};

std::unique_ptr<ReaderHandle> make_reader(const py::object& dataset, const InputEncoding& encoding,
                                          std::size_t samples, std::size_t batch, bool shuffled,
                                          std::uint64_t seed, std::size_t batches_ahead,
                                          std::size_t threads) {
  const auto order = shuffled ? SampleOrder::shuffled : SampleOrder::in_sequence;
  return std::make_unique<ReaderHandle>(
      to_dataset(dataset), encoding,
      ReaderOptions{samples, batch, order, seed, batches_ahead, threads});
}

}  // namespace

void bind_datasets(py::module_& m) {
  py::class_<DatasetHandle>(m, "Dataset")
      .def("size", [](const DatasetHandle& d) { return d.dataset->size(); })
      .def("channels", [](const DatasetHandle& d) { return d.dataset->channels(); })
      .def("classes", [](const DatasetHandle& d) { return d.dataset->classes(); })
      .def("label", [](const DatasetHandle& d, std::size_t i) { return d.dataset->label(i); })
      .def("spikes", [](const DatasetHandle& d, std::size_t i) {
        std::vector<ChannelSpike> spikes;
        {
          const py::gil_scoped_release release;
          spikes = d.dataset->spikes(i);
        }
        return to_python(spikes);
      });
  m.def("memory_dataset", &memory_dataset);
  bind_sources(m);
  bind_encoding(m);
  py::class_<ReaderHandle>(m, "SampleReader")
      .def(py::init(&make_reader))
      .def("next", &ReaderHandle::next)
      .def("end", &ReaderHandle::end);
}

}  // namespace eprop::python
