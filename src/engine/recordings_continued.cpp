#include "engine/recordings.hpp"

/// Output files that go on after a checkpoint.
namespace eprop::engine {

Recordings::TableRows Recordings::table_rows() const {
  TableRows rows;
  if (!file_) return rows;
  for (const auto& [path, n] : file_->tables()) rows[path] = static_cast<std::int64_t>(n);
  return rows;
}

void Recordings::open_to_continue(const std::string& path) {
  require_no_output(path);
  file_.emplace(recording::Hdf5File::open_for_append(path, comm_));
}

bool Recordings::continues(const std::string& group) const {
  const auto first = continued_.lower_bound(group + "/");
  return first != continued_.end() && first->first.starts_with(group + "/");
}

recording::Table Recordings::cut(recording::Table table) {
  const auto path = file_->tables().at(table.index).first;
  file_->truncate(table, static_cast<std::uint64_t>(continued_.at(path)));
  return table;
}

recording::sonata::SpikeTables Recordings::spike_tables(const std::string& population) {
  if (!continues("/spikes/" + population)) {
    return recording::sonata::create_spike_tables(*file_, population);
  }
  const auto tables = recording::sonata::open_spike_tables(*file_, population);
  cut(tables.timestamps);
  cut(tables.node_ids);
  return tables;
}

}  // namespace eprop::engine
