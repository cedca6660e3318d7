#pragma once

#include <hdf5.h>

#include <concepts>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "eprop/errors.hpp"
#include "recording/hdf5_types.hpp"

namespace eprop::recording {

/// Debian's parallel HDF5 is not thread safe, and ranks may be threads of one process: whoever
/// calls HDF5 holds this.
[[nodiscard]] std::recursive_mutex& hdf5_mutex();

/// While it lives, this thread alone calls HDF5, and HDF5 prints no errors of its own.
class Hdf5Session {
 public:
  Hdf5Session();
  ~Hdf5Session();
  Hdf5Session(const Hdf5Session&) = delete;
  Hdf5Session& operator=(const Hdf5Session&) = delete;

 private:
  std::lock_guard<std::recursive_mutex> lock_;
  H5E_auto2_t print_ = nullptr;
  void* print_data_ = nullptr;
};

/// Owns an HDF5 identifier.
class Hdf5Handle {
 public:
  using Close = herr_t (*)(hid_t);

  Hdf5Handle() = default;
  Hdf5Handle(hid_t id, Close close_id) : id_(id), close_(close_id) {}
  Hdf5Handle(Hdf5Handle&& other) noexcept
      : id_(std::exchange(other.id_, H5I_INVALID_HID)), close_(other.close_) {}
  Hdf5Handle& operator=(Hdf5Handle&& other) noexcept {
    std::swap(id_, other.id_);
    std::swap(close_, other.close_);
    return *this;
  }
  ~Hdf5Handle() { close(); }

  [[nodiscard]] hid_t id() const { return id_; }

  /// HDF5's status: negative on failure.
  herr_t close() {
    if (id_ < 0) return 0;
    const std::lock_guard lock(hdf5_mutex());
    return close_(std::exchange(id_, H5I_INVALID_HID));
  }

  /// Gives the identifier away without closing it.
  [[nodiscard]] hid_t release() { return std::exchange(id_, H5I_INVALID_HID); }

 private:
  hid_t id_ = H5I_INVALID_HID;
  Close close_ = nullptr;
};

/// Why the last call of HDF5 failed, in one line.
[[nodiscard]] std::string hdf5_reason();

/// Checks the results of HDF5 calls that together do `action` to `object` of `file`, or to the file
/// itself if `object` is empty.
class Hdf5Check {
 public:
  /// `writes`: failures are WriteErrors.
  Hdf5Check(std::string file, std::string action, std::string object, bool writes = false)
      : file_(std::move(file)),
        action_(std::move(action)),
        object_(std::move(object)),
        writes_(writes) {}

  /// Returns `result`; throws OutputError with HDF5's own reason if it is negative.
  template <std::signed_integral Result>
  Result operator()(Result result) const {
    if (result < 0) fail_with_hdf5_reason();
    return result;
  }

  [[nodiscard]] Hdf5Handle operator()(hid_t id, Hdf5Handle::Close close) const {
    return {(*this)(id), close};
  }

  /// Throws OutputError, or WriteError, naming file, action, object and `reason`.
  [[noreturn]] void fail(const std::string& reason) const;

 private:
  [[noreturn]] void fail_with_hdf5_reason() const;
  [[nodiscard]] std::string message(const std::string& reason) const;

  std::string file_;
  std::string action_;
  std::string object_;
  bool writes_;
};

/// The type that values have in memory.
[[nodiscard]] hid_t memory_type(NumberType type);

/// Rows, columns and so on of an open dataset; nothing if it is one value.
[[nodiscard]] std::vector<hsize_t> shape_of(hid_t dataset, const Hdf5Check& check);

/// Whether a file has the link of an absolute path, and all that lead to it.
[[nodiscard]] bool link_exists(hid_t file, const std::string& path, const Hdf5Check& check);

/// Names of what is in a group, ascending; none if there is no such group.
[[nodiscard]] std::vector<std::string> names_in(hid_t file, const std::string& group,
                                                const Hdf5Check& check);

}  // namespace eprop::recording
