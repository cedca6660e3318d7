#include "reports/transmission_reports.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "core/refuse.hpp"
#include "eprop/comm/collectives.hpp"

namespace eprop::reports {
namespace {

/// Which of `size` neurons are recorded.
std::vector<std::uint8_t> chosen(const std::vector<std::uint32_t>& neurons, std::uint32_t size,
                                 const std::string& thing, const char* what) {
  std::vector<std::uint8_t> flags(size, neurons.empty() ? 1 : 0);
  for (const auto i : neurons) {
    if (i >= size) {
      core::refuse(thing, what, i, "", fmt::format("must be below the population's size {}", size));
    }
    flags[i] = 1;
  }
  return flags;
}

}  // namespace

void TransmissionReports::add(Projection projection, const TransmissionRecording& recording) {
  const auto& spec = rank_.plan.network.at(projection);
  const auto& plan = rank_.plan.projections[projection.index];
  const auto thing = fmt::format("projection '{}'", spec.name);
  if (recording.window.interval) {
    core::refuse(thing, "recording interval", *recording.window.interval, "ms",
                 "must not be given: all transmissions are recorded");
  }
  for (const auto& report : reports_) {
    if (report->projection == projection.index) {
      core::refuse(thing, "recording", "transmissions", "", "is recorded already");
    }
  }
  reports_.push_back(std::make_unique<Report>(Report{
      projection.index,
      steps_in(recording.window, thing),
      chosen(recording.sources, plan.n_sources, thing, "recorded source"),
      chosen(recording.targets, plan.n_targets, thing, "recorded target"),
      std::vector<std::vector<Event>>(rank_.workers.size()),
      {},
  }));
}

void TransmissionReports::before_delivery(std::size_t thread, Step t) {
  const bool interval_begins = rank_.plan.timing.interval_begins(t);
  for (auto& report : reports_) {
    const auto& plan = plan_of(*report);
    const Step spike = t - plan.delay;
    if (!report->steps.contains(spike)) continue;
    if (interval_begins && plan.drops_first_arrivals()) continue;
    sample(*report, thread, spike);
  }
}

void TransmissionReports::sample(Report& report, std::size_t thread, Step spike) const {
  const auto& tiles = rank_.workers[thread]->projections[report.projection].tiles;
  for (const auto source : rank_.spikes(plan_of(report).source).history.at(spike)) {
    if (report.from[source] == 0) continue;
    for (const auto& tile : tiles) {
      const synapses::Row row(tile, source);
      for (std::uint32_t s = 0; s < row.size; ++s) {
        const auto target = tile.targets.begin + row.target[s];
        if (report.to[target] == 0) continue;
        report.own[thread].push_back({spike, source, target, tile.weight[row.first + s]});
      }
    }
  }
}

void TransmissionReports::commit(Step t) {
  if ((t + 1) % flush_interval == 0) flush(t + 1);
}

Step TransmissionReports::last_before(Step end) const {
  Step last = -1;
  for (const auto& report : reports_) {
    const Step delay = plan_of(*report).delay;
    const Step end_of_spikes = std::min(report->steps.last, end - delay);
    if (report->steps.first < end_of_spikes) {
      last = std::max(last, end_of_spikes - 1 + delay);
    }
  }
  return last;
}

void TransmissionReports::flush(Step /*now*/) {
  for (auto& report : reports_) flush(*report);
}

void TransmissionReports::flush(Report& report) {
  std::vector<Event> own;
  for (auto& of_thread : report.own) {
    own.insert(own.end(), of_thread.begin(), of_thread.end());
    of_thread.clear();
  }
  auto events = comm::gather_all(comm_, own, 0);
  const auto order = [](const Event& e) { return std::tuple(e.spike, e.source, e.target); };
  std::stable_sort(events.begin(), events.end(),
                   [&](const Event& a, const Event& b) { return order(a) < order(b); });
  for (const auto& event : events) {
    report.memory.times.push_back(time(event.spike + 1));
    report.memory.source.push_back(event.source);
    report.memory.target.push_back(event.target);
    report.memory.weight.push_back(event.weight);
  }
}

Transmissions TransmissionReports::take(Projection projection) {
  const auto& name = rank_.plan.network.at(projection).name;
  for (auto& report : reports_) {
    if (report->projection != projection.index) continue;
    flush(*report);
    return std::exchange(report->memory, {});
  }
  core::refuse(fmt::format("projection '{}'", name), "recorded transmissions", "none", "",
               "they are not recorded");
}

}  // namespace eprop::reports
