#include "recording/hdf5_call.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace eprop::recording {
namespace {

/// What HDF5 says in one line. Where it quotes the system's message it does so after the time or
/// the message's number, and before addresses and sizes, over several lines: "file write failed:
/// time =
/// ... error message = 'No space left on device', buf = ...".
std::string one_line(std::string_view text) {
  constexpr std::string_view quote = "error message = '";
  const auto quoted = text.find(quote);
  if (quoted == std::string_view::npos) return std::string(text.substr(0, text.find('\n')));
  const auto message = text.substr(quoted + quote.size());
  return fmt::format("{}: {}", text.substr(0, std::min(text.find(':'), text.find(", errno"))),
                     message.substr(0, message.find('\'')));
}

}  // namespace

std::recursive_mutex& hdf5_mutex() {
  static std::recursive_mutex mutex;
  return mutex;
}

Hdf5Session::Hdf5Session() : lock_(hdf5_mutex()) {
  H5Eget_auto2(H5E_DEFAULT, &print_, &print_data_);
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

Hdf5Session::~Hdf5Session() { H5Eset_auto2(H5E_DEFAULT, print_, print_data_); }

std::string Hdf5Check::message(const std::string& reason) const {
  const std::string object = object_.empty() ? "it" : fmt::format("'{}'", object_);
  return fmt::format("output file '{}': cannot {} {}: {}", file_, action_, object, reason);
}

void Hdf5Check::fail(const std::string& reason) const {
  if (writes_) throw WriteError(message(reason));
  throw OutputError(message(reason));
}

std::string hdf5_reason() {
  std::string reason = "HDF5 gives no reason";
  const H5E_walk2_t keep_innermost = [](unsigned depth, const H5E_error2_t* error, void* kept) {
    if (depth == 0 && error->desc != nullptr) *static_cast<std::string*>(kept) = error->desc;
    return herr_t{0};
  };
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_innermost, &reason);
  return one_line(reason);
}

void Hdf5Check::fail_with_hdf5_reason() const {
  std::string reason = hdf5_reason();
  if (reason.starts_with("unable to lock file")) {
    reason += "; HDF5_USE_FILE_LOCKING=FALSE in the environment does without these locks";
  }
  fail(reason);
}

hid_t memory_type(NumberType type) {
  switch (type) {
    case NumberType::float64:
      return H5T_NATIVE_DOUBLE;
    case NumberType::float32:
      return H5T_NATIVE_FLOAT;
    case NumberType::uint64:
      return H5T_NATIVE_UINT64;
    case NumberType::uint32:
      return H5T_NATIVE_UINT32;
    case NumberType::int64:
      return H5T_NATIVE_INT64;
  }
  return H5I_INVALID_HID;
}

std::vector<hsize_t> shape_of(hid_t dataset, const Hdf5Check& check) {
  const Hdf5Handle space = check(H5Dget_space(dataset), H5Sclose);
  std::vector<hsize_t> shape(
      static_cast<std::size_t>(check(H5Sget_simple_extent_ndims(space.id()))));
  check(H5Sget_simple_extent_dims(space.id(), shape.data(), nullptr));
  return shape;
}

bool link_exists(hid_t file, const std::string& path, const Hdf5Check& check) {
  // H5Lexists wants all but the last link of a path to exist.
  for (std::size_t end = path.find('/', 1);; end = path.find('/', end + 1)) {
    const std::string link = path.substr(0, end);
    if (link != "/" && check(H5Lexists(file, link.c_str(), H5P_DEFAULT)) == 0) return false;
    if (end == std::string::npos) return true;
  }
}

std::vector<std::string> names_in(hid_t file, const std::string& group, const Hdf5Check& check) {
  std::vector<std::string> names;
  if (!link_exists(file, group, check)) return names;
  const Hdf5Handle opened = check(H5Gopen2(file, group.c_str(), H5P_DEFAULT), H5Gclose);
  const H5L_iterate_t take = [](hid_t, const char* name, const H5L_info_t*, void* into) {
    static_cast<std::vector<std::string>*>(into)->emplace_back(name);
    return herr_t{0};
  };
  check(H5Literate(opened.id(), H5_INDEX_NAME, H5_ITER_INC, nullptr, take, &names));
  return names;
}

}  // namespace eprop::recording
