#include "recording/weights_file.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <utility>

#include "eprop/errors.hpp"
#include "recording/hdf5_call.hpp"

namespace eprop::recording {
namespace {

std::string group_of(const std::string& projection) { return "/weights/" + projection; }

/// A file that one process reads. While it lives no other thread calls HDF5.
class WeightsFile {
 public:
  explicit WeightsFile(std::string path)
      : path_(std::move(path)),
        file_(checking("open", "")(H5Fopen(path_.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose)) {
  }

  [[nodiscard]] bool has(const std::string& projection, const std::string& dataset) const {
    return exists(group_of(projection) + "/" + dataset);
  }

  /// Those with a matrix or a list.
  [[nodiscard]] std::vector<std::string> projections() const {
    auto names = names_in(file_.id(), "/weights", checking("read", "/weights"));
    std::erase_if(names,
                  [&](const auto& name) { return !has(name, "after") && !has(name, "data"); });
    return names;
  }

  [[nodiscard]] FileWeights matrix(const std::string& projection) const {
    FileWeights found{group_of(projection) + "/after", {}, {}};
    const auto check = checking("read", found.dataset);
    const Hdf5Handle dataset = open(found.dataset);
    const auto shape = shape_of(dataset, 2, check);
    const auto weights = read<double>(dataset, {{0, 0}, shape}, check);
    found.shape = network::MatrixShape{shape[0], shape[1]};
    for (std::size_t i = 0; i < weights.size(); ++i) {
      if (std::isnan(weights[i])) continue;
      found.table.source.push_back(static_cast<std::uint32_t>(i % shape[1]));
      found.table.target.push_back(static_cast<std::uint32_t>(i / shape[1]));
      found.table.weight.push_back(weights[i]);
    }
    return found;
  }

  [[nodiscard]] FileWeights last_row(const std::string& projection) const {
    FileWeights found{group_of(projection) + "/data", {}, {}};
    found.table.source = indices(projection, "source");
    found.table.target = indices(projection, "target");
    const auto check = checking("read", found.dataset);
    const Hdf5Handle dataset = open(found.dataset);
    const auto shape = shape_of(dataset, 2, check);
    const auto synapses = found.table.source.size();
    if (found.table.target.size() != synapses || shape[1] < synapses) {
      check.fail(fmt::format("it has {} columns, with {} sources and {} targets", shape[1],
                             synapses, found.table.target.size()));
    }
    if (shape[0] == 0) check.fail("it has no rows");
    found.table.weight = read<double>(dataset, {{shape[0] - 1, 0}, {1, synapses}}, check);
    return found;
  }

 private:
  using Shape = std::array<hsize_t, 2>;
  struct Part {
    Shape start, count;
  };

  [[nodiscard]] Hdf5Check checking(const std::string& action, const std::string& object) const {
    return {path_, action, object};
  }

  [[nodiscard]] bool exists(const std::string& object) const {
    return link_exists(file_.id(), object, checking("read", object));
  }

  [[nodiscard]] Hdf5Handle open(const std::string& dataset) const {
    return checking("read", dataset)(H5Dopen2(file_.id(), dataset.c_str(), H5P_DEFAULT), H5Dclose);
  }

  [[nodiscard]] static Shape shape_of(const Hdf5Handle& dataset, int dimensions,
                                      const Hdf5Check& check) {
    const Hdf5Handle space = check(H5Dget_space(dataset.id()), H5Sclose);
    const int found = check(H5Sget_simple_extent_ndims(space.id()));
    if (found != dimensions) check.fail(fmt::format("it is {}-D, not {}-D", found, dimensions));
    Shape shape{0, 1};
    check(H5Sget_simple_extent_dims(space.id(), shape.data(), nullptr));
    return shape;
  }

  template <Number T>
  [[nodiscard]] static std::vector<T> read(const Hdf5Handle& dataset, const Part& part,
                                           const Hdf5Check& check) {
    std::vector<T> values(part.count[0] * part.count[1]);
    if (values.empty()) return values;
    const Hdf5Handle stored = check(H5Dget_space(dataset.id()), H5Sclose);
    const hsize_t n = values.size();
    const Hdf5Handle memory = check(H5Screate_simple(1, &n, nullptr), H5Sclose);
    check(H5Sselect_hyperslab(stored.id(), H5S_SELECT_SET, part.start.data(), nullptr,
                              part.count.data(), nullptr));
    check(H5Dread(dataset.id(), memory_type(number_type<T>()), memory.id(), stored.id(),
                  H5P_DEFAULT, values.data()));
    return values;
  }

  [[nodiscard]] std::vector<std::uint32_t> indices(const std::string& projection,
                                                   const std::string& name) const {
    const auto path = group_of(projection) + "/" + name;
    const auto check = checking("read", path);
    const Hdf5Handle dataset = open(path);
    return read<std::uint32_t>(dataset, {{0, 0}, shape_of(dataset, 1, check)}, check);
  }

  Hdf5Session session_;
  std::string path_;
  Hdf5Handle file_;
};

}  // namespace

std::vector<FileWeights> read_weights_file(const std::string& path,
                                           const std::vector<std::string>& projections) {
  const WeightsFile file(path);
  std::vector<FileWeights> found;
  std::vector<std::string> missing;
  for (const auto& name : projections) {
    if (file.has(name, "after")) {
      found.push_back(file.matrix(name));
    } else if (file.has(name, "data")) {
      found.push_back(file.last_row(name));
    } else {
      missing.push_back(name);
    }
  }
  if (missing.empty()) return found;
  throw OutputError(
      missing_weights(fmt::format("output file '{}'", path), missing, file.projections()));
}

std::string missing_weights(const std::string& thing, const std::vector<std::string>& missing,
                            const std::vector<std::string>& present) {
  return fmt::format("{}: has no weights of {}; {}", thing, fmt::join(missing, ", "),
                     present.empty() ? "it has none that can be set"
                                     : fmt::format("it has those of {}", fmt::join(present, ", ")));
}

}  // namespace eprop::recording
