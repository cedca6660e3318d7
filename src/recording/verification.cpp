#include "recording/verification.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "recording/checksum.hpp"
#include "recording/hdf5_attribute.hpp"

namespace eprop::recording {
namespace {

constexpr std::uint64_t bytes_at_a_time = std::uint64_t{16} << 20U;

bool holds_numbers(hid_t dataset, const Hdf5Check& check) {
  const Hdf5Handle type = check(H5Dget_type(dataset), H5Tclose);
  const auto type_class = H5Tget_class(type.id());
  const auto bytes = H5Tget_size(type.id());
  return (type_class == H5T_INTEGER || type_class == H5T_FLOAT) && (bytes == 4 || bytes == 8);
}

void verify_dataset(hid_t file, const std::string& path, const std::string& file_name) {
  const Hdf5Check check(file_name, "read", path);
  const Hdf5Handle dataset = check(H5Dopen2(file, path.c_str(), H5P_DEFAULT), H5Dclose);
  if (!holds_numbers(dataset.id(), check)) return;
  const auto shape = shape_of(dataset.id(), check);
  const std::uint64_t rows = shape.empty() ? 0 : shape.front();
  const auto said = read_checksum(dataset.id(), check);
  if (said && said->rows > rows) {
    check.fail(fmt::format("it is damaged: it has {} rows, and has had {}", rows, said->rows));
  }
  const std::uint64_t summed = said ? said->rows : 0;
  const auto found = checksum_of_rows(dataset.id(), 0, summed, check);
  (void)checksum_of_rows(dataset.id(), summed, rows, check);
  if (said && found != said->sum) {
    check.fail(fmt::format("it is damaged: the checksum of its values is {:016x}, not {:016x}",
                           found, said->sum));
  }
}

}  // namespace

std::uint64_t checksum_of_rows(hid_t dataset, std::uint64_t first, std::uint64_t last,
                               const Hdf5Check& check) {
  const auto shape = shape_of(dataset, check);
  std::uint64_t columns = 1;
  for (std::size_t i = 1; i < shape.size(); ++i) columns *= shape[i];
  if (first >= last || columns == 0) return 0;
  const Hdf5Handle stored = check(H5Dget_space(dataset), H5Sclose);
  const Hdf5Handle file_type = check(H5Dget_type(dataset), H5Tclose);
  const Hdf5Handle type = check(H5Tget_native_type(file_type.id(), H5T_DIR_DEFAULT), H5Tclose);
  const std::uint64_t value_bytes = H5Tget_size(type.id());
  const std::uint64_t step = std::max<std::uint64_t>(1, bytes_at_a_time / (columns * value_bytes));
  std::vector<std::byte> values(std::min(step, last - first) * columns * value_bytes);
  std::vector<hsize_t> start(shape.size()), count = shape;
  std::uint64_t sum = 0;
  for (std::uint64_t row = first; row < last; row += step) {
    start[0] = row;
    count[0] = std::min(step, last - row);
    const Hdf5Handle memory =
        check(H5Screate_simple(static_cast<int>(count.size()), count.data(), nullptr), H5Sclose);
    check(H5Sselect_hyperslab(stored.id(), H5S_SELECT_SET, start.data(), nullptr, count.data(),
                              nullptr));
    check(H5Dread(dataset, type.id(), memory.id(), stored.id(), H5P_DEFAULT, values.data()));
    sum += checksum({{row, 0}, {count[0], columns}}, columns, value_bytes, values.data());
  }
  return sum;
}

void verify(hid_t file, const std::string& file_name) {
  const H5O_iterate_t note = [](hid_t, const char* name, const H5O_info_t* info, void* into) {
    if (info->type == H5O_TYPE_DATASET) {
      static_cast<std::vector<std::string>*>(into)->push_back(fmt::format("/{}", name));
    }
    return herr_t{0};
  };
  std::vector<std::string> datasets;
  Hdf5Check(file_name, "read", "")(H5Ovisit(file, H5_INDEX_NAME, H5_ITER_INC, note, &datasets));
  for (const auto& dataset : datasets) verify_dataset(file, dataset, file_name);
}

}  // namespace eprop::recording
