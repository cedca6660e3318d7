#include "transfer/fingerprint.hpp"

#include <fmt/format.h>

#include "network/model_traits.hpp"
#include "network/optimizers.hpp"
#include "network/parameters.hpp"
#include "network/value_words.hpp"
#include "state/connection_sums.hpp"

namespace eprop::transfer {
namespace {

std::string words(const SynapseModel& synapse) {
  if (const auto* s = std::get_if<StaticSynapse>(&synapse)) {
    return fmt::format("static, delay {} ms", s->delay.value());
  }
  if (const auto* s = std::get_if<EpropSynapseBsshslm2020>(&synapse)) {
    return fmt::format("eprop_synapse_bsshslm_2020, tau_m_readout {} ms, {}{}", s->tau_m_readout,
                       network::words(s->optimizer),
                       s->average_gradient ? ", gradients averaged" : "");
  }
  const auto& s = std::get<EpropSynapse>(synapse);
  return fmt::format("eprop_synapse, delay {} ms, {}{}", s.delay.value(),
                     network::words(s.optimizer), s.optimize_each_step ? ", each step" : "");
}

class Description {
 public:
  explicit Description(const Network& network) : network_(network) {
    const auto& o = network.options();
    add("network: dt {} ms, seed {}, update interval {} ms, learning window {} ms{}", o.dt, o.seed,
        o.update_interval.value(), o.learning_window.value(),
        o.reset_neurons_on_update ? ", reset on update" : "");
  }

  void add_population(const Network::PopulationSpec& spec) {
    const auto line = [&](std::string_view kind) {
      add("population '{}': {} {}", spec.name, spec.size, kind);
    };
    if (std::holds_alternative<SpikeTrains>(spec.what)) line("spike trains");
    if (const auto* poisson = std::get_if<PoissonSource>(&spec.what)) {
      line("poisson sources");
      add("population '{}': rate = {} spikes/s from {} to {} ms", spec.name,
          network::words(poisson->rate), poisson->start, poisson->stop);
    }
    if (const auto* model = std::get_if<NeuronModel>(&spec.what)) {
      line(network::name(*model));
      add_parameters(spec.name, *model);
    }
  }

  void add_projection(const Network::ProjectionSpec& spec, const state::ConnectionSum& synapses) {
    add("{}from '{}' to '{}', {}, {}", projection_words(spec.name), name(spec.source),
        name(spec.target), words(synapses), words(spec.synapse));
  }

  void add_signal(const Network::LearningSignalSpec& spec,
                  const state::ConnectionSum& connections) {
    add("learning signal '{}': delay {} ms, {} weights with checksum {:016x}", spec.name,
        spec.delay, connections.count, connections.checksum);
  }

  void add_rates() {
    for (const auto& spec : network_.rate_generators()) {
      add("rate generator '{}': {} outputs", spec.name, spec.rates.amplitudes.size());
    }
    for (const auto& c : network_.rate_connections()) {
      add("rate generator '{}' to '{}' as {}", network_.rate_generators()[c.generator.index].name,
          name(c.readout),
          c.receptor == RateReceptor::target_signal ? "target_signal" : "learning_window");
    }
  }

  [[nodiscard]] std::vector<std::string> lines() && { return std::move(lines_); }

 private:
  template <class... Args>
  void add(fmt::format_string<Args...> line, Args&&... args) {
    lines_.push_back(fmt::format(line, std::forward<Args>(args)...));
  }

  [[nodiscard]] const std::string& name(Population population) const {
    return network_.populations()[population.index].name;
  }

  /// But for initial values, which the state replaces.
  void add_parameters(const std::string& population, const NeuronModel& model) {
    const auto line = [&](std::string_view parameter, const auto& value, std::string_view unit) {
      add("population '{}': {} = {}{}{}", population, parameter, value, unit.empty() ? "" : " ",
          unit);
    };
    const auto value = [&](const network::ParameterInfo& info, const Value& v) {
      if (!neurons::is_initial<neurons::RecurrentColumns>(info.name, neurons::recurrent_state)) {
        line(info.name, network::words(v), info.unit);
      }
    };
    const auto word = [&](std::string_view parameter, auto v, const auto& words_of_all) {
      line(parameter, words_of_all[static_cast<std::size_t>(v)], "");
    };
    const auto flag = [&](std::string_view parameter, bool v) { line(parameter, v, ""); };
    std::visit(
        [&](const auto& m) {
          network::visit_parameters(m, value);
          network::visit_words(m, word);
          network::visit_flags(m, flag);
        },
        model);
  }

  const Network& network_;
  std::vector<std::string> lines_;
};

}  // namespace

std::string projection_words(const std::string& name) {
  return fmt::format("projection '{}': ", name);
}

std::vector<std::string> describe(const state::RankState& rank, comm::Communicator& comm) {
  const auto& network = rank.plan.network;
  const auto synapses = state::synapse_sums(rank, comm);
  const auto signals = state::signal_sums(rank, comm);
  Description description(network);
  for (const auto& spec : network.populations()) description.add_population(spec);
  for (std::size_t p = 0; p < synapses.size(); ++p) {
    description.add_projection(network.projections()[p], synapses[p]);
  }
  for (std::size_t s = 0; s < signals.size(); ++s) {
    description.add_signal(network.learning_signals()[s], signals[s]);
  }
  description.add_rates();
  return std::move(description).lines();
}

}  // namespace eprop::transfer
