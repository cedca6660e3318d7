#include "state/build_worker.hpp"

#include "core/interval_offsets.hpp"
#include "core/random.hpp"
#include "network/connections.hpp"
#include "network/drawn_value.hpp"
#include "plan/tiling.hpp"
#include "state/build_synapses.hpp"

namespace eprop::state {
namespace {

/// Random numbers of learning signals are told apart from those of projections by this.
constexpr std::uint32_t learning_signal_stream = 0x800000;

plasticity::SignalWeights build_signal(const RankState& rank, std::uint32_t index,
                                       core::Range neurons) {
  const auto& plan = rank.plan;
  const auto& signal = plan.signals[index];
  const auto& spec = plan.network.learning_signals()[index];
  const auto seed = plan.network.options().seed;
  plasticity::SignalWeights weights;
  weights.readouts = plan.populations[signal.readout].size;
  weights.neurons = neurons.size();
  weights.B.assign(weights.readouts * weights.neurons, 0.0);
  weights.errors = &rank.readouts(signal.readout).errors;
  weights.lead = signal.lead;
  const auto stream = learning_signal_stream | index;
  const network::DrawnValue weight(spec.weight, {seed, core::Purpose::weight, stream}, 0);
  const network::ConnectionSpace space{weights.readouts, plan.populations[signal.target].size,
                                       false};
  for (const auto& c :
       network::connections(spec.rule, space, neurons,
                            core::RandomStream(seed, core::Purpose::connection, stream))) {
    weights.B[c.source * weights.neurons + (c.target - neurons.begin)] += weight(c.index);
  }
  return weights;
}

std::vector<plasticity::SignalWeights> build_signals(const RankState& rank,
                                                     std::uint32_t population,
                                                     core::Range neurons) {
  std::vector<plasticity::SignalWeights> signals;
  for (std::uint32_t i = 0; i < rank.plan.signals.size(); ++i) {
    if (rank.plan.signals[i].target == population) {
      signals.push_back(build_signal(rank, i, neurons));
    }
  }
  return signals;
}

/// Neurons of a block from which on its archive is packed. That of fewer is not large, and read as
/// it is it takes less time.
constexpr std::size_t packed_from = 4096;

/// Whether most surrogate gradients are zero: those of one shape, while others have tails.
bool is_mostly_zero(const NeuronModel& model) {
  return std::visit(
      []<class M>(const M& m) {
        if constexpr (std::derived_from<M, EpropNeuron>) {
          return m.surrogate_gradient_function == SurrogateGradient::piecewise_linear;
        }
        return false;
      },
      model);
}

/// The archive of the bsshslm_2020 family, of an update interval and a few steps.
void add_interval_archive(RecurrentPart& part, Step steps, bool packed) {
  const auto n = part.block.size();
  part.surrogate_gradient = core::StepRing(packed ? 1 : steps, n);
  if (packed) part.archive.packed = core::PackedRows(steps, n);
  part.archive.regularization.assign(n, 0.0);
}

/// Gives recurrent neurons the archive that learning looks back into.
void add_archive(RecurrentPart& part, const plan::Plan& plan, const plan::Neurons& neurons) {
  const auto n = part.block.size();
  if (neurons.family == Family::bsshslm_2020) {
    const auto& model = std::get<NeuronModel>(plan.network.populations()[part.population].what);
    const bool learns = !neurons.passes.empty();
    add_interval_archive(
        part, learns ? plan.timing.update_interval.value() + core::interval_offset::readouts : 1,
        learns && n >= packed_from && is_mostly_zero(model));
  } else if (neurons.family == Family::plus) {
    const auto& mode = plan.populations[part.population].transmission;
    part.signal_lag = mode.lag;
    part.transmission = plasticity::TransmissionArchive(mode, n);
    part.surrogate_gradient = core::StepRing(plasticity::rows_kept(mode), n);
  }
}

/// Adds a thread's part of each population to its worker.
struct WorkerBuilder {
  const RankState& rank;
  Worker& worker;
  bool synapses_exist;
  std::uint32_t population;
  core::Range neurons;

  [[nodiscard]] const NeuronModel& model() const {
    return std::get<NeuronModel>(rank.plan.network.populations()[population].what);
  }
  [[nodiscard]] std::vector<core::Range> add_synapses() const {
    const auto& what = rank.plan.populations[population];
    auto tiles = plan::tiles(neurons.size(), what.tile_width);
    if (synapses_exist) return tiles;
    for (const auto p : what.incoming) {
      worker.projections[p] = build_synapses(rank.plan, p, neurons, tiles);
    }
    return tiles;
  }

  void operator()(const plan::Inputs&) const {}
  void operator()(const plan::Neurons& what) const {
    const auto& options = rank.plan.network.options();
    RecurrentPart part{.population = population,
                       .block = {model(), population, neurons, options.dt, options.seed},
                       .tiles = add_synapses(),
                       .signals = build_signals(rank, population, neurons),
                       .signal_lag = core::interval_offset::lead,
                       .surrogate_gradient = {},
                       .archive = {},
                       .transmission = {}};
    add_archive(part, rank.plan, what);
    worker.recurrent.push_back(std::move(part));
  }
  void operator()(const plan::Readouts&) const {
    const auto& options = rank.plan.network.options();
    worker.readouts.push_back({.population = population,
                               .block = {model(), population, neurons, options.dt, options.seed},
                               .tiles = add_synapses(),
                               .target = std::vector<double>(neurons.size(), 0.0),
                               .window = std::vector<double>(neurons.size(), 0.0),
                               .losses = {}});
  }
};

}  // namespace

std::unique_ptr<Worker> build_worker(const RankState& rank, int thread,
                                     std::shared_ptr<ProjectionParts> synapses) {
  const bool exist = synapses != nullptr;
  if (!exist) synapses = std::make_shared<ProjectionParts>(rank.plan.projections.size());
  auto worker = std::make_unique<Worker>(std::move(synapses));
  for (std::uint32_t i = 0; i < rank.plan.populations.size(); ++i) {
    const auto& population = rank.plan.populations[i];
    const auto neurons = rank.layout.of_thread(population.size, thread);
    if (neurons.size() == 0) continue;
    std::visit(WorkerBuilder{rank, *worker, exist, i, neurons}, population.role);
  }
  return worker;
}

void mark_needed_sources(const RankState& rank, const Worker& worker, std::uint32_t population,
                         std::vector<bool>& needed) {
  for (std::size_t p = 0; p < rank.plan.projections.size(); ++p) {
    if (rank.plan.projections[p].source != population) continue;
    mark_sources(worker.projections[p], needed);
  }
}

}  // namespace eprop::state
