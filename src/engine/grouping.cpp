#include "engine/grouping.hpp"

#include <array>
#include <utility>

#include "core/refuse.hpp"
#include "eprop/comm/collectives.hpp"
#include "plan/replicas.hpp"

namespace eprop::engine {
namespace {

void require_threads(int threads) {
  constexpr int most = 1024;
  if (threads >= 1 && threads <= most) return;
  core::refuse("simulation", "threads", threads, "",
               fmt::format("must be >= 1 and at most {}", most));
}

void require(const SimulationOptions& options, comm::Communicator& all) {
  require_threads(options.threads);
  for (const auto& [threads, replicas] :
       comm::all_gather(all, std::array{options.threads, options.replicas})) {
    if (threads != options.threads) {
      core::refuse("simulation", "threads", threads, "", "must be the same on all ranks");
    }
    if (replicas != options.replicas) {
      core::refuse("simulation", "replicas", replicas, "", "must be the same on all ranks");
    }
  }
}

/// Why there can be no replicas; empty if there can be.
std::string dependence(const plan::Plan& plan) {
  const auto obstacle = plan::replica_obstacle(plan);
  return obstacle.empty() ? "" : "samples of a batch depend on each other: " + obstacle;
}

/// How many replicas a rank has, if so many are possible.
int lanes_of(const Network& network, int ranks, const SimulationOptions& options) {
  const int replicas = options.replicas, all_threads = ranks * options.threads;
  if (replicas == 1) return 1;
  const auto refuse = [&](const std::string& rule) {
    core::refuse("simulation", "replicas", replicas, "", rule);
  };
  const auto plan = plan::make_plan(network);
  if (const auto reason = dependence(plan); !reason.empty()) refuse("must be 1, as " + reason);
  if (replicas < 1 || replicas > plan::most_replicas(plan)) {
    refuse(fmt::format("must be >= 1 and at most half the batch of {} samples",
                       plan::samples_of_batch(plan)));
  }
  if (replicas != all_threads && ranks % replicas != 0) {
    refuse(
        fmt::format("must be the number of threads on all ranks, {}, or divide that of ranks, "
                    "{}, with as many ranks for each",
                    all_threads, ranks));
  }
  return replicas == all_threads ? options.threads : 1;
}

}  // namespace

Grouping::Grouping(const Network& network, comm::Communicator& all,
                   const SimulationOptions& options)
    : whole(all), threads(options.threads), lanes(1) {
  require(options, all);
  if (options.replicas != 1 && all.is_dry_run()) {
    core::refuse("simulation", "replicas", options.replicas, "",
                 "must be 1 in a dry run, whose ranks are all of one group");
  }
  lanes = lanes_of(network, all.size(), options);
  const int groups = options.replicas / lanes;
  if (groups == 1) return;
  const int ranks_of_group = all.size() / groups;
  own_group_ = all.split(all.rank() / ranks_of_group);
  across_ = all.split(all.rank() % ranks_of_group);
}

}  // namespace eprop::engine

namespace eprop {

ReplicaChoice most_replicas(const Network& network, int ranks, int threads) {
  constexpr double most_bytes = 1024.0 * 1024.0 * 1024.0;
  constexpr int most_ranks = 1 << 20;
  engine::require_threads(threads);
  if (ranks < 1 || ranks > most_ranks) {
    core::refuse("simulation", "ranks", ranks, "",
                 fmt::format("must be >= 1 and at most {}", most_ranks));
  }
  const int all_threads = ranks * threads;
  if (all_threads == 1) return {};
  const auto plan = plan::make_plan(network);
  if (auto reason = engine::dependence(plan); !reason.empty()) return {1, std::move(reason)};
  const auto batch = plan::samples_of_batch(plan);
  const double bytes = plan::possible_learning_synapses(plan) * static_cast<double>(batch) /
                       static_cast<double>(ranks) * sizeof(double);
  if (bytes > most_bytes) {
    return {1, fmt::format("the gradients of a batch may take {:.1f} GiB on a rank",
                           bytes / most_bytes)};
  }
  const auto most = plan::most_replicas(plan);
  if (all_threads <= most) return {all_threads, {}};
  int replicas = ranks;
  while (replicas > most || ranks % replicas != 0) --replicas;
  return {replicas, fmt::format("a batch of {} samples has work for {}", batch, most)};
}

}  // namespace eprop
