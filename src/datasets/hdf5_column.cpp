#include "datasets/hdf5_column.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <fstream>
#include <optional>
#include <span>
#include <utility>

#include "datasets/file_stretch.hpp"
#include "datasets/global_heap.hpp"
#include "datasets/object_header.hpp"
#include "recording/hdf5_call.hpp"

namespace eprop::datasets {
namespace {

using recording::Hdf5Handle;

constexpr hsize_t most_elements = 1000000;
/// HDF5 1.10 goes through all of them to find one.
constexpr hsize_t most_chunks = 10000;

/// Where the bits of IEEE 754's numbers are: position of the sign, position and size of the
/// exponent, position and size of the fraction, bias.
struct FloatFields {
  std::size_t sign, exponent, exponent_bits, fraction, fraction_bits, bias;
  bool operator==(const FloatFields&) const = default;
};

std::optional<FloatFields> ieee_754(std::size_t bytes) {
  if (bytes == 2) return FloatFields{15, 10, 5, 0, 10, 15};
  if (bytes == 4) return FloatFields{31, 23, 8, 0, 23, 127};
  if (bytes == 8) return FloatFields{63, 52, 11, 0, 52, 1023};
  return std::nullopt;
}

bool is_ieee_754(hid_t type) {
  FloatFields found{};
  found.bias = H5Tget_ebias(type);
  return H5Tget_fields(type, &found.sign, &found.exponent, &found.exponent_bits, &found.fraction,
                       &found.fraction_bits) >= 0 &&
         H5Tget_norm(type) == H5T_NORM_IMPLIED && found == ieee_754(H5Tget_size(type));
}

/// Nothing for numbers of another kind, or with bits that mean nothing.
std::optional<NumberFormat> number_format(hid_t type) {
  NumberFormat format;
  format.bytes = H5Tget_size(type);
  const H5T_class_t kind = H5Tget_class(type);
  if (kind == H5T_FLOAT) {
    if (!is_ieee_754(type)) return std::nullopt;
    format.kind = NumberFormat::Kind::floating;
  } else if (kind == H5T_INTEGER) {
    constexpr std::size_t sizes[] = {1, 2, 4, 8};
    if (std::ranges::find(sizes, format.bytes) == std::end(sizes)) return std::nullopt;
    if (H5Tget_precision(type) != 8 * format.bytes || H5Tget_offset(type) != 0) return std::nullopt;
    const H5T_sign_t sign = H5Tget_sign(type);
    format.kind = sign == H5T_SGN_2 ? NumberFormat::Kind::signed_integer
                                    : NumberFormat::Kind::unsigned_integer;
  } else {
    return std::nullopt;
  }
  const H5T_order_t order = H5Tget_order(type);
  format.big_endian = order == H5T_ORDER_BE;
  if (order != H5T_ORDER_LE && order != H5T_ORDER_BE) return std::nullopt;
  return format;
}

/// A dataset whose bytes are fetched from where they are: HDF5 would make memory of what a damaged
/// file tells.
class StoredColumn {
 public:
  StoredColumn(hid_t file, const std::filesystem::path& path, std::string name)
      : name_(std::move(name)),
        place_(fmt::format("spike file '{}', '{}'", path.string(), name_)),
        stream_(path, std::ios::binary),
        bytes_(stream_, std::filesystem::file_size(path), place_) {
    require_links(file);
    require_sound_header(file);
    dataset_ = open(H5Dopen2(file, name_.c_str(), H5P_DEFAULT), H5Dclose);
    properties_ = open(H5Dget_create_plist(dataset_.id()), H5Pclose);
    if (H5Pget_nfilters(properties_.id()) != 0) {
      refuse("is compressed or filtered: must not be, which h5repack -f NONE undoes");
    }
    count_elements();
  }

  [[nodiscard]] Hdf5Column read() const {
    Hdf5Column column{.bytes = {}, .elements = elements_, .sequences = false, .format = {}};
    Hdf5Handle type = open(H5Dget_type(dataset_.id()), H5Tclose);
    std::size_t element_bytes = H5Tget_size(type.id());
    if (H5Tget_class(type.id()) == H5T_VLEN) {
      column.sequences = true;
      element_bytes = HeapReference::stored_bytes;
      type = open(H5Tget_super(type.id()), H5Tclose);
    }
    const auto format = number_format(type.id());
    if (!format) refuse("its values are no floating-point numbers of IEEE 754 and no integers");
    column.format = *format;
    column.bytes = bytes(element_bytes);
    return column;
  }

 private:
  [[noreturn]] void refuse(const std::string& problem) const { bytes_.refuse(problem); }

  template <std::signed_integral Result>
  Result require(Result result) const {
    if (result < 0) refuse(fmt::format("cannot be read: {}", recording::hdf5_reason()));
    return result;
  }

  [[nodiscard]] Hdf5Handle open(hid_t id, Hdf5Handle::Close close) const {
    return {require(id), close};
  }

  [[nodiscard]] std::uint64_t address_of(hid_t file, const std::string& group) const {
    H5O_info_t info{};
    require(H5Oget_info_by_name2(file, group.c_str(), &info, H5O_INFO_BASIC, H5P_DEFAULT));
    return info.addr;
  }

  /// All that lead to the dataset, as H5Lexists wants those before the last to exist.
  void require_links(hid_t file) const {
    std::string group = "/";
    for (std::size_t end = name_.find('/', 1);; end = name_.find('/', end + 1)) {
      const std::string link = name_.substr(0, end);
      require_sound_names(bytes_, address_of(file, group));
      if (require(H5Lexists(file, link.c_str(), H5P_DEFAULT)) == 0) refuse("is missing");
      if (end == std::string::npos) return;
      group = link;
    }
  }

  void count_elements() {
    const Hdf5Handle space = open(H5Dget_space(dataset_.id()), H5Sclose);
    if (const int dimensions = require(H5Sget_simple_extent_ndims(space.id())); dimensions != 1) {
      refuse(fmt::format("dimensions = {}: must be 1", dimensions));
    }
    require(H5Sget_simple_extent_dims(space.id(), &elements_, nullptr));
    if (elements_ == 0 || elements_ > most_elements) {
      refuse(fmt::format("number of elements = {}: must be in 1 .. {}", elements_, most_elements));
    }
  }

  void require_sound_header(hid_t file) const {
    H5O_info_t info{};
    require(H5Oget_info_by_name2(file, name_.c_str(), &info, H5O_INFO_BASIC, H5P_DEFAULT));
    if (info.type != H5O_TYPE_DATASET) refuse("must be a dataset");
    require_sound_layout(bytes_, info.addr);
  }

  [[nodiscard]] std::vector<std::byte> bytes(std::size_t element_bytes) const {
    const H5D_layout_t layout = H5Pget_layout(properties_.id());
    if (layout == H5D_CONTIGUOUS) return contiguous_bytes(element_bytes);
    if (layout == H5D_CHUNKED) return chunked_bytes(element_bytes);
    refuse("must be stored contiguous or in chunks");
  }

  [[nodiscard]] std::vector<std::byte> contiguous_bytes(std::size_t element_bytes) const {
    std::vector<std::byte> bytes(elements_ * element_bytes);
    const haddr_t begin = H5Dget_offset(dataset_.id());
    if (begin == HADDR_UNDEF) refuse("has never been written");
    if (const hsize_t stored = H5Dget_storage_size(dataset_.id()); stored != bytes.size()) {
      refuse(fmt::format("size = {}: must be {} bytes", stored, bytes.size()));
    }
    bytes_.read(begin, bytes);
    return bytes;
  }

  [[nodiscard]] std::vector<std::byte> chunked_bytes(std::size_t element_bytes) const {
    hsize_t length = 0;  // of a chunk
    if (H5Pget_chunk(properties_.id(), 1, &length) != 1 || length == 0) refuse("has no chunks");
    if (!bytes_.holds(0, length) || !bytes_.holds(0, length * element_bytes)) {
      refuse("has chunks that are larger than the file");
    }
    if (const auto chunks = (elements_ - 1) / length + 1; chunks > most_chunks) {
      refuse(fmt::format("number of chunks = {}: must be at most {}", chunks, most_chunks));
    }
    std::vector<std::byte> all(elements_ * element_bytes);
    for (hsize_t first = 0; first < elements_; first += length) {
      const std::size_t used = std::min(length, elements_ - first) * element_bytes;
      bytes_.read(chunk_at(first, length * element_bytes),
                  std::span(all).subspan(first * element_bytes, used));
    }
    return all;
  }

  /// Where the chunk begins that begins with an element.
  [[nodiscard]] haddr_t chunk_at(hsize_t first, hsize_t bytes) const {
    unsigned filters_left_out = 0;
    haddr_t begin = HADDR_UNDEF;
    hsize_t stored = 0;
    require(H5Dget_chunk_info_by_coord(dataset_.id(), &first, &filters_left_out, &begin, &stored));
    if (begin == HADDR_UNDEF) refuse(fmt::format("element {}: has never been written", first));
    if (stored != bytes) {
      refuse(fmt::format("size of the chunk from element {} on = {}: must be {} bytes", first,
                         stored, bytes));
    }
    return begin;
  }

  std::string name_, place_;
  std::ifstream stream_;
  FileStretch bytes_;
  Hdf5Handle dataset_, properties_;
  hsize_t elements_ = 0;
};

}  // namespace

Hdf5Column read_column(hid_t file, const std::filesystem::path& path, const std::string& name) {
  return StoredColumn(file, path, name).read();
}

}  // namespace eprop::datasets
