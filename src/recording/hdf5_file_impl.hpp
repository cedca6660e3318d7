#pragma once

#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "comm/hdf5_access.hpp"
#include "eprop/comm/agreement.hpp"
#include "eprop/comm/communicator.hpp"
#include "eprop/errors.hpp"
#include "recording/change_list.hpp"
#include "recording/column_parts.hpp"
#include "recording/file_guard.hpp"
#include "recording/hdf5_file.hpp"
#include "recording/hdf5_store.hpp"

namespace eprop::recording {

/// Who does what in a file of several ranks: Hdf5Store where it is open, and the values of the
/// other ranks brought there. Two copies of the file take turns (see FileCopies): what is done to
/// one from one flush() to the next is done again to the other when that is opened.
class Hdf5File::Impl {
 public:
  Impl(const std::string& path, OpenMode mode, bool overwrite, comm::Communicator& comm);
  ~Impl();

  void flush();
  void close();
  [[nodiscard]] bool has_lost_values() const { return has_lost_values_; }
  [[nodiscard]] std::uint64_t unflushed_bytes() const { return unflushed_bytes_; }
  [[nodiscard]] std::chrono::nanoseconds time_of_flush() const { return time_of_flush_; }

  /// Makes the change where the file is open; if that is rank 0 alone, its failure is thrown on
  /// all ranks. `bytes`: of the values, of all ranks.
  /// Nothing is done any more once values have been lost: the file stays as of the last flush().
  void make(Change change, std::uint64_t bytes = 0);
  /// The same for what changes nothing.
  template <class Look>
  void look(const Look& look);

  Table add(StoredTable table);
  Table create(StoredTable table, const std::string& units);
  Table open(StoredTable table);
  void truncate(StoredTable& table, std::uint64_t rows);
  [[nodiscard]] std::optional<Table> find(const std::string& path) const;
  [[nodiscard]] StoredTable& typed(Table table, NumberType type, int dimensions);
  [[nodiscard]] StoredTable& at(Table table) { return tables_.at(table.index); }
  [[nodiscard]] const std::vector<StoredTable>& tables() const { return tables_; }
  [[nodiscard]] Hdf5Check checking(const std::string& action, const std::string& object) const {
    return {path_, action, object};
  }

  /// Appends n_rows rows, of which rank r has regions[r].
  void append(StoredTable& table, std::uint64_t n_rows, std::vector<Region> regions,
              std::span<const std::byte> mine);

  /// Appends the rows that `parts` make up, of which this rank has `mine`.
  void append_parts(StoredTable& table, const std::vector<ColumnPart>& parts,
                    std::span<const std::byte> mine);

  /// What rank 0 passes for a dataset, as a block of values; on other ranks only its shape counts.
  [[nodiscard]] Block block(NumberType type, std::span<const std::byte> values, std::size_t columns,
                            const Hdf5Check& check);

  [[nodiscard]] comm::Communicator& communicator() { return comm_; }
  [[nodiscard]] bool writes() const { return comm_.rank() == 0; }

 private:
  /// Calls f() and takes notice if values are lost.
  template <class F>
  void noticing_loss(const F& f);
  /// The same, unless the file is closed or has lost values before.
  template <class F>
  void unless_lost(const F& f);
  void require_held();
  /// Writes the checksums of tables that have changed.
  void write_sums();
  template <class F>
  void on_first_rank(const F& f);
  /// Calls f() where the file is open.
  template <class F>
  void perform(const F& f);

  /// Throws DamagedOutput unless all of the file is as it was written.
  void verify_first();
  void open_store(bool exists);
  void close_store();
  /// Opens the next draft, if none is open, with all that has been done so far.
  void begin_draft();
  /// Closes the draft, and the file is what it was.
  void publish();
  [[nodiscard]] comm::OpenHdf5File release();

  std::string path_;
  comm::Communicator& comm_;
  OpenMode mode_;
  int exceptions_when_opened_ = std::uncaught_exceptions();
  bool open_ = true;
  bool has_lost_values_ = false;
  std::shared_ptr<FileGuard> guard_;
  bool in_turns_ = false;   ///< there are two copies
  std::string store_path_;  ///< of what is written to
  bool shared_ = false;
  bool has_store_ = false;  ///< on the ranks that write
  std::optional<Hdf5Store> store_;
  ChangeList changes_;  ///< since the last publish(), where there is a store
  std::uint64_t unflushed_bytes_ = 0;
  std::chrono::nanoseconds time_of_flush_{0};
  std::vector<StoredTable> tables_;
};

template <class F>
void Hdf5File::Impl::noticing_loss(const F& f) {
  try {
    f();
  } catch (const WriteError&) {
    has_lost_values_ = true;
    throw;
  }
}

template <class F>
void Hdf5File::Impl::unless_lost(const F& f) {
  if (!open_) throw OutputError(fmt::format("output file '{}': is closed already", path_));
  if (has_lost_values_) {
    throw OutputError(
        fmt::format("output file '{}': has lost values before; nothing more is written", path_));
  }
  noticing_loss(f);
}

template <class F>
void Hdf5File::Impl::on_first_rank(const F& f) {
  unless_lost([&] {
    comm::on_first_rank<WriteError, OutputError>(comm_,
                                                 fmt::format("writing output file '{}'", path_), f);
  });
}

template <class F>
void Hdf5File::Impl::perform(const F& f) {
  const auto in_session = [&] {
    const Hdf5Session session;
    f();
  };
  if (!shared_) return on_first_rank(in_session);
  unless_lost([&] {
    comm_.barrier();  // notices a rank that went another way; HDF5 would wait for it for ever
    in_session();
  });
}

template <class Look>
void Hdf5File::Impl::look(const Look& look) {
  if (in_turns_) begin_draft();
  perform([&] { look(*store_); });
}

}  // namespace eprop::recording
