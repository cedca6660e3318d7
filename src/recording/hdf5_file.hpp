#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "eprop/comm/communicator.hpp"
#include "recording/hdf5_types.hpp"

namespace eprop::recording {

/// A table or list of a Hdf5File: a dataset that grows by rows.
struct Table {
  std::size_t index;
};

/// An output file that all ranks write together; what is in it does not depend on their number.
///
/// Ranks that are processes share one parallel-HDF5 file; otherwise rank 0 alone has it open and
/// the values of the other ranks are gathered to it. All functions are collective over the
/// communicator, but for constant ones: all ranks call them in the same order, with the same
/// arguments save the values. Failures throw OutputError, which names file, object and reason, on
/// every rank that knows of them.
///
/// Destroying an open file closes it, on all ranks together; but if an exception is on its way and
/// the ranks share the file, it is left as of the last flush() for the time being, because the
/// other ranks might not come to close it, and closed when the job ends regularly.
class Hdf5File {
 public:
  /// Creates a file at `path`, in place of one that is there if so asked. The communicator must
  /// outlive the file.
  [[nodiscard]] static Hdf5File create(const std::string& path, comm::Communicator& comm,
                                       bool overwrite = false);
  /// Opens an existing file to write more to it, if so asked one that another job may be writing;
  /// datasets created again are replaced. Reads all of it first: DamagedOutput if that fails, or if
  /// it is not what was written.
  [[nodiscard]] static Hdf5File open_for_append(const std::string& path, comm::Communicator& comm,
                                                bool take_over = false);

  Hdf5File(Hdf5File&&) noexcept;
  Hdf5File& operator=(Hdf5File&&) noexcept;
  ~Hdf5File();

  /// Puts all that was written into the file at the path, and on the disk. What happens to the
  /// processes at whatever moment, the file is as the last call has left it or, in a call, as
  /// before or after that. Its time grows with what is new, not with the file.
  void flush();
  /// What is kept in memory until the next flush(): bytes on each rank that writes.
  [[nodiscard]] std::uint64_t unflushed_bytes() const;
  /// What the last flush() has taken on this rank, with what it has left to do later.
  [[nodiscard]] std::chrono::nanoseconds time_of_flush() const;
  /// If it fails, the file is left as of the last flush(), and is closed by the destructor.
  void close();
  /// Whether values that were handed over could not be written; the error has been thrown.
  [[nodiscard]] bool has_lost_values() const;

  /// Throws unless there is a dataset of at least `rows` rows, of whichever type.
  void require_rows(const std::string& path, std::uint64_t rows);

  /// Sets an attribute of a dataset or group, which is created if nothing is at the path `object`.
  void write_attribute(const std::string& object, const std::string& name,
                       const AttributeValue& value);

  /// An empty table of T with `columns` values per row, maybe none, and the attribute `units`
  /// unless empty. Creates the groups of the path.
  template <Number T>
  [[nodiscard]] Table create_table(const std::string& path, std::size_t columns,
                                   const std::string& units) {
    return create_table(path, number_type<T>(), columns, units);
  }
  /// The same, but 1-D; it takes room on the disk in chunks of the given size.
  template <Number T>
  [[nodiscard]] Table create_list(const std::string& path, const std::string& units,
                                  std::uint64_t chunk_bytes = default_chunk_bytes) {
    return create_list(path, number_type<T>(), units, chunk_bytes);
  }
  template <Number T>
  [[nodiscard]] Table open_table(const std::string& path) {
    return open_table(path, number_type<T>());
  }

  [[nodiscard]] std::uint64_t rows(Table table) const;
  /// 1 for a list.
  [[nodiscard]] std::uint64_t columns(Table table) const;
  [[nodiscard]] NumberType type(Table table) const;

  /// Paths and rows of all tables created or opened so far.
  [[nodiscard]] std::vector<std::pair<std::string, std::uint64_t>> tables() const;

  /// Drops all rows but the first `rows`, which must exist.
  void truncate(Table table, std::uint64_t rows);

  /// Appends n_rows rows of which this rank has the columns from first_column on: `values` is
  /// [n_rows][my_columns], my_columns may be 0. Every column must come from exactly one rank.
  template <Number T>
  void append_columns(Table table, std::size_t n_rows, std::size_t first_column,
                      std::size_t my_columns, std::span<const T> values) {
    append_columns(table, number_type<T>(), n_rows, first_column, my_columns,
                   std::as_bytes(values));
  }

  /// Appends to a list what the ranks pass, in rank order; any of them may pass nothing.
  template <Number T>
  void append_in_rank_order(Table table, std::span<const T> mine) {
    append_in_rank_order(table, number_type<T>(), std::as_bytes(mine));
  }

  /// Creates a dataset of fixed size that holds the values that rank 0 passes, [n][columns], or 1-D
  /// if columns is 0.
  template <Number T>
  void write_dataset(const std::string& path, std::span<const T> values, std::size_t columns,
                     const std::string& units) {
    write_dataset(path, number_type<T>(), std::as_bytes(values), columns, units);
  }

  /// Replaces the values of a dataset made by write_dataset with the same type and size.
  template <Number T>
  void rewrite_dataset(const std::string& path, std::span<const T> values, std::size_t columns) {
    rewrite_dataset(path, number_type<T>(), std::as_bytes(values), columns);
  }

 private:
  class Impl;
  explicit Hdf5File(std::unique_ptr<Impl> impl);

  Table create_table(const std::string& path, NumberType type, std::size_t columns,
                     const std::string& units);
  Table create_list(const std::string& path, NumberType type, const std::string& units,
                    std::uint64_t chunk_bytes);
  Table open_table(const std::string& path, NumberType type);
  void append_columns(Table table, NumberType type, std::size_t n_rows, std::size_t first_column,
                      std::size_t my_columns, std::span<const std::byte> values);
  void append_in_rank_order(Table table, NumberType type, std::span<const std::byte> mine);
  void write_dataset(const std::string& path, NumberType type, std::span<const std::byte> values,
                     std::size_t columns, const std::string& units);
  void rewrite_dataset(const std::string& path, NumberType type, std::span<const std::byte> values,
                       std::size_t columns);

  std::unique_ptr<Impl> impl_;
};

}  // namespace eprop::recording
