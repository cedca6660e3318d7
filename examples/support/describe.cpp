#include "support/describe.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "eprop/comm/collectives.hpp"
#include "support/process_memory.hpp"
#include "support/text_table.hpp"

namespace eprop::examples {
namespace {

std::string name_of(const std::variant<NeuronModel, SpikeTrains, PoissonSource>& what) {
  const auto name = []<class T>(const T& t) -> std::string {
    if constexpr (std::is_same_v<T, NeuronModel>) {
      return std::visit([]<class M>(const M&) { return std::string(M::name); }, t);
    } else {
      return std::is_same_v<T, SpikeTrains> ? "spike trains" : "Poisson source";
    }
  };
  return std::visit(name, what);
}

struct RuleName {
  std::string operator()(const AllToAll&) const { return "AllToAll"; }
  std::string operator()(const OneToOne&) const { return "OneToOne"; }
  std::string operator()(const FixedIndegree& r) const {
    return fmt::format("FixedIndegree {}", r.indegree);
  }
  std::string operator()(const FixedOutdegree& r) const {
    return fmt::format("FixedOutdegree {}", r.outdegree);
  }
  std::string operator()(const PairwiseBernoulli& r) const {
    return fmt::format("PairwiseBernoulli {}", r.p);
  }
  std::string operator()(const ExplicitList&) const { return "ExplicitList"; }
};

/// Cells that describe a synapse: model, optimizer.
struct SynapseNames {
  std::array<std::string, 2> operator()(const StaticSynapse&) const {
    return {"static_synapse", "-"};
  }
  std::array<std::string, 2> operator()(const EpropSynapseBsshslm2020& s) const {
    return {"eprop_synapse_bsshslm_2020", optimizer_of(s)};
  }
  std::array<std::string, 2> operator()(const EpropSynapse& s) const {
    return {"eprop_synapse", optimizer_of(s)};
  }
  static std::string optimizer_of(const auto& synapse) {
    return std::visit([]<class O>(const O&) { return std::string(O::name); }, synapse.optimizer);
  }
};

std::string milliseconds(double time) { return fmt::format("{} ms", time); }

std::string populations(const Network& network) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& population : network.populations()) {
    rows.push_back({population.name, std::to_string(population.size), name_of(population.what)});
  }
  return text_table({{"population"}, {"neurons", Align::right}, {"model"}}, rows);
}

std::string projections(const Network& network, Simulation& simulation) {
  std::vector<std::vector<std::string>> rows;
  for (std::uint32_t i = 0; i < network.projections().size(); ++i) {
    const auto& p = network.projections()[i];
    const auto [model, optimizer] = std::visit(SynapseNames{}, p.synapse);
    const auto delay = std::visit([](const auto& s) { return s.delay.value(); }, p.synapse);
    rows.push_back({p.name, network.at(p.source).name, network.at(p.target).name,
                    std::visit(RuleName{}, p.rule), model, optimizer,
                    std::to_string(simulation.synapse_count(Projection{i})), milliseconds(delay)});
  }
  return text_table({{"projection"},
                     {"source"},
                     {"target"},
                     {"rule"},
                     {"synapse"},
                     {"optimizer"},
                     {"synapses", Align::right},
                     {"delay", Align::right}},
                    rows);
}

std::string learning_signals(const Network& network) {
  if (network.learning_signals().empty()) return "";
  std::vector<std::vector<std::string>> rows;
  for (const auto& s : network.learning_signals()) {
    rows.push_back({network.at(s.readout).name, network.at(s.target).name,
                    std::visit(RuleName{}, s.rule), milliseconds(s.delay)});
  }
  return '\n' +
         text_table({{"learning signal of"}, {"to"}, {"rule"}, {"delay", Align::right}}, rows);
}

std::string layout(const Simulation& simulation, const Network& network,
                   const SimulationOptions& options, const comm::Communicator& comm) {
  const auto steps = simulation.exchange_interval();
  return fmt::format(
      "layout             {} x {}, {}\n"
      "exchange interval  {} of {}, the smallest delay\n",
      counted(comm.size(), "rank"), counted(options.threads, "thread"),
      counted(options.replicas, "replica"), counted(steps, "step"),
      milliseconds(network.options().dt));
}

/// What `mine` is on the ranks: smallest, largest, all.
std::vector<std::string> of_ranks(const std::string& what, std::uint64_t mine,
                                  comm::Communicator& comm) {
  const auto all = comm::all_gather(comm, mine);
  const auto [least, most] = std::ranges::minmax(all);
  return {what, format_bytes(least), format_bytes(most),
          format_bytes(std::accumulate(all.begin(), all.end(), std::uint64_t{0}))};
}

std::string memory(const Simulation& simulation, comm::Communicator& comm) {
  const auto b = simulation.statistics().bytes;
  const std::array<std::pair<const char*, std::uint64_t>, 9> parts{{
      {"synapses", b.synapses},
      {"rows of synapses", b.rows},
      {"clocks of sources", b.clocks},
      {"neurons", b.neurons},
      {"archives", b.archives},
      {"history of spikes", b.spikes},
      {"routes and messages", b.exchange},
      {"counted", b.synapses + b.rows + b.clocks + b.neurons + b.archives + b.spikes + b.exchange},
      {"process", process_memory().resident},
  }};
  std::vector<std::vector<std::string>> rows;
  for (const auto& [what, bytes] : parts) rows.push_back(of_ranks(what, bytes, comm));
  return text_table({{"memory of a rank"},
                     {"smallest", Align::right},
                     {"largest", Align::right},
                     {"all ranks", Align::right}},
                    rows);
}

/// What the numbers above leave out.
std::string caveat(const SimulationOptions& options) {
  return fmt::format(
      "Counted when built, before the first step. The process has libraries and the\n"
      "description of the network besides. While it runs, inputs, recordings, the\n"
      "history of spikes{} and, in large populations, archives grow.\n",
      options.replicas > 1 ? ", the gradients of a batch's samples" : "");
}

}  // namespace

std::string counted(std::int64_t n, const std::string& one) {
  return fmt::format("{} {}{}", n, one, n == 1 ? "" : "s");
}

std::string format_bytes(std::uint64_t bytes) {
  constexpr std::array units{"KiB", "MiB", "GiB", "TiB"};
  if (bytes < 1024) return fmt::format("{} B", bytes);
  auto value = static_cast<double>(bytes) / 1024.0;
  std::size_t unit = 0;
  for (; value >= 1024.0 && unit + 1 < units.size(); ++unit) value /= 1024.0;
  return fmt::format("{:.1f} {}", value, units[unit]);
}

std::string describe(const Network& network, const SimulationOptions& options,
                     comm::Communicator& comm) {
  Simulation simulation(network, comm, options);
  return fmt::format("{}\n{}{}\n{}\n{}{}", populations(network), projections(network, simulation),
                     learning_signals(network), layout(simulation, network, options, comm),
                     memory(simulation, comm), caveat(options));
}

}  // namespace eprop::examples
