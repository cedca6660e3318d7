#include "core/refuse.hpp"
#include "engine/recordings.hpp"

/// The output file: its begin, its end, and how it goes on after a checkpoint.
namespace eprop::engine {

void Recordings::require_no_output(const std::string& path) const {
  if (file_) core::refuse("output", "path", path, "", "an output file is open already");
  if (!spikes_.empty() || !reports_.empty() || !weights_.empty()) {
    core::refuse("output", "path", path, "", "must be opened before recordings are added");
  }
}

void Recordings::open(const std::string& path) {
  require_no_output(path);
  continued_.clear();
  file_.emplace(recording::Hdf5File::create(path, comm_));
  recording::sonata::write_root_attributes(*file_);
}

void Recordings::close(Step now) {
  if (!file_) return;
  flush();
  for (const auto& report : reports_) {
    const auto samples = static_cast<Step>(file_->rows(*report->table));
    if (samples == 0) continue;  // the time axis is as it was created
    // Samples have been taken without a gap up to now, or to the end of the window, but they may
    // have begun later than the window, and in a run that this one continues.
    const Step every = report->steps.every.value(), last = report->steps.last_before(now);
    recording::sonata::rewrite_report_time(
        *file_, report->name,
        {time(last + 1 - (samples - 1) * every), time(last + 1 + every), time(every)});
  }
  file_->close();
  file_.reset();
  spikes_.clear();
  running_.clear();
  reports_.clear();
  weights_.clear();
}

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
