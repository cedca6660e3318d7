#pragma once

#include <fmt/format.h>

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
#include "recording/column_parts.hpp"
#include "recording/file_guard.hpp"
#include "recording/hdf5_file.hpp"
#include "recording/hdf5_store.hpp"

namespace eprop::recording {

/// Who does what in a file of several ranks: Hdf5Store where it is open, and the values of the
/// other ranks brought there.
class Hdf5File::Impl {
 public:
  Impl(const std::string& path, OpenMode mode, bool overwrite, comm::Communicator& comm);
  ~Impl();

  void flush();
  void close();
  [[nodiscard]] bool has_lost_values() const { return has_lost_values_; }

  /// Runs `operation` where the file is open; if that is rank 0 alone, its failure is thrown on all
  /// ranks.
  /// Nothing is done any more once values have been lost: the file stays as of the last flush().
  template <class Operation>
  void perform(const Operation& operation);

  Table add(StoredTable table);
  Table create(StoredTable table, const std::string& units);
  [[nodiscard]] std::optional<Table> find(const std::string& path) const;
  [[nodiscard]] StoredTable& typed(Table table, NumberType type, int dimensions);
  [[nodiscard]] StoredTable& at(Table table) { return tables_.at(table.index); }
  [[nodiscard]] const std::vector<StoredTable>& tables() const { return tables_; }
  [[nodiscard]] Hdf5Check checking(const std::string& action, const std::string& object) const {
    return {path_, action, object};
  }

  /// Appends n_rows rows, of which rank r has regions[r].
  void append(StoredTable& table, std::uint64_t n_rows, const std::vector<Region>& regions,
              std::span<const std::byte> mine);

  /// Appends the rows that `parts` make up, of which this rank has `mine`.
  void append_parts(StoredTable& table, const std::vector<ColumnPart>& parts,
                    std::span<const std::byte> mine);

  /// What rank 0 passes for a dataset, as a block of values; on other ranks only its shape counts.
  [[nodiscard]] Block block(NumberType type, std::span<const std::byte> values, std::size_t columns,
                            const Hdf5Check& check);

  [[nodiscard]] comm::Communicator& communicator() { return comm_; }
  [[nodiscard]] Hdf5Store& store() { return *store_; }
  [[nodiscard]] bool writes() const { return comm_.rank() == 0; }

 private:
  /// Throws if another job has taken over the file, which then has another one in its place.
  void require_own();
  void close_store();
  [[nodiscard]] comm::OpenHdf5File release();

  std::string path_;
  comm::Communicator& comm_;
  bool shared_;
  int exceptions_when_opened_ = std::uncaught_exceptions();
  bool open_ = true;
  bool has_lost_values_ = false;
  std::shared_ptr<FileGuard> guard_;
  std::optional<Hdf5Store> store_;
  std::vector<StoredTable> tables_;
};

template <class Operation>
void Hdf5File::Impl::perform(const Operation& operation) {
  if (!open_) throw OutputError(fmt::format("output file '{}': is closed already", path_));
  if (has_lost_values_) {
    throw OutputError(
        fmt::format("output file '{}': has lost values before; nothing more is written", path_));
  }
  const auto in_session = [&] {
    const Hdf5Session session;
    operation();
  };
  try {
    if (shared_) {
      comm_.barrier();  // notices a rank that went another way; HDF5 would wait for it for ever
      in_session();
    } else {
      comm::on_first_rank<WriteError, OutputError>(
          comm_, fmt::format("writing output file '{}'", path_), in_session);
    }
  } catch (const WriteError&) {
    has_lost_values_ = true;
    throw;
  }
}

}  // namespace eprop::recording
