#include "recording/output.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/refuse.hpp"
#include "core/steps.hpp"
#include "eprop/comm/collectives.hpp"

namespace eprop::recording {
namespace {

/// Rows that are kept before they are written: about 16 MiB over all ranks.
std::size_t rows_kept(std::size_t columns) {
  return std::clamp<std::size_t>((std::size_t{16} << 20U) / (8 * std::max<std::size_t>(columns, 1)),
                                 16, 4096);
}

/// Sends every event to the rank that is to write its step: steps from..to are dealt out in order.
template <class Event>
std::vector<Event> sorted_by_time(const std::vector<Event>& own, comm::Communicator& comm) {
  if (comm.size() == 1) return own;
  const auto bounds = [&] {
    struct Span {
      Step first, last;
    };
    Span mine{std::numeric_limits<Step>::max(), -1};
    if (!own.empty()) mine = {own.front().step, own.back().step};
    for (const auto& s : comm::all_gather(comm, mine)) {
      mine = {std::min(mine.first, s.first), std::max(mine.last, s.last)};
    }
    return mine;
  }();
  const auto ranks = static_cast<Step>(comm.size());
  const Step share = bounds.last < 0 ? 1 : (bounds.last - bounds.first) / ranks + 1;
  std::vector<std::vector<Event>> to(static_cast<std::size_t>(ranks));
  for (const auto& event : own) {
    to[static_cast<std::size_t>((event.step - bounds.first) / share)].push_back(event);
  }
  std::vector<Event> merged;
  for (const auto& part : comm::all_to_all(comm, to)) {
    merged.insert(merged.end(), part.begin(), part.end());
  }
  std::stable_sort(merged.begin(), merged.end(),
                   [](const Event& a, const Event& b) { return a.step < b.step; });
  return merged;
}

}  // namespace

SampleSteps sample_steps(const RecordingWindow& window, double dt, const std::string& thing) {
  SampleSteps steps;
  steps.every =
      window.interval ? core::to_steps(*window.interval, dt, thing, "recording interval", 1) : 1;
  steps.first =
      core::to_steps(window.start, dt, thing, "recording start") + steps.every.value() - 1;
  steps.last = std::isinf(window.stop) && window.stop > 0
                   ? std::numeric_limits<Step>::max()
                   : core::to_steps(window.stop, dt, thing, "recording stop");
  return steps;
}

SampleRecorder::SampleRecorder(const comm::Share& columns, std::vector<Table> tables)
    : columns_(columns), tables_(std::move(tables)), capacity_(rows_kept(columns.all)) {
  buffer_.resize(capacity_ * columns_.own);
  times_.reserve(capacity_);
}

void SampleRecorder::commit(double time) {
  ++rows_;
  times_.push_back(time);
}

void SampleRecorder::write(Hdf5File& file) const {
  const std::size_t n = tables_.size();
  const std::size_t first = columns_.first / n, own = columns_.own / n;
  for (std::size_t i = 0; i < n; ++i) {
    const auto append = [&]<class T>(T (*stored)(double)) {
      std::vector<T> values(rows_ * own);
      for (std::size_t k = 0; k < values.size(); ++k) values[k] = stored(buffer_[k * n + i]);
      file.append_columns<T>(tables_[i], rows_, first, own, values);
    };
    if (file.type(tables_[i]) == NumberType::float32) {
      append(&sonata::reported);
    } else {
      append(+[](double value) { return value; });
    }
  }
}

void SampleRecorder::flush(Hdf5File* file, comm::Communicator& comm) {
  if (rows_ == 0) return;
  const std::span<const double> values(buffer_.data(), rows_ * columns_.own);
  if (file != nullptr && !tables_.empty()) {
    write(*file);
  } else {
    const auto parts = comm::gather(comm, std::vector<double>(values.begin(), values.end()), 0);
    if (comm.rank() == 0) {
      for (std::size_t row = 0; row < rows_; ++row) {
        for (const auto& part : parts) {
          const auto own = part.size() / rows_;
          const auto begin = part.begin() + static_cast<std::ptrdiff_t>(row * own);
          memory_.values.insert(memory_.values.end(), begin,
                                begin + static_cast<std::ptrdiff_t>(own));
        }
      }
      memory_.times.insert(memory_.times.end(), times_.begin(), times_.end());
    }
  }
  times_.clear();
  rows_ = 0;
}

void SampleRecorder::finish(Hdf5File* file, comm::Communicator& comm) {
  flush(file, comm);
  buffer_ = {};
  times_ = {};
}

void SpikeRecorder::record(Step t, std::span<const std::uint32_t> sources) {
  std::erase_if(windows_, [&](const SampleSteps& steps) { return steps.last <= t; });
  const auto in = [&](const SampleSteps& steps) { return steps.contains(t); };
  if (std::none_of(windows_.begin(), windows_.end(), in)) return;
  for (const auto source : sources) {
    if (own_.contains(source)) events_.push_back({t, source});
  }
}

Step SpikeRecorder::last_before(Step end) const {
  Step last = -1;
  for (const auto& steps : windows_) {
    if (steps.first < std::min(end, steps.last)) last = std::max(last, steps.last_before(end));
  }
  return last;
}

void SpikeRecorder::flush(Hdf5File* file, comm::Communicator& comm, double dt) {
  const auto sorted = sorted_by_time(events_, comm);
  events_.clear();
  std::vector<double> times;
  std::vector<std::uint64_t> neurons;
  for (const auto& event : sorted) {
    times.push_back(static_cast<double>(event.step + 1) * dt);
    neurons.push_back(event.neuron);
  }
  if (file != nullptr && tables_) {
    file->append_in_rank_order<double>(tables_->timestamps, times);
    file->append_in_rank_order<std::uint64_t>(tables_->node_ids, neurons);
    return;
  }
  const auto keep = [&]<class T>(std::vector<T>& kept, const std::vector<T>& own) {
    const auto all = comm::gather_all(comm, own, 0);
    kept.insert(kept.end(), all.begin(), all.end());
  };
  keep(memory_.times, times);
  keep(memory_.neurons, neurons);
}

}  // namespace eprop::recording
