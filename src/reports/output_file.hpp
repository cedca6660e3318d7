#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>

#include "eprop/comm/communicator.hpp"
#include "recording/hdf5_file.hpp"

namespace eprop::reports {

/// The output file that reports go to, if there is one: its begin, its end, and how it goes on
/// after a checkpoint. All functions but file(), continues(), table_rows(), is_full() and
/// has_lost_values() are collective.
class OutputFile {
 public:
  explicit OutputFile(comm::Communicator& comm) : comm_(comm) {}

  /// Rows of the file's tables, by path.
  using TableRows = std::map<std::string, std::int64_t>;

  void create(const std::string& path, bool overwrite);
  /// Closes the file.
  void close();
  /// Null if none is open.
  [[nodiscard]] recording::Hdf5File* file() { return file_ ? &*file_ : nullptr; }
  [[nodiscard]] const recording::Hdf5File* file() const { return file_ ? &*file_ : nullptr; }

  /// The rows so far, after a flush.
  [[nodiscard]] TableRows table_rows() const;
  /// The rows from which open_to_continue() shall go on.
  void expect_tables(TableRows rows) { continued_ = std::move(rows); }
  /// Throws DamagedOutput, and is as before, unless the file has these tables with at least as many
  /// rows.
  void open_to_continue(const std::string& path, bool take_over = false);
  /// Whether the continued file has tables in this group.
  [[nodiscard]] bool continues(const std::string& group) const;
  /// Drops the rows of a continued table that have been written since the checkpoint.
  recording::Table cut(recording::Table table);

  /// Appends what rank 0 passes to a 1-D table of that path, which is created if it is new.
  template <recording::Number T>
  void append(const std::string& path, std::span<const T> values, const std::string& units);

  /// Whether a few seconds have passed since the last flush(); rank 0's clock decides. Twenty times
  /// as long as it took, where that is more.
  [[nodiscard]] bool flush_is_due();
  /// Whether a flush() is due because of what is kept in memory until then; not collective.
  [[nodiscard]] bool is_full() const;
  void flush();
  /// Whether values could not be written, which has been thrown.
  [[nodiscard]] bool has_lost_values() const { return file_ && file_->has_lost_values(); }

 private:
  comm::Communicator& comm_;
  std::optional<recording::Hdf5File> file_;
  TableRows continued_;  ///< tables that are to be continued
  std::map<std::string, recording::Table> appended_;
  std::chrono::steady_clock::time_point flushed_;
};

}  // namespace eprop::reports
