#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "eprop/comm/communicator.hpp"
#include "recording/hdf5_call.hpp"
#include "recording/hdf5_region.hpp"
#include "recording/hdf5_types.hpp"

namespace eprop::recording {

/// A table, as every rank knows it.
struct StoredTable {
  std::string path;
  NumberType type = NumberType::float64;
  int dimensions = 1;
  std::uint64_t columns = 1;  ///< 1 if it is 1-D
  std::uint64_t rows = 0;
  std::uint64_t chunk_bytes = default_chunk_bytes;  ///< when it is created
  std::uint64_t sum = 0;        ///< this rank's part of the checksum of the rows
  bool sum_is_written = false;  ///< to the file
};

/// Values of a dataset that is written at once.
struct Block {
  NumberType type;
  std::uint64_t rows;
  std::uint64_t columns;          ///< 0: 1-D
  std::uint64_t sum;              ///< checksum of the values
  std::vector<std::byte> values;  ///< on rank 0

  [[nodiscard]] std::uint64_t bytes() const {
    return rows * std::max<std::uint64_t>(columns, 1) * size_of(type);
  }
};

/// What an output file is called, where it is, and whether it is opened to go on with it.
struct StoredFile {
  std::string name;  ///< in messages
  std::string path;
  bool exists;
  bool replaces;  ///< create_table() and create_dataset() replace a dataset that is there
};

/// What to call of HDF5 for a file that this process has open. Does not communicate itself; if the
/// ranks share the file, HDF5 does, and they call every function together. Callers hold an
/// Hdf5Session. Everything throws OutputError.
class Hdf5Store {
 public:
  Hdf5Store(const StoredFile& file, const comm::Communicator& comm);

  void write_attribute(const std::string& object, const std::string& name,
                       const AttributeValue& value);

  /// Creates the dataset of an empty table.
  void create_table(const StoredTable& table, const std::string& units);

  /// Takes rows, columns, dimensions and checksum from the dataset.
  void open_table(StoredTable& table);

  /// The checksum of rows from `first` on, as they are stored.
  [[nodiscard]] std::uint64_t sum_of_rows(const StoredTable& table, std::uint64_t first);

  /// Notes what the rows of a table have as checksum, on all ranks.
  void write_sum(const StoredTable& table, std::uint64_t sum);

  /// Throws unless there is a dataset of at least `rows` rows.
  void require_rows(const std::string& path, std::uint64_t rows);

  /// Makes room for `rows` rows, at least as many as there are.
  void extend(const StoredTable& table, std::uint64_t rows);

  /// Drops all rows but the first `rows`.
  void shrink(const StoredTable& table, std::uint64_t rows);

  /// Writes `mine`, this rank's part of the region `whole` that the ranks write together; `values`
  /// are those of `mine`, row by row.
  void write(const StoredTable& table, const Region& whole, const Region& mine,
             const std::byte* values);

  /// Creates and writes a dataset; `writes` on one rank only.
  void create_dataset(const std::string& path, const Block& block, const std::string& units,
                      bool writes);

  /// Replaces the values of a dataset of this type and size.
  void rewrite_dataset(const std::string& path, const Block& block, bool writes);

  void flush();
  void close();

  /// Leaves open, for others to close, what is open, and returns it, the file last.
  [[nodiscard]] std::vector<hid_t> release();

 private:
  [[nodiscard]] Hdf5Check checking(const std::string& action, const std::string& object) const {
    return {name_, action, object};
  }
  [[nodiscard]] Hdf5Check writing(const std::string& action, const std::string& object) const {
    return {name_, action, object, true};
  }
  /// That of a table, which stays open.
  [[nodiscard]] const Hdf5Handle& dataset(const std::string& path, const Hdf5Check& check);
  [[nodiscard]] Hdf5Handle create(const std::string& path, NumberType type, const Hdf5Handle& space,
                                  const Hdf5Handle& properties, const std::string& units,
                                  const Hdf5Check& check);
  /// On the disk, for all that the file has: WriteError if there is none.
  void make_room(const Hdf5Check& check);
  /// Puts what is at `path` out of reach.
  void remove(const std::string& path, const Hdf5Check& check);
  void write_block(const Hdf5Handle& dataset, const Block& block, bool writes,
                   const Hdf5Check& check);
  void transfer(const Hdf5Handle& dataset, NumberType type, int dimensions, const Region& whole,
                const Region& mine, const std::byte* values, const Hdf5Check& check);

  std::string name_;
  bool replaces_;
  bool shared_ = false;
  std::uint64_t room_ = 0;  ///< bytes for which there is room on the disk
  Hdf5Handle file_;
  std::map<std::string, Hdf5Handle> datasets_;  ///< of tables, by path
  Hdf5Handle link_creation_;                    ///< creates the groups of a path
  Hdf5Handle transfer_;                         ///< collective if the file is shared
};

}  // namespace eprop::recording
