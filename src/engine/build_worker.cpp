#include "engine/build_worker.hpp"

#include <algorithm>
#include <cmath>
#include <concepts>

#include "core/random.hpp"
#include "core/refuse.hpp"
#include "engine/transmission_modes.hpp"
#include "network/connections.hpp"
#include "network/drawn_value.hpp"

namespace eprop::engine {
namespace {

constexpr std::uint32_t smallest_tile = 256;
constexpr std::uint32_t largest_tile = 65536;
/// Random numbers of learning signals are told apart from those of projections by this.
constexpr std::uint32_t learning_signal_stream = 0x800000;

double mean_indegree(const ConnectionRule& rule, double sources, double targets) {
  struct {
    double sources, targets;
    double operator()(const AllToAll&) const { return sources; }
    double operator()(const OneToOne&) const { return 1.0; }
    double operator()(const FixedIndegree& r) const { return r.indegree; }
    double operator()(const FixedOutdegree& r) const { return r.outdegree * sources / targets; }
    double operator()(const PairwiseBernoulli& r) const { return r.p * sources; }
    double operator()(const ExplicitList& r) const {
      return static_cast<double>(r.source.size()) / targets;
    }
  } const visitor{sources, targets};
  return std::visit(visitor, rule);
}

/// Plastic synapses are worked on tile by tile, so that the coefficients of a tile stay in cache;
/// but a source should have some 16 synapses in a tile, or rows get too short.
std::uint32_t tile_width(const RankState& rank, std::uint32_t population) {
  double width = 0.0;
  for (std::size_t p = 0; p < rank.projections.size(); ++p) {
    const auto& info = rank.projections[p];
    if (info.target != population || info.plasticity == Family::none) continue;
    const auto& rule = rank.network.projections()[p].rule;
    const double degree =
        mean_indegree(rule, info.n_sources, rank.network.populations()[population].size);
    width = std::max(width, 16.0 * info.n_sources / std::max(degree, 1e-3));
  }
  if (width == 0.0) return largest_tile;
  return static_cast<std::uint32_t>(std::clamp<double>(width, smallest_tile, largest_tile));
}

std::vector<core::Range> tiles(std::uint32_t size, std::uint32_t width) {
  const auto n = static_cast<int>((size + width - 1) / width);
  std::vector<core::Range> ranges;
  for (int i = 0; i < n; ++i) ranges.push_back(core::block(size, i, n));
  return ranges;
}

core::Range absolute(core::Range relative, core::Range block) {
  return {block.begin + relative.begin, block.begin + relative.end};
}

const Value& weight_of(const SynapseModel& synapse) {
  return std::visit([](const auto& s) -> const Value& { return s.weight; }, synapse);
}

bool targets_adapt(const RankState& rank, std::uint32_t population) {
  return std::visit([]<class M>(const M&) { return std::derived_from<M, Adaptation>; },
                    std::get<NeuronModel>(rank.network.populations()[population].what));
}

/// The connections of a projection onto the targets of one thread, tile by tile.
class TileConnections {
 public:
  TileConnections(const RankState& rank, std::uint32_t projection, core::Range neurons)
      : rule_(rank.network.projections()[projection].rule),
        space_(space_of(rank, projection)),
        random_(rank.network.options().seed, core::Purpose::connection, projection) {
    if (network::made_by_source(rule_)) {
      all_ = network::connections(rule_, space_, neurons, random_);
    }
  }

  /// Ordered by target, source, index.
  [[nodiscard]] std::vector<network::Connection> onto(core::Range targets) const {
    if (!network::made_by_source(rule_)) {
      return network::connections(rule_, space_, targets, random_);
    }
    const auto at = [&](std::uint32_t target) {
      return std::partition_point(all_.begin(), all_.end(),
                                  [&](const auto& c) { return c.target < target; });
    };
    return {at(targets.begin), at(targets.end)};
  }

 private:
  static network::ConnectionSpace space_of(const RankState& rank, std::uint32_t projection) {
    const auto& info = rank.projections[projection];
    return {info.n_sources, rank.network.populations()[info.target].size,
            info.source == info.target};
  }

  const ConnectionRule& rule_;
  const network::ConnectionSpace space_;
  const core::RandomStream random_;
  std::vector<network::Connection> all_;  ///< of rules made by source
};

synapses::SynapseTile build_tile(const RankState& rank, std::uint32_t projection,
                                 core::Range targets,
                                 const std::vector<network::Connection>& list) {
  const auto& spec = rank.network.projections()[projection];
  const auto& info = rank.projections[projection];
  const auto seed = rank.network.options().seed;
  synapses::SynapseTile tile(list, targets, info.n_sources);
  const network::DrawnValue weight(weight_of(spec.synapse),
                                   {seed, core::Purpose::weight, projection}, 0);
  tile.weight.resize(tile.size());
  auto next = tile.begin;
  for (const auto& c : list) {
    const double w = weight(c.index);
    if (info.optimizer && (w < info.optimizer->w_min || w > info.optimizer->w_max)) {
      core::refuse(fmt::format("projection '{}', synapse {} -> {}", spec.name, c.source, c.target),
                   "weight", w, "pA",
                   fmt::format("must be within [Wmin, Wmax] = [{}, {}] pA", info.optimizer->w_min,
                               info.optimizer->w_max));
    }
    tile.weight[next[c.source]++] = w;
  }
  if (info.plasticity == Family::plus) {
    plasticity::add_transmission_state(tile, rank.populations[info.target].transmission,
                                       info.onto_readouts, targets_adapt(rank, info.target),
                                       transmission_optimizer(info));
  }
  if (info.optimizer) plasticity::add_optimizer_state(tile, *info.optimizer);
  return tile;
}

std::vector<plasticity::SignalWeights> build_signals(RankState& rank, std::uint32_t population,
                                                     core::Range neurons) {
  std::vector<plasticity::SignalWeights> signals;
  const auto seed = rank.network.options().seed;
  const auto& specs = rank.network.learning_signals();
  for (std::uint32_t i = 0; i < specs.size(); ++i) {
    const auto& spec = specs[i];
    if (spec.target.index != population) continue;
    plasticity::SignalWeights signal;
    signal.readouts = rank.network.populations()[spec.readout.index].size;
    signal.neurons = neurons.size();
    signal.B.assign(signal.readouts * signal.neurons, 0.0);
    signal.errors = &rank.populations[spec.readout.index].errors;
    signal.lead = signal_lead(rank, population, spec.readout.index);
    const auto stream = learning_signal_stream | i;
    const network::DrawnValue weight(spec.weight, {seed, core::Purpose::weight, stream}, 0);
    const network::ConnectionSpace space{signal.readouts,
                                         rank.network.populations()[population].size, false};
    for (const auto& c :
         network::connections(spec.rule, space, neurons,
                              core::RandomStream(seed, core::Purpose::connection, stream))) {
      signal.B[c.source * signal.neurons + (c.target - neurons.begin)] += weight(c.index);
    }
    signals.push_back(std::move(signal));
  }
  return signals;
}

void group_passes(const RankState& rank, RecurrentPart& part) {
  for (const auto p : part.incoming) {
    const auto& info = rank.projections[p];
    if (info.plasticity != Family::bsshslm_2020) continue;
    auto group = std::find_if(part.passes.begin(), part.passes.end(),
                              [&](const PassGroup& g) { return g.kappa == info.kappa; });
    if (group == part.passes.end()) group = part.passes.insert(group, {info.kappa, {}});
    group->projections.push_back(p);
  }
}

std::vector<std::uint32_t> incoming(const RankState& rank, std::uint32_t population) {
  std::vector<std::uint32_t> list;
  for (std::uint32_t p = 0; p < rank.projections.size(); ++p) {
    if (rank.projections[p].target == population) list.push_back(p);
  }
  return list;
}

void build_synapses(const RankState& rank, Worker& worker, core::Range neurons,
                    const std::vector<core::Range>& ranges,
                    const std::vector<std::uint32_t>& projections) {
  for (const auto p : projections) {
    if (rank.projections[p].plasticity == Family::plus) {
      worker.projections[p].clocks.resize(rank.projections[p].n_sources);
    }
    const TileConnections connections(rank, p, neurons);
    for (const auto& range : ranges) {
      const auto targets = absolute(range, neurons);
      worker.projections[p].tiles.push_back(
          build_tile(rank, p, targets, connections.onto(targets)));
    }
  }
}

void add_recurrent(RankState& rank, Worker& worker, std::uint32_t population,
                   const NeuronModel& model, core::Range neurons) {
  const auto& options = rank.network.options();
  RecurrentPart part{.population = population,
                     .block = {model, population, neurons, options.dt, options.seed},
                     .tiles = tiles(neurons.size(), tile_width(rank, population)),
                     .incoming = incoming(rank, population),
                     .signals = build_signals(rank, population, neurons),
                     .signal_lag = 2,
                     .surrogate_gradient = {},
                     .archive = {},
                     .passes = {},
                     .transmission = {}};
  build_synapses(rank, worker, neurons, part.tiles, part.incoming);
  group_passes(rank, part);
  if (part.block.family == Family::bsshslm_2020) {
    part.surrogate_gradient = core::StepRing(
        part.passes.empty() ? 1 : rank.timing.update_interval.value() + 3, neurons.size());
    part.archive.regularization.assign(neurons.size(), 0.0);
  } else if (part.block.family == Family::plus) {
    const auto& mode = rank.populations[population].transmission;
    part.signal_lag = mode.lag;
    part.transmission = plasticity::TransmissionArchive(mode, neurons.size());
    part.surrogate_gradient = core::StepRing(plasticity::rows_kept(mode), neurons.size());
  }
  worker.recurrent.push_back(std::move(part));
}

void add_readout(RankState& rank, Worker& worker, std::uint32_t population,
                 const NeuronModel& model, core::Range neurons) {
  const auto& options = rank.network.options();
  auto& state = rank.populations[population];
  ReadoutPart part{.population = population,
                   .block = {model, population, neurons, options.dt, options.seed},
                   .tiles = tiles(neurons.size(), tile_width(rank, population)),
                   .incoming = incoming(rank, population),
                   .target = std::vector<double>(neurons.size(), 0.0),
                   .window = std::vector<double>(neurons.size(), 0.0),
                   .errors = &state.errors,
                   .potentials = state.potentials.empty() ? nullptr : &state.potentials,
                   .losses = {}};
  build_synapses(rank, worker, neurons, part.tiles, part.incoming);
  worker.readouts.push_back(std::move(part));
}

}  // namespace

std::unique_ptr<Worker> build_worker(RankState& rank, int thread) {
  auto worker = std::make_unique<Worker>();
  worker->projections.resize(rank.projections.size());
  for (std::uint32_t i = 0; i < rank.network.populations().size(); ++i) {
    const auto& spec = rank.network.populations()[i];
    const auto* model = std::get_if<NeuronModel>(&spec.what);
    const auto neurons = rank.layout.of_thread(spec.size, thread);
    if (model == nullptr || neurons.size() == 0) continue;
    if (network::is_readout(*model)) {
      add_readout(rank, *worker, i, *model, neurons);
    } else {
      add_recurrent(rank, *worker, i, *model, neurons);
    }
  }
  return worker;
}

void mark_needed_sources(const RankState& rank, const Worker& worker, std::uint32_t population,
                         std::vector<bool>& needed) {
  for (std::size_t p = 0; p < rank.projections.size(); ++p) {
    if (rank.projections[p].source != population) continue;
    for (const auto& tile : worker.projections[p].tiles) {
      for (std::uint32_t s = 0; s < tile.n_sources(); ++s) {
        if (tile.begin[s + 1] > tile.begin[s]) needed[s] = true;
      }
    }
  }
}

}  // namespace eprop::engine
