#include "output_info.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <utility>
#include <vector>

#include "network_info.hpp"
#include "recording/hdf5_call.hpp"
#include "recording/lock_owner.hpp"
#include "recording/verification.hpp"

namespace eprop::tools {
namespace {

using nlohmann::ordered_json;
using recording::Hdf5Check;
using recording::Hdf5Handle;

/// An HDF5 file that is only read.
class Reader {
 public:
  explicit Reader(std::string path)
      : path_(std::move(path)),
        file_(checking("open", "")(H5Fopen(path_.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose)) {
  }

  [[nodiscard]] Hdf5Check checking(const std::string& action, const std::string& object) const {
    return {path_, action, object};
  }

  [[nodiscard]] bool has(const std::string& object) const {
    return recording::link_exists(file_.id(), object, checking("read", object));
  }

  /// Names of what is in a group; none if there is no such group.
  [[nodiscard]] std::vector<std::string> in(const std::string& group) const {
    return recording::names_in(file_.id(), group, checking("read", group));
  }

  /// Of a dataset.
  [[nodiscard]] std::vector<hsize_t> shape(const std::string& path) const {
    const auto check = checking("read", path);
    return recording::shape_of(open(path, check).id(), check);
  }

  [[nodiscard]] std::uint64_t rows(const std::string& path) const {
    const auto found = shape(path);
    return found.empty() ? 0 : found.front();
  }

  /// `n` values of a 1-D dataset from `first` on.
  [[nodiscard]] std::vector<double> values(const std::string& path, hsize_t first,
                                           hsize_t n) const {
    const auto check = checking("read", path);
    const Hdf5Handle dataset = open(path, check);
    const Hdf5Handle stored = check(H5Dget_space(dataset.id()), H5Sclose);
    const Hdf5Handle memory = check(H5Screate_simple(1, &n, nullptr), H5Sclose);
    check(H5Sselect_hyperslab(stored.id(), H5S_SELECT_SET, &first, nullptr, &n, nullptr));
    std::vector<double> read(n);
    check(H5Dread(dataset.id(), H5T_NATIVE_DOUBLE, memory.id(), stored.id(), H5P_DEFAULT,
                  read.data()));
    return read;
  }

  /// All attributes of an object that are numbers or texts.
  [[nodiscard]] ordered_json attributes(const std::string& object) const {
    ordered_json found = ordered_json::object();
    const auto check = checking("read", object);
    const Hdf5Handle opened = check(H5Oopen(file_.id(), object.c_str(), H5P_DEFAULT), H5Oclose);
    const int n = check(H5Aget_num_attrs(opened.id()));
    for (int i = 0; i < n; ++i) {
      const Hdf5Handle attribute =
          check(H5Aopen_by_idx(opened.id(), ".", H5_INDEX_NAME, H5_ITER_INC,
                               static_cast<hsize_t>(i), H5P_DEFAULT, H5P_DEFAULT),
                H5Aclose);
      std::string name(static_cast<std::size_t>(check(H5Aget_name(attribute.id(), 0, nullptr))), 0);
      check(H5Aget_name(attribute.id(), name.size() + 1, name.data()));
      if (auto value = attribute_value(attribute, check); !value.is_null()) found[name] = value;
    }
    return found;
  }

  void verify() const { recording::verify(file_.id(), path_); }

 private:
  [[nodiscard]] Hdf5Handle open(const std::string& path, const Hdf5Check& check) const {
    return check(H5Dopen2(file_.id(), path.c_str(), H5P_DEFAULT), H5Dclose);
  }

  [[nodiscard]] static ordered_json attribute_value(const Hdf5Handle& attribute,
                                                    const Hdf5Check& check) {
    const Hdf5Handle space = check(H5Aget_space(attribute.id()), H5Sclose);
    const Hdf5Handle type = check(H5Aget_type(attribute.id()), H5Tclose);
    const auto n = static_cast<std::size_t>(check(H5Sget_simple_extent_npoints(space.id())));
    const auto kind = H5Tget_class(type.id());
    if (kind == H5T_STRING && n > 0 && check(H5Tis_variable_str(type.id())) > 0) {
      std::vector<char*> texts(n);
      check(H5Aread(attribute.id(), type.id(), static_cast<void*>(texts.data())));
      auto values = ordered_json::array();
      for (const char* text : texts) values.push_back(text == nullptr ? "" : text);
      check(H5Dvlen_reclaim(type.id(), space.id(), H5P_DEFAULT, static_cast<void*>(texts.data())));
      return H5Sget_simple_extent_type(space.id()) == H5S_SCALAR ? values.front() : values;
    }
    if (n == 0 || (kind != H5T_INTEGER && kind != H5T_FLOAT)) return {};
    std::vector<double> values(n);
    check(H5Aread(attribute.id(), H5T_NATIVE_DOUBLE, values.data()));
    return n == 1 ? ordered_json(values.front()) : ordered_json(values);
  }

  std::string path_;
  Hdf5Handle file_;
};

ordered_json training_info(const Reader& file) {
  const std::string loss = "/training/loss", error = "/training/error";
  const auto n = file.rows(loss);
  ordered_json info{{"iterations", n}};
  if (n > 0) info["last_loss"] = file.values(loss, n - 1, 1).front();
  if (file.has(error) && file.rows(error) > 0) {
    info["last_error"] = file.values(error, file.rows(error) - 1, 1).front();
  }
  return info;
}

ordered_json spikes_info(const Reader& file) {
  auto all = ordered_json::array();
  for (const auto& name : file.in("/spikes")) {
    const auto times = fmt::format("/spikes/{}/timestamps", name);
    const auto n = file.rows(times);
    ordered_json info{{"population", name}, {"spikes", n}};
    if (n > 0) info["last_ms"] = file.values(times, n - 1, 1).front();
    all.push_back(std::move(info));
  }
  return all;
}

ordered_json reports_info(const Reader& file) {
  auto all = ordered_json::array();
  for (const auto& name : file.in("/report")) {
    const auto report = "/report/" + name;
    const auto shape = file.shape(report + "/data");
    const auto time = file.values(report + "/mapping/time", 0, 3);
    ordered_json info{{"name", name}};
    info.update(file.attributes(report));
    info["samples"] = shape.at(0);
    info["neurons"] = shape.at(1);
    info["start_ms"] = time[0];
    info["stop_ms"] = time[1];
    info["interval_ms"] = time[2];
    all.push_back(std::move(info));
  }
  return all;
}

ordered_json weights_info(const Reader& file) {
  auto all = ordered_json::array();
  for (const auto& name : file.in("/weights")) {
    const auto group = "/weights/" + name;
    ordered_json info{{"projection", name}};
    if (file.has(group + "/data")) {
      const auto shape = file.shape(group + "/data");
      info["samples"] = shape.at(0);
      info["synapses"] = shape.at(1);
    }
    for (const auto* matrix : {"before", "after"}) {
      if (file.has(group + "/" + matrix)) info[matrix] = file.shape(group + "/" + matrix);
    }
    all.push_back(std::move(info));
  }
  return all;
}

/// Whoever is writing the file; nothing if nobody is.
std::string writer_of(const std::string& path) {
  std::ifstream lock(path + ".lock");
  if (!lock) return "";
  const std::string text(std::istreambuf_iterator<char>(lock), {});
  return recording::describe(recording::lock_owner(text));
}

}  // namespace

ordered_json output_info(const std::string& path) {
  constexpr double sonata_magic = 0x0A7A;
  const recording::Hdf5Session session;
  const Reader file(path);
  const auto root = file.attributes("/");
  if (!root.contains("magic") || root["magic"] != sonata_magic) {
    file.checking("read", "").fail("it is an HDF5 file, but none that this program has written");
  }
  file.verify();
  constexpr unsigned seconds_for_texts = 30;
  ::alarm(seconds_for_texts);  // damaged ones may take HDF5 for ever
  ordered_json info{{"file", path}, {"kind", "output file"}, {"version", root.at("version")}};
  if (const auto writer = writer_of(path); !writer.empty()) info["written_by"] = writer;
  if (file.has("/task")) info["task"] = file.attributes("/task");
  if (file.has("/training/loss")) info["training"] = training_info(file);
  if (file.has("/network")) {
    const std::vector<std::string> description = file.attributes("/network").at("description");
    info["network"] = network_info(description);
  }
  info["spikes"] = spikes_info(file);
  info["reports"] = reports_info(file);
  info["weights"] = weights_info(file);
  return info;
}

}  // namespace eprop::tools
