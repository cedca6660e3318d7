#include "reports/reports.hpp"

#include <algorithm>

#include "core/refuse.hpp"

namespace eprop::reports {

void Reports::require_no_output(const std::string& path) {
  if (output_.file() != nullptr) {
    core::refuse("output", "path", path, "", "an output file is open already");
  }
  for_each_kind([&](const auto& kind) {
    if (kind.empty()) return;
    core::refuse("output", "path", path, "", "must be opened before recordings are added");
  });
}

void Reports::open(const std::string& path, bool overwrite) {
  require_no_output(path);
  output_.create(path, overwrite);
}

void Reports::open_to_continue(const std::string& path, bool take_over) {
  require_no_output(path);
  output_.open_to_continue(path, take_over);
}

void Reports::commit(Step t) {
  for_each_used([&](auto& kind) { kind.commit(t); });
  flush_if_due(t + 1);
}

void Reports::flush_if_due(Step now) {
  if (output_.is_full() || (now % flush_interval == 0 && output_.flush_is_due())) flush(now);
}

Step Reports::last_state_sampled_before(Step end) {
  return std::max({of<SpikeReports>().last_before(end), of<TraceReports>().last_before(end),
                   of<TransmissionReports>().last_before(end),
                   of<TransmittedWeights>().last_before(end)});
}

void Reports::skip(Step first, Step last) {
  auto& weights = of<WeightReports>();
  for (Step t = first; t < last; ++t) {
    if (!weights.empty()) weights.sample(t);
    flush_if_due(t + 1);
  }
}

void Reports::flush(Step now) {
  for_each_kind([&](auto& kind) { kind.flush(now); });
  if (output_.file() != nullptr) output_.flush();
}

void Reports::close(Step now) {
  if (output_.file() == nullptr) return;
  flush(now);
  output_.close();
  for_each_kind([](auto& kind) { kind.clear(); });
}

}  // namespace eprop::reports
