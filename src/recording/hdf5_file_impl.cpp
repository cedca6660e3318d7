#include "recording/hdf5_file_impl.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "comm/hdf5_access.hpp"
#include "eprop/comm/agreement.hpp"
#include "recording/checksum.hpp"
#include "recording/left_file.hpp"
#include "recording/whole_rows.hpp"

namespace eprop::recording {
namespace {

// MPI-IO is slow with many short pieces. Where a rank's part of a row is shorter than this, the
// ranks exchange columns for whole rows before they write.
constexpr std::uint64_t short_part_bytes = 1024;

/// Adds the time of its life.
class AddTime {
 public:
  explicit AddTime(std::chrono::nanoseconds& to) : to_(to) {}
  ~AddTime() { to_ += std::chrono::steady_clock::now() - begin_; }
  AddTime(const AddTime&) = delete;
  AddTime& operator=(const AddTime&) = delete;

 private:
  std::chrono::nanoseconds& to_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

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
    : path_(path), comm_(comm), mode_(mode) {
  if (comm.size() > 1) {  // all ranks are here: what one of them has left open can be closed
    comm_.barrier();
    const Hdf5Session session;
    comm::close_what_is_left_open();
  }
  guard_ = std::make_shared<FileGuard>(path, mode, overwrite, comm);
  std::string draft = guard_->copies() == nullptr ? "" : guard_->copies()->draft();
  comm::broadcast(comm_, draft, 0);
  in_turns_ = !draft.empty();
  store_path_ = in_turns_ ? draft : path;
  shared_ = ranks_share_file(comm, store_path_);
  if (mode == OpenMode::create) {
    open_store(false);
    if (in_turns_) publish();  // can be opened before anything is known of what it will hold
    return;
  }
  try {
    verify_first();
    in_turns_ ? begin_draft() : open_store(true);
  } catch (const WriteError&) {
    throw;
  } catch (const OutputError& error) {
    throw DamagedOutput(error.what());
  }
}

void Hdf5File::Impl::verify_first() {
  comm::on_first_rank<DamagedOutput, OutputError>(
      comm_, fmt::format("reading output file '{}'", path_), [&] { verify_left_file(path_); });
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
  const auto publish = [guard = guard_](bool closed) {
    if (!closed || guard->copies() == nullptr) return;
    try {
      guard->require_held();
      guard->copies()->publish();
    } catch (const OutputError&) {  // the file is as of the last flush()
    }
  };
  return {store_->release(), shared_, has_lost_values_, publish};
}

void Hdf5File::Impl::open_store(bool exists) {
  const StoredFile file{path_, store_path_, exists, mode_ == OpenMode::append};
  perform([&] { store_.emplace(file, comm_); });
  has_store_ = true;
}

void Hdf5File::Impl::close_store() {
  perform([&] {
    store_->close();
    store_.reset();
  });
  has_store_ = false;
}

void Hdf5File::Impl::begin_draft() {
  if (has_store_) return;
  const AddTime timer(time_of_flush_);
  std::vector<FileCopies::Draft> draft(1);
  on_first_rank([&] { draft.front() = guard_->copies()->begin(); });
  comm::broadcast(comm_, draft, 0);
  if (draft.front() == FileCopies::Draft::copied) changes_.forget();
  open_store(true);
  perform([&] { changes_.move_to(*store_); });
}

void Hdf5File::Impl::publish() {
  close_store();
  if (shared_) {
    unless_lost([&] {
      comm::agreed<WriteError>(comm_, fmt::format("writing output file '{}'", path_),
                               [&] { write_to_disk(store_path_, path_); });
    });
  }
  on_first_rank([&] { guard_->copies()->publish(); });
  unflushed_bytes_ = 0;
}

void Hdf5File::Impl::make(Change change, std::uint64_t bytes) {
  if (in_turns_) begin_draft();
  perform([&] {
    change(*store_);
    if (in_turns_) changes_.add(std::move(change));
  });
  const auto writers = static_cast<std::uint64_t>(shared_ ? comm_.size() : 1);
  if (in_turns_) unflushed_bytes_ += bytes / writers;
}

// HDF5 cannot be rid of a file of which it has not been able to write all, so that is done before
// it is closed.
void Hdf5File::Impl::flush() {
  if (open_) require_held();
  unless_lost([] {});
  if (!has_store_) return;
  time_of_flush_ = {};
  const AddTime timer(time_of_flush_);
  write_sums();
  perform([&] { store_->flush(); });
  if (in_turns_) publish();
}

void Hdf5File::Impl::write_sums() {
  std::vector<StoredTable> due;
  std::vector<std::uint64_t> mine;
  for (StoredTable& table : tables_) {
    if (std::exchange(table.sum_is_written, true)) continue;
    due.push_back(table);
    mine.push_back(table.sum);
  }
  if (due.empty()) return;
  std::vector<std::uint64_t> sums(due.size());
  const auto all = comm::all_gather_all(comm_, mine);
  for (std::size_t i = 0; i < all.size(); ++i) sums[i % sums.size()] += all[i];
  make([due = std::move(due), sums = std::move(sums)](Hdf5Store& store) {
    for (std::size_t i = 0; i < due.size(); ++i) store.write_sum(due[i], sums[i]);
  });
}

void Hdf5File::Impl::require_held() {
  noticing_loss([&] {
    comm::on_first_rank<WriteError>(comm_, fmt::format("flushing output file '{}'", path_),
                                    [&] { guard_->require_held(); });
  });
}

void Hdf5File::Impl::close() {
  flush();
  if (has_store_) close_store();
  guard_.reset();
  open_ = false;
}

Table Hdf5File::Impl::add(StoredTable table) {
  tables_.push_back(std::move(table));
  return {tables_.size() - 1};
}

Table Hdf5File::Impl::create(StoredTable table, const std::string& units) {
  make([=](Hdf5Store& store) { store.create_table(table, units); });
  return add(std::move(table));
}

Table Hdf5File::Impl::open(StoredTable table) {
  look([&](Hdf5Store& store) { store.open_table(table); });
  std::vector<std::uint64_t> shape{table.rows, table.columns,
                                   static_cast<std::uint64_t>(table.dimensions)};
  comm::broadcast(comm_, shape, 0);
  table.rows = shape[0];
  table.columns = shape[1];
  table.dimensions = static_cast<int>(shape[2]);
  if (comm_.rank() != 0) table.sum = 0;
  return add(std::move(table));
}

// The checksum first: it is one of the first rows, whatever happens before the others are dropped.
void Hdf5File::Impl::truncate(StoredTable& table, std::uint64_t rows) {
  if (rows > table.rows) {
    checking("truncate dataset", table.path)
        .fail(fmt::format("it has {} rows, not {}", table.rows, rows));
  }
  std::uint64_t dropped = 0;
  look([&](Hdf5Store& store) { dropped = store.sum_of_rows(table, rows); });
  if (comm_.rank() == 0) table.sum -= dropped;
  table.rows = rows;
  table.sum_is_written = false;
  write_sums();
  make([=](Hdf5Store& store) { store.shrink(table, rows); });
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

void Hdf5File::Impl::append(StoredTable& table, std::uint64_t n_rows, std::vector<Region> regions,
                            std::span<const std::byte> mine) {
  if (n_rows == 0) return;
  const Region whole{{table.rows, 0}, {n_rows, table.columns}};
  std::vector<comm::Bytes> parts;  // that this rank writes, of regions
  if (shared_) {
    regions = {regions[static_cast<std::size_t>(comm_.rank())]};
    parts.emplace_back(mine.begin(), mine.end());
  } else {
    parts = comm_.gather(mine, 0);
  }
  for (std::size_t r = 0; r < parts.size(); ++r) {
    table.sum += checksum(regions[r], table.columns, size_of(table.type), parts[r].data());
  }
  table.sum_is_written = false;
  make(
      [table, whole, shared = shared_, regions = std::move(regions),
       parts = std::move(parts)](Hdf5Store& store) {
        store.extend(table, whole.start[0] + whole.count[0]);
        for (std::size_t r = 0; r < parts.size(); ++r) {
          store.write(table, shared ? whole : regions[r], regions[r], parts[r].data());
        }
      },
      whole.count[0] * whole.count[1] * size_of(table.type));
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
    append(table, n_rows, std::move(regions),
           to_whole_rows(comm_, parts, size_of(table.type), mine));
  } else {
    append(table, n_rows, std::move(regions), mine);
  }
}

Block Hdf5File::Impl::block(NumberType type, std::span<const std::byte> values, std::size_t columns,
                            const Hdf5Check& check) {
  const auto width_of = [](std::uint64_t n) { return std::max<std::uint64_t>(n, 1); };
  const std::uint64_t n = values.size() / size_of(type);
  const Region whole{{0, 0}, {n / width_of(columns), width_of(columns)}};
  std::vector<std::uint64_t> shape{n, columns,
                                   checksum(whole, whole.count[1], size_of(type), values.data())};
  comm::broadcast(comm_, shape, 0);
  const std::uint64_t width = width_of(shape[1]);
  if (shape[0] % width != 0) {
    check.fail(fmt::format("{} values do not make rows of {} columns", shape[0], width));
  }
  return {type, shape[0] / width, shape[1], shape[2], {values.begin(), values.end()}};
}

}  // namespace eprop::recording
