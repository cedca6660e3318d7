#include "recording/hdf5_store.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include "comm/hdf5_access.hpp"
#include "recording/hdf5_attribute.hpp"
#include "recording/verification.hpp"

namespace eprop::recording {
namespace {

// MPI-IO counts the bytes of one transfer in an int.
constexpr std::uint64_t transfer_bytes = (std::uint64_t{1} << 30) - 1;

hid_t stored_type(NumberType type) {
  switch (type) {
    case NumberType::float64:
      return H5T_IEEE_F64LE;
    case NumberType::float32:
      return H5T_IEEE_F32LE;
    case NumberType::uint64:
      return H5T_STD_U64LE;
    case NumberType::uint32:
      return H5T_STD_U32LE;
    case NumberType::int64:
      return H5T_STD_I64LE;
  }
  return H5I_INVALID_HID;
}

// Ranks that share a file need room for all rows before they write some, also in files that one
// rank has begun: where it is missing, HDF5 1.10 writes them over something else.
constexpr H5D_alloc_time_t room_for_rows = H5D_ALLOC_TIME_EARLY;

// Every value is written, so HDF5 need not fill in any first; without times, equal runs give equal
// files.
Hdf5Handle dataset_properties(const Hdf5Check& check) {
  Hdf5Handle properties = check(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  check(H5Pset_fill_time(properties.id(), H5D_FILL_TIME_NEVER));
  check(H5Pset_alloc_time(properties.id(), room_for_rows));
  check(H5Pset_obj_track_times(properties.id(), false));
  return properties;
}

// HDF5 takes no chunks without columns, nor such that are wider than a dataset may become.
hsize_t widest(const StoredTable& table) { return std::max<hsize_t>(table.columns, 1); }

// Whole rows, or parts of one where a row is long: recordings are written row by row.
std::array<hsize_t, 2> chunk_shape(const StoredTable& table) {
  const hsize_t elements = table.chunk_bytes / size_of(table.type);
  const hsize_t columns = std::min(widest(table), elements);
  return {elements / columns, columns};
}

// HDF5 writes metadata to the disk when it has much of it; the file can be read only when it has
// written all. It shall do so in flush() alone, so that between two of them the file is as the
// first has left it, whatever happens to the process. Not before 32 MiB of them (the largest
// threshold that HDF5 takes) are due on several ranks.
void write_metadata_in_flush_only(const Hdf5Handle& access, const Hdf5Check& check) {
  H5AC_cache_config_t config{};
  config.version = H5AC__CURR_CACHE_CONFIG_VERSION;
  check(H5Pget_mdc_config(access.id(), &config));
  config.evictions_enabled = false;  // which asks for a cache of fixed size
  config.incr_mode = H5C_incr__off;
  config.flash_incr_mode = H5C_flash_incr__off;
  config.decr_mode = H5C_decr__off;
  config.dirty_bytes_threshold = std::size_t{32} << 20U;
  check(H5Pset_mdc_config(access.id(), &config));
}

// Chunk by chunk: all chunks of a transfer at once would have to be in ascending order in the file,
// which they are not where they have taken the place of rows that were dropped (HDF5 1.10).
void write_collectively(const Hdf5Handle& transfer, const Hdf5Check& check) {
  constexpr unsigned all_ranks_write_every_chunk = 0;  // percentage of them that has a part of it
  check(H5Pset_dxpl_mpio(transfer.id(), H5FD_MPIO_COLLECTIVE));
  check(H5Pset_dxpl_mpio_chunk_opt(transfer.id(), H5FD_MPIO_CHUNK_MULTI_IO));
  check(H5Pset_dxpl_mpio_chunk_opt_ratio(transfer.id(), all_ranks_write_every_chunk));
}

void require_room(const Hdf5Handle& dataset, const Hdf5Check& check) {
  const Hdf5Handle properties = check(H5Dget_create_plist(dataset.id()), H5Pclose);
  H5D_alloc_time_t time = room_for_rows;
  check(H5Pget_alloc_time(properties.id(), &time));
  if (time == room_for_rows) return;
  check.fail("an older version has written it on one rank, on which alone it can go on");
}

Hdf5Handle fixed_space(const Block& block, const Hdf5Check& check) {
  const std::array<hsize_t, 2> shape{block.rows, block.columns};
  return check(H5Screate_simple(block.columns == 0 ? 1 : 2, shape.data(), nullptr), H5Sclose);
}

}  // namespace

Hdf5Store::Hdf5Store(const StoredFile& file, const comm::Communicator& comm)
    : name_(file.name), replaces_(file.replaces) {
  const Hdf5Check check = checking(file.exists ? "open" : "create", "");
  link_creation_ = check(H5Pcreate(H5P_LINK_CREATE), H5Pclose);
  check(H5Pset_create_intermediate_group(link_creation_.id(), 1));
  check(H5Pset_char_encoding(link_creation_.id(), H5T_CSET_UTF8));
  transfer_ = check(H5Pcreate(H5P_DATASET_XFER), H5Pclose);
  const Hdf5Handle access = check(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  shared_ = comm.size() > 1 && comm::share_file_between_ranks(comm, file.path, access.id());
  if (shared_) write_collectively(transfer_, check);
  write_metadata_in_flush_only(access, check);
  // Which keeps checksums of all metadata but of texts.
  check(H5Pset_libver_bounds(access.id(), H5F_LIBVER_LATEST, H5F_LIBVER_LATEST));
  // FileGuard keeps other writers out; these locks are not everywhere.
  check(H5Pset_file_locking(access.id(), false, true));
  const char* path = file.path.c_str();
  file_ = check(file.exists ? H5Fopen(path, H5F_ACC_RDWR, access.id())
                            : H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, access.id()),
                H5Fclose);
  if (file.exists) return;
  try {
    flush();
  } catch (const WriteError&) {
    comm::close_hdf5_file({.objects = {file_.release()}, .shared = shared_, .discard = true});
    throw;
  }
}

void Hdf5Store::write_attribute(const std::string& object, const std::string& name,
                                const AttributeValue& value) {
  const Hdf5Check check = checking(fmt::format("write attribute '{}' of", name), object);
  const Hdf5Handle target = link_exists(file_.id(), object, check)
                                ? check(H5Oopen(file_.id(), object.c_str(), H5P_DEFAULT), H5Oclose)
                                : check(H5Gcreate2(file_.id(), object.c_str(), link_creation_.id(),
                                                   H5P_DEFAULT, H5P_DEFAULT),
                                        H5Gclose);
  recording::write_attribute(target.id(), name, value, check);
}

void Hdf5Store::create_table(const StoredTable& table, const std::string& units) {
  const Hdf5Check check = checking("create dataset", table.path);
  const std::array<hsize_t, 2> empty{0, table.columns};
  const std::array<hsize_t, 2> limit{H5S_UNLIMITED, widest(table)};
  const std::array<hsize_t, 2> chunk = chunk_shape(table);
  const Hdf5Handle space =
      check(H5Screate_simple(table.dimensions, empty.data(), limit.data()), H5Sclose);
  const Hdf5Handle properties = dataset_properties(check);
  check(H5Pset_chunk(properties.id(), table.dimensions, chunk.data()));
  datasets_[table.path] = create(table.path, table.type, space, properties, units, check);
}

void Hdf5Store::open_table(StoredTable& table) {
  const Hdf5Check check = checking("open dataset", table.path);
  const Hdf5Handle& opened = dataset(table.path, check);
  const Hdf5Handle type = check(H5Dget_type(opened.id()), H5Tclose);
  if (check(H5Tequal(type.id(), stored_type(table.type))) == 0) {
    check.fail(fmt::format("its values are not {}", name_of(table.type)));
  }
  const Hdf5Handle space = check(H5Dget_space(opened.id()), H5Sclose);
  const int dimensions = check(H5Sget_simple_extent_ndims(space.id()));
  std::array<hsize_t, 2> shape{0, 0};
  std::array<hsize_t, 2> limit{0, 0};
  if (dimensions == 1 || dimensions == 2) {
    check(H5Sget_simple_extent_dims(space.id(), shape.data(), limit.data()));
  }
  if (limit[0] != H5S_UNLIMITED) check.fail("it is not a table that can grow");
  table.rows = shape[0];
  table.dimensions = dimensions;
  table.columns = dimensions == 1 ? 1 : shape[1];
  if (shared_) require_room(opened, check);
  const auto said = read_checksum(opened.id(), check);
  table.sum = said && said->rows == table.rows ? said->sum : sum_of_rows(table, 0);
}

std::uint64_t Hdf5Store::sum_of_rows(const StoredTable& table, std::uint64_t first) {
  const Hdf5Check check = checking("read dataset", table.path);
  return checksum_of_rows(dataset(table.path, check).id(), first, table.rows, check);
}

void Hdf5Store::write_sum(const StoredTable& table, std::uint64_t sum) {
  const Hdf5Check check = writing("write checksum of dataset", table.path);
  write_checksum(dataset(table.path, check).id(), {table.rows, sum}, check);
}

void Hdf5Store::require_rows(const std::string& path, std::uint64_t rows) {
  const Hdf5Check check = checking("open dataset", path);
  if (!link_exists(file_.id(), path, check)) check.fail("it is not there");
  const Hdf5Handle dataset = check(H5Dopen2(file_.id(), path.c_str(), H5P_DEFAULT), H5Dclose);
  const Hdf5Handle space = check(H5Dget_space(dataset.id()), H5Sclose);
  std::array<hsize_t, H5S_MAX_RANK> shape{};
  check(H5Sget_simple_extent_dims(space.id(), shape.data(), nullptr));
  if (shape[0] < rows) check.fail(fmt::format("it has {} rows, not {}", shape[0], rows));
}

void Hdf5Store::extend(const StoredTable& table, std::uint64_t rows) {
  const std::array<hsize_t, 2> shape{rows, table.columns};
  const Hdf5Check check = writing("extend dataset", table.path);
  check(H5Dset_extent(dataset(table.path, check).id(), shape.data()));
}

// HDF5 clears the dropped part of the last chunk in a cache that each rank has for itself, and
// would write it when the dataset is closed, over what collective transfers have put there since.
void Hdf5Store::shrink(const StoredTable& table, std::uint64_t rows) {
  const Hdf5Check check = checking("truncate dataset", table.path);
  const std::array<hsize_t, 2> shape{rows, table.columns};
  flush();
  check(H5Dset_extent(dataset(table.path, check).id(), shape.data()));
  check(datasets_.extract(table.path).mapped().close());
  flush();
}

void Hdf5Store::write(const StoredTable& table, const Region& whole, const Region& mine,
                      const std::byte* values) {
  const Hdf5Check check = writing("write to dataset", table.path);
  transfer(dataset(table.path, check), table.type, table.dimensions, whole, mine, values, check);
}

void Hdf5Store::create_dataset(const std::string& path, const Block& block,
                               const std::string& units, bool writes) {
  const Hdf5Check check = checking("write dataset", path);
  const Hdf5Handle dataset =
      create(path, block.type, fixed_space(block, check), dataset_properties(check), units, check);
  write_block(dataset, block, writes, writing("write dataset", path));
}

void Hdf5Store::rewrite_dataset(const std::string& path, const Block& block, bool writes) {
  const Hdf5Check check = checking("rewrite dataset", path);
  const Hdf5Handle dataset = check(H5Dopen2(file_.id(), path.c_str(), H5P_DEFAULT), H5Dclose);
  const Hdf5Handle type = check(H5Dget_type(dataset.id()), H5Tclose);
  const Hdf5Handle space = check(H5Dget_space(dataset.id()), H5Sclose);
  if (check(H5Tequal(type.id(), stored_type(block.type))) == 0) {
    check.fail(fmt::format("its values are not {}", name_of(block.type)));
  }
  if (check(H5Sextent_equal(space.id(), fixed_space(block, check).id())) == 0) {
    check.fail(fmt::format("its shape is not {}",
                           block.columns == 0
                               ? fmt::format("({})", block.rows)
                               : fmt::format("({}, {})", block.rows, block.columns)));
  }
  write_block(dataset, block, writes, writing("rewrite dataset", path));
}

void Hdf5Store::flush() {
  const Hdf5Check check = writing("flush", "");
  if (!shared_) make_room(check);
  check(H5Fflush(file_.id(), H5F_SCOPE_LOCAL));
}

// HDF5 cannot be rid of a file any more whose metadata it could not write: on a full disk it is not
// to try. Where the file system makes no room ahead, it has to.
void Hdf5Store::make_room(const Hdf5Check& check) {
  hsize_t size = 0;
  void* handle = nullptr;
  check(H5Fget_filesize(file_.id(), &size));
  if (size <= room_ || H5Fget_vfd_handle(file_.id(), H5P_DEFAULT, &handle) < 0) return;
  const auto more = static_cast<off_t>(size - room_);
  while (::fallocate(*static_cast<const int*>(handle), 0, static_cast<off_t>(room_), more) != 0) {
    if (errno == EINTR) continue;
    if (errno != ENOSPC && errno != EDQUOT && errno != EFBIG) return;
    check.fail("file write failed: " + std::generic_category().message(errno));
  }
  room_ = size;
}

void Hdf5Store::close() {
  datasets_.clear();
  writing("close", "")(file_.close());
}

std::vector<hid_t> Hdf5Store::release() {
  std::vector<hid_t> open;
  for (auto& [path, dataset] : datasets_) open.push_back(dataset.release());
  open.push_back(file_.release());
  return open;
}

const Hdf5Handle& Hdf5Store::dataset(const std::string& path, const Hdf5Check& check) {
  const auto known = datasets_.find(path);
  if (known != datasets_.end()) return known->second;
  return datasets_[path] = check(H5Dopen2(file_.id(), path.c_str(), H5P_DEFAULT), H5Dclose);
}

Hdf5Handle Hdf5Store::create(const std::string& path, NumberType type, const Hdf5Handle& space,
                             const Hdf5Handle& properties, const std::string& units,
                             const Hdf5Check& check) {
  datasets_.erase(path);
  if (replaces_ && link_exists(file_.id(), path, check)) remove(path, check);
  Hdf5Handle dataset = check(H5Dcreate2(file_.id(), path.c_str(), stored_type(type), space.id(),
                                        link_creation_.id(), properties.id(), H5P_DEFAULT),
                             H5Dclose);
  if (!units.empty()) recording::write_attribute(dataset.id(), "units", units, check);
  return dataset;
}

// Only the link, and with it what rows there are: HDF5 would free the dataset's texts, too, and
// trust the heap in which they are, which has no checksum.
void Hdf5Store::remove(const std::string& path, const Hdf5Check& check) {
  const Hdf5Handle object = check(H5Oopen(file_.id(), path.c_str(), H5P_DEFAULT), H5Oclose);
  check(H5Oincr_refcount(object.id()));
  check(H5Ldelete(file_.id(), path.c_str(), H5P_DEFAULT));
}

void Hdf5Store::write_block(const Hdf5Handle& dataset, const Block& block, bool writes,
                            const Hdf5Check& check) {
  const Region whole{{0, 0}, {block.rows, std::max<std::uint64_t>(block.columns, 1)}};
  transfer(dataset, block.type, block.columns == 0 ? 1 : 2, whole, writes ? whole : Region{},
           block.values.data(), check);
  write_checksum(dataset.id(), {block.rows, block.sum}, check);
}

// All ranks make the same number of writes, because those of a shared file are collective.
void Hdf5Store::transfer(const Hdf5Handle& dataset, NumberType type, int dimensions,
                         const Region& whole, const Region& mine, const std::byte* values,
                         const Hdf5Check& check) {
  const std::byte nothing{};
  const Hdf5Handle stored = check(H5Dget_space(dataset.id()), H5Sclose);
  const std::array<hsize_t, 2> shape{std::max<hsize_t>(mine.count[0], 1),
                                     std::max<hsize_t>(mine.count[1], 1)};
  const Hdf5Handle memory = check(H5Screate_simple(dimensions, shape.data(), nullptr), H5Sclose);
  for (const Region& piece : split(whole, transfer_bytes / size_of(type))) {
    const Region part = intersect(piece, mine);
    if (part.empty()) {
      check(H5Sselect_none(stored.id()));
      check(H5Sselect_none(memory.id()));
    } else {
      const std::array<hsize_t, 2> start{part.start[0], part.start[1]};
      const std::array<hsize_t, 2> count{part.count[0], part.count[1]};
      const std::array<hsize_t, 2> offset{start[0] - mine.start[0], start[1] - mine.start[1]};
      check(H5Sselect_hyperslab(stored.id(), H5S_SELECT_SET, start.data(), nullptr, count.data(),
                                nullptr));
      check(H5Sselect_hyperslab(memory.id(), H5S_SELECT_SET, offset.data(), nullptr, count.data(),
                                nullptr));
    }
    check(H5Dwrite(dataset.id(), memory_type(type), memory.id(), stored.id(), transfer_.id(),
                   part.empty() ? &nothing : values));
  }
}

}  // namespace eprop::recording
