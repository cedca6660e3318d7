#include "recording/hdf5_file_impl.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "comm/hdf5_access.hpp"
#include "eprop/comm/agreement.hpp"
#include "recording/whole_rows.hpp"

namespace eprop::recording {
namespace {

// MPI-IO is slow with many short pieces. Where a rank's part of a row is shorter than this, the
// ranks exchange columns for whole rows before they write.
constexpr std::uint64_t short_part_bytes = 1024;

bool ranks_share_file(comm::Communicator& comm, const std::string& path) {
  if (comm.size() == 1) return false;
  bool shared = false;
  comm.barrier();  // as in Hdf5File::Impl::perform
  {
    const Hdf5Session session;
    const Hdf5Handle probe(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
    shared = comm::share_file_between_ranks(comm, path, probe.id());
  }
  comm.barrier();  // ranks other than 0 that are threads call HDF5 no more
  return shared;
}

}  // namespace

Hdf5File::Impl::Impl(const std::string& path, OpenMode mode, bool overwrite,
                     comm::Communicator& comm)
    : path_(path), comm_(comm), shared_(ranks_share_file(comm, path)) {
  if (shared_) {  // all ranks are here: what one of them has left open can be closed
    comm_.barrier();
    const Hdf5Session session;
    comm::close_what_is_left_open();
  }
  guard_ = std::make_shared<FileGuard>(path, mode, overwrite, comm);
  try {
    perform([&] { store_.emplace(path, mode, comm_); });
  } catch (const OutputError& error) {
    if (mode == OpenMode::append) throw DamagedOutput(error.what());
    throw;
  }
  if (mode == OpenMode::create) guard_->hold();
}

Hdf5File::Impl::~Impl() {
  if (!store_) return;
  const Hdf5Session session;
  if (shared_ && std::uncaught_exceptions() > exceptions_when_opened_) {
    comm::leave_open(release());
    return;
  }
  try {
    if (!has_lost_values_) store_->flush();
  } catch (const std::exception&) {
    has_lost_values_ = true;
  }
  comm::close_hdf5_file(release());
}

comm::OpenHdf5File Hdf5File::Impl::release() {
  comm::OpenHdf5File file{{}, shared_, has_lost_values_, guard_};
  for (StoredTable& table : tables_) file.objects.push_back(table.dataset.release());
  file.objects.push_back(store_->release());
  return file;
}

void Hdf5File::Impl::close_store() {
  for (StoredTable& table : tables_) table.dataset.close();
  store_->close();
  store_.reset();
}

// HDF5 cannot be rid of a file of which it has not been able to write all, so that is done before.
void Hdf5File::Impl::close() {
  flush();
  perform([&] { close_store(); });
  guard_.reset();
  open_ = false;
}

void Hdf5File::Impl::flush() {
  require_own();
  perform([&] { store_->flush(); });
}

void Hdf5File::Impl::require_own() {
  if (!guard_) return;  // perform() says why
  try {
    comm::on_first_rank<OutputError>(comm_, fmt::format("flushing output file '{}'", path_),
                                     [&] { guard_->require_held(); });
  } catch (const OutputError&) {
    has_lost_values_ = true;
    throw;
  }
}

Table Hdf5File::Impl::add(StoredTable table) {
  tables_.push_back(std::move(table));
  return {tables_.size() - 1};
}

Table Hdf5File::Impl::create(StoredTable table, const std::string& units) {
  perform([&] { store_->create_table(table, units); });
  return add(std::move(table));
}

std::optional<Table> Hdf5File::Impl::find(const std::string& path) const {
  const auto found = std::ranges::find(tables_, path, &StoredTable::path);
  if (found == tables_.end()) return std::nullopt;
  return Table{static_cast<std::size_t>(found - tables_.begin())};
}

StoredTable& Hdf5File::Impl::typed(Table table, NumberType type, int dimensions) {
  StoredTable& stored = at(table);
  if (stored.type != type || stored.dimensions != dimensions) {
    checking("append to dataset", stored.path)
        .fail(fmt::format("it is {}-D of {}, the values are {}-D of {}", stored.dimensions,
                          name_of(stored.type), dimensions, name_of(type)));
  }
  return stored;
}

void Hdf5File::Impl::append(StoredTable& table, std::uint64_t n_rows,
                            const std::vector<Region>& regions, std::span<const std::byte> mine) {
  if (n_rows == 0) return;
  const Region whole{{table.rows, 0}, {n_rows, table.columns}};
  std::vector<comm::Bytes> gathered;
  if (!shared_) gathered = comm_.gather(writes() ? std::span<const std::byte>{} : mine, 0);
  perform([&] {
    store_->extend(table, table.rows + n_rows);
    if (shared_) {
      store_->write(table, whole, regions[static_cast<std::size_t>(comm_.rank())], mine.data());
      return;
    }
    for (std::size_t r = 0; r < regions.size(); ++r) {
      store_->write(table, regions[r], regions[r], r == 0 ? mine.data() : gathered[r].data());
    }
  });
  table.rows += n_rows;
}

void Hdf5File::Impl::append_parts(StoredTable& table, const std::vector<ColumnPart>& parts,
                                  std::span<const std::byte> mine) {
  const std::uint64_t n_rows = parts.front().n_rows;
  const bool short_parts = table.columns * size_of(table.type) < short_part_bytes * parts.size();
  const bool exchange = parts.size() > 1 && short_parts;
  std::vector<Region> regions;
  for (std::size_t r = 0; r < parts.size(); ++r) {
    const RowRange share = share_of_rows(n_rows, parts.size(), r);
    regions.push_back(exchange ? Region{{table.rows + share.first, 0}, {share.count, table.columns}}
                               : Region{{table.rows, parts[r].first}, {n_rows, parts[r].count}});
  }
  if (exchange) {
    append(table, n_rows, regions, to_whole_rows(comm_, parts, size_of(table.type), mine));
  } else {
    append(table, n_rows, regions, mine);
  }
}

Block Hdf5File::Impl::block(NumberType type, std::span<const std::byte> values, std::size_t columns,
                            const Hdf5Check& check) {
  std::vector<std::uint64_t> shape{values.size() / size_of(type), columns};
  comm::broadcast(comm_, shape, 0);
  const std::uint64_t width = std::max<std::uint64_t>(shape[1], 1);
  if (shape[0] % width != 0) {
    check.fail(fmt::format("{} values do not make rows of {} columns", shape[0], width));
  }
  return {type, shape[0] / width, shape[1], values.data()};
}

}  // namespace eprop::recording
