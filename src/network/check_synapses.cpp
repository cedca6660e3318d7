#include "network/check_synapses.hpp"

#include <cmath>
#include <limits>

#include "core/refuse.hpp"
#include "core/steps.hpp"
#include "network/model_traits.hpp"
#include "network/optimizers.hpp"

namespace eprop::network {
namespace {

using core::refuse;
constexpr double infinity = std::numeric_limits<double>::infinity();

template <class... F>
struct Overload : F... {
  using F::operator()...;
};
template <class... F>
Overload(F...) -> Overload<F...>;

void check_draws(std::string_view thing, std::string_view parameter, std::uint32_t draws,
                 std::uint32_t candidates, bool self, bool autapses, bool multapses) {
  const auto available = candidates - (self && !autapses && candidates > 0 ? 1 : 0);
  const std::string_view without = available < candidates ? ", autapses being excluded" : "";
  if (draws > 0 && available == 0) {
    refuse(thing, parameter, draws, "", fmt::format("there is no neuron to draw from{}", without));
  }
  if (!multapses && draws > available) {
    refuse(thing, parameter, draws, "",
           fmt::format("must not exceed the {} neurons that can be drawn once each{}; or allow "
                       "multapses",
                       available, without));
  }
}

void check_list(std::string_view thing, const ExplicitList& list, std::uint32_t sources,
                std::uint32_t targets) {
  if (list.source.size() != list.target.size()) {
    refuse(thing, "explicit list",
           fmt::format("{} sources, {} targets", list.source.size(), list.target.size()), "",
           "must be as many sources as targets");
  }
  for (std::size_t i = 0; i < list.source.size(); ++i) {
    if (list.source[i] >= sources) {
      refuse(thing, fmt::format("source[{}]", i), list.source[i], "",
             fmt::format("must be below the size of the source population, {}", sources));
    }
    if (list.target[i] >= targets) {
      refuse(thing, fmt::format("target[{}]", i), list.target[i], "",
             fmt::format("must be below the size of the target population, {}", targets));
    }
  }
}

/// What the entries of the weight array of a rule stand for.
std::string_view weight_array_entry(const ConnectionRule& rule) {
  return std::visit(Overload{[](const AllToAll&) { return "[target][source]"; },
                             [](const OneToOne&) { return "[neuron]"; },
                             [](const FixedIndegree&) { return "[target][draw]"; },
                             [](const FixedOutdegree&) { return "[source][draw]"; },
                             [](const PairwiseBernoulli&) { return "[target][source]"; },
                             [](const ExplicitList&) { return "[entry]"; }},
                    rule);
}

/// The plastic synapse that fits a target, or the static one where none does.
std::string_view fitting_synapse(const NeuronModel& target) {
  switch (family(target)) {
    case Family::bsshslm_2020:
      return "eprop_synapse_bsshslm_2020";
    case Family::plus:
      return "eprop_synapse";
    case Family::none:
      break;
  }
  return "static_synapse";
}

void require_fitting(std::string_view thing, std::string_view synapse, const NeuronModel& target) {
  const auto fitting = fitting_synapse(target);
  if (synapse == fitting) return;
  refuse(thing, "synapse", synapse, "",
         fmt::format("must be {}{} onto {}", fitting,
                     family(target) == Family::none ? "" : " or static_synapse", name(target)));
}

}  // namespace

void check_rule(std::string_view thing, const ConnectionRule& rule, std::uint32_t sources,
                std::uint32_t targets, bool same_population) {
  std::visit(Overload{[](const AllToAll&) {},
                      [&](const OneToOne&) {
                        if (sources != targets) {
                          refuse(thing, "one_to_one", fmt::format("{} to {}", sources, targets),
                                 "neurons", "populations must be of equal size");
                        }
                      },
                      [&](const FixedIndegree& r) {
                        if (targets > 0) {
                          check_draws(thing, "indegree", r.indegree, sources, same_population,
                                      r.autapses, r.multapses);
                        }
                      },
                      [&](const FixedOutdegree& r) {
                        if (sources > 0) {
                          check_draws(thing, "outdegree", r.outdegree, targets, same_population,
                                      r.autapses, r.multapses);
                        }
                      },
                      [&](const PairwiseBernoulli& r) {
                        if (!(r.p >= 0 && r.p <= 1)) {
                          refuse(thing, "p", r.p, "", "must be in [0, 1]");
                        }
                      },
                      [&](const ExplicitList& r) { check_list(thing, r, sources, targets); }},
             rule);
}

std::uint64_t weight_array_size(const ConnectionRule& rule, std::uint32_t sources,
                                std::uint32_t targets) {
  const auto s = static_cast<std::uint64_t>(sources);
  const auto t = static_cast<std::uint64_t>(targets);
  return std::visit(
      Overload{[&](const AllToAll&) { return s * t; }, [&](const OneToOne&) { return s; },
               [&](const FixedIndegree& r) { return t * r.indegree; },
               [&](const FixedOutdegree& r) { return s * r.outdegree; },
               [&](const PairwiseBernoulli&) { return s * t; },
               [&](const ExplicitList& r) { return static_cast<std::uint64_t>(r.source.size()); }},
      rule);
}

void check_weight(std::string_view thing, const Value& weight, const ConnectionRule& rule,
                  std::uint32_t sources, std::uint32_t targets, double w_min, double w_max) {
  const auto check_named = [&](std::string_view parameter, double w) {
    if (!std::isfinite(w)) refuse(thing, parameter, w, "pA", "must be finite");
    if (w < w_min || w > w_max) refuse_weight(thing, parameter, w, w_min, w_max);
  };
  const auto check = [&](double w) { check_named("weight", w); };
  std::visit(Overload{check,
                      [&](const Value::Array& array) {
                        const auto wanted = weight_array_size(rule, sources, targets);
                        if (array.size() != wanted) {
                          refuse(thing, "weight", fmt::format("array of {}", array.size()),
                                 "values",
                                 fmt::format("must have {}, in the order {} of the connection rule",
                                             wanted, weight_array_entry(rule)));
                        }
                        for (std::size_t i = 0; i < array.size(); ++i) {
                          if (array[i] >= w_min && array[i] <= w_max && std::isfinite(array[i])) {
                            continue;
                          }
                          check_named(fmt::format("weight[{}]", i), array[i]);
                        }
                      },
                      [&](const Normal& d) {
                        if (!(std::isfinite(d.mean) && std::isfinite(d.std) && d.std >= 0)) {
                          refuse(thing, "weight", fmt::format("normal({}, {})", d.mean, d.std),
                                 "pA", "mean and std must be finite, std >= 0");
                        }
                      },
                      [&](const Uniform& d) {
                        check(d.low);
                        check(d.high);
                        if (d.low > d.high) {
                          refuse(thing, "weight", fmt::format("uniform({}, {})", d.low, d.high),
                                 "pA", "low must be <= high");
                        }
                      }},
             weight.content());
}

void check_synapse(std::string_view thing, const Network::ProjectionSpec& projection,
                   const NeuronModel& target, std::uint32_t sources, std::uint32_t targets,
                   double dt) {
  const auto plastic = [&](const auto& synapse, std::string_view synapse_name) {
    require_fitting(thing, synapse_name, target);
    check_optimizer(thing, synapse.optimizer);
    const auto& limits = common_parameters(synapse.optimizer);
    check_weight(thing, synapse.weight, projection.rule, sources, targets, limits.Wmin,
                 limits.Wmax);
    return core::to_steps(synapse.delay.value(), dt, thing, "delay", 1);
  };
  std::visit(Overload{[&](const StaticSynapse& s) {
                        check_weight(thing, s.weight, projection.rule, sources, targets, -infinity,
                                     infinity);
                        (void)core::to_steps(s.delay.value(), dt, thing, "delay", 1);
                      },
                      [&](const EpropSynapseBsshslm2020& s) {
                        const auto steps = plastic(s, "eprop_synapse_bsshslm_2020");
                        if (steps != 1) {
                          refuse(thing, "delay", s.delay.value(), "ms",
                                 fmt::format("eprop_synapse_bsshslm_2020 takes one step, dt = {} "
                                             "ms; leave it out",
                                             dt));
                        }
                        if (!(std::isfinite(s.tau_m_readout) && s.tau_m_readout > 0)) {
                          refuse(thing, "tau_m_readout", s.tau_m_readout, "ms",
                                 "must be > 0 and finite");
                        }
                      },
                      [&](const EpropSynapse& s) { plastic(s, "eprop_synapse"); }},
             projection.synapse);
}

void check_readout_delay(std::string_view thing, const SynapseModel& synapse,
                         const NeuronModel& source, const NeuronModel& target, double dt) {
  const double delay = std::visit([](const auto& s) { return s.delay.value(); }, synapse);
  if (family(source) != Family::bsshslm_2020 || family(target) != Family::bsshslm_2020) return;
  if (!is_readout(target) || core::to_steps(delay, dt, thing, "delay") == 1) return;
  refuse(thing, "delay", delay, "ms",
         fmt::format("from {} to {} it must be one step, dt = {} ms; leave it out", name(source),
                     name(target), dt));
}

}  // namespace eprop::network
