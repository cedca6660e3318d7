#include "network/check_synapses.hpp"

#include <cmath>
#include <limits>

#include "core/refuse.hpp"
#include "core/steps.hpp"
#include "network/model_traits.hpp"

namespace eprop::network {
namespace {

using core::refuse;
constexpr double infinity = std::numeric_limits<double>::infinity();

template <class... F>
struct Overload : F... {
  using F::operator()...;
};

void check_draws(std::string_view thing, std::string_view parameter, std::uint32_t draws,
                 std::uint32_t candidates, bool self, bool autapses, bool multapses) {
  const auto available = candidates - (self && !autapses && candidates > 0 ? 1 : 0);
  if (draws > 0 && available == 0) {
    refuse(thing, parameter, draws, "", "there is nothing to draw from");
  }
  if (!multapses && draws > available) {
    refuse(thing, parameter, draws, "",
           fmt::format("must not exceed the {} that can be drawn without repetition", available));
  }
}

void check_list(std::string_view thing, const ExplicitList& list, std::uint32_t sources,
                std::uint32_t targets) {
  if (list.source.size() != list.target.size()) {
    refuse(thing, "explicit list",
           fmt::format("{} sources, {} targets", list.source.size(), list.target.size()), "",
           "must be of equal length");
  }
  for (std::size_t i = 0; i < list.source.size(); ++i) {
    if (list.source[i] >= sources) {
      refuse(thing, fmt::format("source[{}]", i), list.source[i], "",
             fmt::format("must be below the population's size {}", sources));
    }
    if (list.target[i] >= targets) {
      refuse(thing, fmt::format("target[{}]", i), list.target[i], "",
             fmt::format("must be below the population's size {}", targets));
    }
  }
}

void check_optimizer(std::string_view thing, const Optimizer& optimizer) {
  const auto& common = common_parameters(optimizer);
  if (common.batch_size < 1) refuse(thing, "batch_size", common.batch_size, "", "must be >= 1");
  if (!(std::isfinite(common.eta) && common.eta >= 0)) {
    refuse(thing, "eta", common.eta, "", "must be >= 0 and finite");
  }
  if (!(common.Wmin <= common.Wmax)) {
    refuse(thing, "Wmin", common.Wmin, "pA", fmt::format("must not exceed Wmax = {}", common.Wmax));
  }
  if (const auto* adam = std::get_if<Adam>(&optimizer)) {
    const auto check_beta = [&](std::string_view parameter, double beta) {
      if (!(beta >= 0 && beta < 1)) refuse(thing, parameter, beta, "", "must be in [0, 1)");
    };
    check_beta("beta_1", adam->beta_1);
    check_beta("beta_2", adam->beta_2);
    if (!(std::isfinite(adam->epsilon) && adam->epsilon >= 0)) {
      refuse(thing, "epsilon", adam->epsilon, "", "must be >= 0 and finite");
    }
  }
}

void require_family(std::string_view thing, std::string_view synapse, const NeuronModel& target,
                    Family wanted) {
  if (family(target) != wanted) {
    refuse(thing, "synapse", synapse, "",
           fmt::format("does not fit target model {}, which {}", name(target),
                       family(target) == Family::none ? "does not learn by e-prop"
                                                      : "belongs to the other e-prop family"));
  }
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
                        if (!(r.p >= 0 && r.p <= 1))
                          refuse(thing, "p", r.p, "", "must be in [0, 1]");
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
  const auto check = [&](double w) {
    if (!std::isfinite(w)) refuse(thing, "weight", w, "pA", "must be finite");
    if (w < w_min || w > w_max) {
      refuse(thing, "weight", w, "pA",
             fmt::format("must be within [Wmin, Wmax] = [{}, {}]", w_min, w_max));
    }
  };
  std::visit(Overload{check,
                      [&](const Value::Array& array) {
                        const auto wanted = weight_array_size(rule, sources, targets);
                        if (array.size() != wanted) {
                          refuse(thing, "weight", fmt::format("array of {}", array.size()),
                                 "values", fmt::format("the rule asks for {}", wanted));
                        }
                        for (const double w : array) check(w);
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
  const auto plastic = [&](const auto& synapse, Family wanted, std::string_view synapse_name) {
    require_family(thing, synapse_name, target, wanted);
    check_optimizer(thing, synapse.optimizer);
    const auto& limits = common_parameters(synapse.optimizer);
    check_weight(thing, synapse.weight, projection.rule, sources, targets, limits.Wmin,
                 limits.Wmax);
    return core::to_steps(synapse.delay, dt, thing, "delay", 1);
  };
  std::visit(Overload{[&](const StaticSynapse& s) {
                        check_weight(thing, s.weight, projection.rule, sources, targets, -infinity,
                                     infinity);
                        (void)core::to_steps(s.delay, dt, thing, "delay", 1);
                      },
                      [&](const EpropSynapseBsshslm2020& s) {
                        const auto steps =
                            plastic(s, Family::bsshslm_2020, "eprop_synapse_bsshslm_2020");
                        if (steps != 1) {
                          refuse(thing, "delay", s.delay, "ms",
                                 fmt::format("eprop_synapse_bsshslm_2020 has a delay of one step, "
                                             "dt = {} ms",
                                             dt));
                        }
                        if (!(std::isfinite(s.tau_m_readout) && s.tau_m_readout > 0)) {
                          refuse(thing, "tau_m_readout", s.tau_m_readout, "ms", "must be > 0");
                        }
                      },
                      [&](const EpropSynapse& s) { plastic(s, Family::plus, "eprop_synapse"); }},
             projection.synapse);
}

void check_readout_delay(std::string_view thing, const SynapseModel& synapse,
                         const NeuronModel& source, const NeuronModel& target, double dt) {
  const double delay = std::visit([](const auto& s) { return s.delay; }, synapse);
  if (family(source) != Family::bsshslm_2020 || family(target) != Family::bsshslm_2020) return;
  if (!is_readout(target) || core::to_steps(delay, dt, thing, "delay") == 1) return;
  refuse(thing, "delay", delay, "ms",
         fmt::format("from {} to {} it is one step, dt = {} ms", name(source), name(target), dt));
}

}  // namespace eprop::network
