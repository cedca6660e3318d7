#include "reports/output_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "eprop/comm/agreement.hpp"
#include "eprop/errors.hpp"
#include "recording/sonata.hpp"

namespace eprop::reports {

void OutputFile::create(const std::string& path, bool overwrite) {
  continued_.clear();
  auto file = recording::Hdf5File::create(path, comm_, overwrite);
  recording::sonata::write_root_attributes(file);
  file_.emplace(std::move(file));
}

void OutputFile::close() {
  file_->close();
  file_.reset();
  appended_.clear();
  continued_.clear();
}

OutputFile::TableRows OutputFile::table_rows() const {
  if (!file_) return {};
  TableRows rows = continued_;  // also of what has not been gone on with yet
  for (const auto& [path, n] : file_->tables()) rows[path] = static_cast<std::int64_t>(n);
  return rows;
}

void OutputFile::open_to_continue(const std::string& path, bool take_over) {
  comm::on_first_rank<DamagedOutput>(comm_, "going on with the output file", [&] {
    std::error_code unknown;
    if (std::filesystem::exists(path, unknown) || unknown) return;
    throw DamagedOutput(fmt::format("output file '{}': is not there", path));
  });
  file_.emplace(recording::Hdf5File::open_for_append(path, comm_, take_over));
  try {
    for (const auto& [table, rows] : continued_) {
      file_->require_rows(table, static_cast<std::uint64_t>(rows));
    }
  } catch (const OutputError& error) {
    file_.reset();
    throw DamagedOutput(error.what());
  }
}

bool OutputFile::continues(const std::string& group) const {
  const auto first = continued_.lower_bound(group + "/");
  return first != continued_.end() && first->first.starts_with(group + "/");
}

recording::Table OutputFile::cut(recording::Table table) {
  const auto path = file_->tables().at(table.index).first;
  file_->truncate(table, static_cast<std::uint64_t>(continued_.at(path)));
  return table;
}

template <recording::Number T>
void OutputFile::append(const std::string& path, std::span<const T> values,
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

template void OutputFile::append(const std::string&, std::span<const double>, const std::string&);
template void OutputFile::append(const std::string&, std::span<const std::int64_t>,
                                 const std::string&);

bool OutputFile::flush_is_due() {
  constexpr std::chrono::nanoseconds interval = std::chrono::seconds(2);
  if (!file_) return false;
  const auto passed = std::chrono::steady_clock::now() - flushed_;
  std::vector<char> due{passed >= std::max(interval, 20 * file_->time_of_flush()) ? '\1' : '\0'};
  comm::broadcast(comm_, due, 0);
  return due.front() != '\0';
}

bool OutputFile::is_full() const {
  constexpr std::uint64_t most_bytes = std::uint64_t{64} << 20U;
  return file_ && file_->unflushed_bytes() >= most_bytes;
}

void OutputFile::flush() {
  file_->flush();
  flushed_ = std::chrono::steady_clock::now();
}

}  // namespace eprop::reports
