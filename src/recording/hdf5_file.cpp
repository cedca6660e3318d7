#include "recording/hdf5_file.hpp"

#include <fmt/format.h>

#include "recording/hdf5_file_impl.hpp"

namespace eprop::recording {

Hdf5File::Hdf5File(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Hdf5File::Hdf5File(Hdf5File&&) noexcept = default;
Hdf5File& Hdf5File::operator=(Hdf5File&&) noexcept = default;
Hdf5File::~Hdf5File() = default;

Hdf5File Hdf5File::create(const std::string& path, comm::Communicator& comm, bool overwrite) {
  return Hdf5File(std::make_unique<Impl>(path, OpenMode::create, overwrite, comm));
}

Hdf5File Hdf5File::open_for_append(const std::string& path, comm::Communicator& comm,
                                   bool take_over) {
  return Hdf5File(std::make_unique<Impl>(path, OpenMode::append, take_over, comm));
}

void Hdf5File::flush() { impl_->flush(); }

void Hdf5File::close() { impl_->close(); }

std::uint64_t Hdf5File::unflushed_bytes() const { return impl_->unflushed_bytes(); }

std::chrono::nanoseconds Hdf5File::time_of_flush() const { return impl_->time_of_flush(); }

bool Hdf5File::has_lost_values() const { return impl_->has_lost_values(); }

void Hdf5File::require_rows(const std::string& path, std::uint64_t rows) {
  impl_->look([&](Hdf5Store& store) { store.require_rows(path, rows); });
}

void Hdf5File::write_attribute(const std::string& object, const std::string& name,
                               const AttributeValue& value) {
  impl_->make([=](Hdf5Store& store) { store.write_attribute(object, name, value); });
}

Table Hdf5File::create_table(const std::string& path, NumberType type, std::size_t columns,
                             const std::string& units) {
  return impl_->create({.path = path, .type = type, .dimensions = 2, .columns = columns}, units);
}

Table Hdf5File::create_list(const std::string& path, NumberType type, const std::string& units,
                            std::uint64_t chunk_bytes) {
  return impl_->create({.path = path, .type = type, .chunk_bytes = chunk_bytes}, units);
}

Table Hdf5File::open_table(const std::string& path, NumberType type) {
  if (const auto known = impl_->find(path)) {
    (void)impl_->typed(*known, type, impl_->at(*known).dimensions);
    return *known;
  }
  return impl_->open({.path = path, .type = type});
}

std::uint64_t Hdf5File::rows(Table table) const { return impl_->at(table).rows; }

std::uint64_t Hdf5File::columns(Table table) const { return impl_->at(table).columns; }

NumberType Hdf5File::type(Table table) const { return impl_->at(table).type; }

std::vector<std::pair<std::string, std::uint64_t>> Hdf5File::tables() const {
  std::vector<std::pair<std::string, std::uint64_t>> all;
  for (const StoredTable& table : impl_->tables()) all.emplace_back(table.path, table.rows);
  return all;
}

void Hdf5File::truncate(Table table, std::uint64_t rows) {
  impl_->truncate(impl_->at(table), rows);
}

void Hdf5File::append_columns(Table table, NumberType type, std::size_t n_rows,
                              std::size_t first_column, std::size_t my_columns,
                              std::span<const std::byte> values) {
  StoredTable& stored = impl_->typed(table, type, 2);
  const std::vector<ColumnPart> parts =
      comm::all_gather(impl_->communicator(),
                       ColumnPart{n_rows, first_column, my_columns, values.size() / size_of(type)});
  if (const std::string reason = flaw(parts, stored.columns); !reason.empty()) {
    impl_->checking("append to dataset", stored.path).fail(reason);
  }
  impl_->append_parts(stored, parts, values);
}

void Hdf5File::append_in_rank_order(Table table, NumberType type, std::span<const std::byte> mine) {
  StoredTable& stored = impl_->typed(table, type, 1);
  std::uint64_t n_rows = 0;
  std::vector<Region> regions;
  for (const std::uint64_t n :
       comm::all_gather(impl_->communicator(), std::uint64_t{mine.size() / size_of(type)})) {
    regions.push_back({{stored.rows + n_rows, 0}, {n, 1}});
    n_rows += n;
  }
  impl_->append(stored, n_rows, std::move(regions), mine);
}

void Hdf5File::write_dataset(const std::string& path, NumberType type,
                             std::span<const std::byte> values, std::size_t columns,
                             const std::string& units) {
  Block block = impl_->block(type, values, columns, impl_->checking("write dataset", path));
  const std::uint64_t bytes = block.bytes();
  impl_->make([=, block = std::move(block), writes = impl_->writes()](
                  Hdf5Store& store) { store.create_dataset(path, block, units, writes); },
              bytes);
}

void Hdf5File::rewrite_dataset(const std::string& path, NumberType type,
                               std::span<const std::byte> values, std::size_t columns) {
  Block block = impl_->block(type, values, columns, impl_->checking("rewrite dataset", path));
  const std::uint64_t bytes = block.bytes();
  impl_->make([=, block = std::move(block), writes = impl_->writes()](
                  Hdf5Store& store) { store.rewrite_dataset(path, block, writes); },
              bytes);
}

}  // namespace eprop::recording
