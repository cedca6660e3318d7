#include <filesystem>

#include "core/refuse.hpp"
#include "engine/recordings.hpp"
#include "eprop/comm/collectives.hpp"

/// The output file: its begin, its end, and how it goes on after a checkpoint.
namespace eprop::engine {

void Recordings::require_no_output(const std::string& path) const {
  if (file_) core::refuse("output", "path", path, "", "an output file is open already");
  if (!spikes_.empty() || !reports_.empty() || !weights_.empty()) {
    core::refuse("output", "path", path, "", "must be opened before recordings are added");
  }
}

bool Recordings::flush_is_due() {
  constexpr std::chrono::seconds interval{2};
  if (!file_) return false;
  std::vector<char> due{std::chrono::steady_clock::now() - flushed_ >= interval ? '\1' : '\0'};
  comm::broadcast(comm_, due, 0);
  return due.front() != '\0';
}

void Recordings::open(const std::string& path, bool overwrite) {
  require_no_output(path);
  continued_.clear();
  auto file = recording::Hdf5File::create(path, comm_, overwrite);
  recording::sonata::write_root_attributes(file);
  file_.emplace(std::move(file));
}

void Recordings::close(Step now) {
  if (!file_) return;
  flush(now);
  file_->close();
  file_.reset();
  appended_.clear();
  continued_.clear();
  spikes_.clear();
  running_.clear();
  reports_.clear();
  weights_.clear();
}

void Recordings::write_report_times(Step now) {
  for (const auto& report : reports_) {
    const auto samples = static_cast<Step>(file_->rows(report->tables.front()));
    if (samples == 0) continue;  // the time axis is as it was created
    // Samples have been taken without a gap up to now, or to the end of the window, but they may
    // have begun later than the window, and in a run that this one continues.
    const Step every = report->steps.every.value(), last = report->steps.last_before(now);
    for (const auto& name : report->in_file) {
      recording::sonata::rewrite_report_time(
          *file_, name,
          {time(last + 1 - (samples - 1) * every), time(last + 1 + every), time(every)});
    }
  }
}

Recordings::TableRows Recordings::table_rows() const {
  if (!file_) return {};
  TableRows rows = continued_;  // also of what has not been gone on with yet
  for (const auto& [path, n] : file_->tables()) rows[path] = static_cast<std::int64_t>(n);
  return rows;
}

void Recordings::open_to_continue(const std::string& path) {
  require_no_output(path);
  const auto gone = comm::failure_on_first_rank(comm_, [&] {
    std::error_code unknown;
    if (std::filesystem::exists(path, unknown) || unknown) return;
    throw OutputError(fmt::format("output file '{}': is not there", path));
  });
  if (gone) throw DamagedOutput(*gone);
  file_.emplace(recording::Hdf5File::open_for_append(path, comm_));
  try {
    for (const auto& [table, rows] : continued_) {
      file_->require_rows(table, static_cast<std::uint64_t>(rows));
    }
  } catch (const OutputError& error) {
    file_.reset();
    throw DamagedOutput(error.what());
  }
}

template <recording::Number T>
void Recordings::append(const std::string& path, std::span<const T> values,
                        const std::string& units) {
  constexpr std::uint64_t chunk_bytes = 8192;  // such lists are short
  if (!file_) return;
  auto table = appended_.find(path);
  if (table == appended_.end()) {
    const bool goes_on = continued_.contains(path);
    table = appended_
                .emplace(path, goes_on ? cut(file_->open_table<T>(path))
                                       : file_->create_list<T>(path, units, chunk_bytes))
                .first;
  }
  file_->append_in_rank_order<T>(table->second, comm_.rank() == 0 ? values : std::span<const T>{});
}

template void Recordings::append(const std::string&, std::span<const double>, const std::string&);
template void Recordings::append(const std::string&, std::span<const std::int64_t>,
                                 const std::string&);

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
