#include "reports/weight_reports.hpp"

#include <algorithm>

#include "core/refuse.hpp"
#include "eprop/comm/collectives.hpp"
#include "learning/transmissions.hpp"

namespace eprop::reports {
namespace {

std::size_t count(const std::vector<std::vector<state::SynapsePlace>>& places) {
  std::size_t n = 0;
  for (const auto& of_worker : places) n += of_worker.size();
  return n;
}

}  // namespace

void WeightReports::add(Projection projection, const WeightRecording& recording) {
  const auto& spec = rank_.plan.network.at(projection);
  const auto thing = fmt::format("projection '{}'", spec.name);
  if (file() == nullptr) {
    core::refuse(thing, "recording", "weights", "", "needs an output file: open_output() first");
  }
  auto window = recording.window;
  if (!window.interval) {
    window.interval = rank_.plan.network.options().update_interval.value();
  }
  auto steps = steps_in(window, thing);
  steps.first -= steps.every.value() - 1;  // the first sample is taken at the start of the window
  for (const auto& report : reports_) {
    if (report->projection == projection.index) {
      core::refuse(thing, "recording", "weights", "", "is recorded already");
    }
  }
  if (recording.synapses == std::size_t{0}) {
    core::refuse(thing, "recorded synapses", 0, "", "must be >= 1");
  }
  auto places = places_of(projection, recording.synapses);
  std::vector<std::size_t> first_column;
  std::size_t column = 0;
  for (const auto& of_worker : places) {
    first_column.push_back(column);
    column += of_worker.size();
  }
  const auto share = comm::share_of(comm_, column);
  const auto [weights, times] = tables(spec.name, places, share.all);
  reports_.push_back(std::make_unique<Report>(
      Report{projection.index, steps, recording::SampleRecorder(share, {weights}), times,
             std::move(places), std::move(first_column)}));
}

WeightReports::Places WeightReports::places_of(Projection projection,
                                               std::optional<std::size_t> most) const {
  Places places;
  for (const auto& worker : rank_.workers) {
    places.push_back(state::ordered_synapses(worker->projections[projection.index]));
  }
  if (!most) return places;
  const auto share = comm::share_of(comm_, count(places));
  std::size_t left = *most - std::min(*most, share.first);
  for (auto& of_worker : places) {
    of_worker.resize(std::min(of_worker.size(), left));
    left -= of_worker.size();
  }
  return places;
}

WeightReports::Tables WeightReports::tables(const std::string& projection, const Places& places,
                                            std::size_t columns) {
  const auto path = "/weights/" + projection;
  if (output_.continues(path)) {
    const auto weights = output_.cut(file()->open_table<double>(path + "/data"));
    return {weights, output_.cut(file()->open_table<double>(path + "/time"))};
  }
  const auto weights = file()->create_table<double>(path + "/data", columns, "pA");
  const auto times = file()->create_list<double>(path + "/time", "ms");
  const auto write_indices = [&](const std::string& name, auto member) {
    std::vector<std::uint32_t> values;
    for (const auto& of_worker : places) {
      for (const auto& place : of_worker) values.push_back(place.*member);
    }
    file()->append_in_rank_order<std::uint32_t>(file()->create_list<std::uint32_t>(path + name, ""),
                                                values);
  };
  write_indices("/source", &state::SynapsePlace::source);
  write_indices("/target", &state::SynapsePlace::target);
  return {weights, times};
}

void WeightReports::before_delivery(std::size_t thread, Step t) {
  for (auto& report : reports_) {
    if (!report->steps.contains(t)) continue;
    const auto& worker = *rank_.workers[thread];
    double* into = report->recorder.row() + report->first_column[thread];
    const auto& part = worker.projections[report->projection];
    if (rank_.plan.projections[report->projection].family != Family::plus) {
      for (const auto& place : report->places[thread]) {
        *into++ = part.tiles[place.tile].weight[place.synapse];
      }
      continue;
    }
    std::vector<core::Column> tiles(part.tiles.size());
    for (const auto& place : report->places[thread]) {
      auto& weights = tiles[place.tile];
      if (weights.empty()) {
        weights =
            learning::weights_in_force(rank_, worker, report->projection, place.tile, t).weights;
      }
      *into++ = weights[place.synapse];
    }
  }
}

void WeightReports::sample(Step t) {
  for (std::size_t thread = 0; thread < rank_.workers.size(); ++thread) before_delivery(thread, t);
  commit(t);
}

void WeightReports::commit(Step t) {
  for (auto& report : reports_) {
    if (!report->steps.contains(t)) continue;
    report->recorder.commit(time(t));
    if (report->recorder.full()) flush(*report);
  }
}

void WeightReports::flush(Report& report) {
  const auto times = comm_.rank() == 0 ? report.recorder.times() : std::vector<double>{};
  report.recorder.flush(file(), comm_);
  if (file() != nullptr) file()->append_in_rank_order<double>(report.times, times);
}

void WeightReports::flush(Step /*now*/) {
  for (auto& report : reports_) flush(*report);
}

}  // namespace eprop::reports
