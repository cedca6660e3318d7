#include "plan/transmission_mode.hpp"

#include <algorithm>
#include <cmath>
#include <concepts>

#include "core/refuse.hpp"
#include "core/steps.hpp"
#include "plasticity/source_clock.hpp"

namespace eprop::plan {
namespace {

/// Smallest factor whose power over a block of prefix sums still leaves ten digits.
constexpr double smallest_factor = 0.85;

const double* constant(const Value& value) { return std::get_if<double>(&value.content()); }

template <class M>
void set_shared(plasticity::TransmissionMode& mode, const M& m, double dt) {
  const auto* tau = constant(m.tau_m);
  const auto* cutoff = constant(m.eprop_isi_trace_cutoff);
  if (cutoff == nullptr) return;
  mode.one_cutoff = true;
  mode.cutoff = static_cast<Step>(core::nearest_steps(*cutoff, dt));
  if (tau == nullptr) return;
  auto& p = mode.parameters;
  p.alpha = core::Powers(std::exp(-dt / *tau));
  bool adaptive = false;
  if constexpr (std::derived_from<M, TraceFilters>) {
    const auto *kappa = constant(m.kappa), *kappa_reg = constant(m.kappa_reg);
    if (kappa == nullptr || kappa_reg == nullptr) return;
    p.kappa = core::Powers(*kappa);
    p.kappa_reg = core::Powers(*kappa_reg);
  }
  if constexpr (std::derived_from<M, Adaptation>) {
    const auto* adapt_tau = constant(m.adapt_tau);
    if (adapt_tau == nullptr) return;
    p.rho = core::Powers(std::exp(-dt / *adapt_tau));
    adaptive = true;
  }
  mode.shared = true;
  if constexpr (std::derived_from<M, TraceFilters>) {
    mode.one_filter = *constant(m.kappa) == *constant(m.kappa_reg);
  }
  const double factor = std::min({p.alpha.base(), p.kappa.base(), p.kappa_reg.base()});
  mode.prefix_sums = !adaptive && factor >= smallest_factor;
}

}  // namespace

Step signal_lead(const Plan& plan, std::uint32_t recurrent, std::uint32_t readout) {
  const auto& model = std::get<NeuronModel>(plan.network.populations()[recurrent].what);
  if (network::family(model) == Family::bsshslm_2020) return 2;
  const auto leads = [&](const ProjectionPlan& p) {
    return p.source == recurrent && p.target == readout;
  };
  const auto& all = plan.projections;
  const auto first = std::find_if(all.begin(), all.end(), leads);
  if (first == all.end()) return 1;
  for (auto p = first + 1; p < all.end(); ++p) {
    if (!leads(*p) || p->delay == first->delay) continue;
    const auto name = [&](auto q) -> const auto& {
      return plan.network.projections()[static_cast<std::size_t>(q - all.begin())].name;
    };
    core::refuse(fmt::format("projection '{}'", name(p)), "delay",
                 static_cast<double>(p->delay) * plan.timing.dt, "ms",
                 fmt::format("must be that of projection '{}', {} ms: learning signals of its "
                             "targets pair with one delay",
                             name(first), static_cast<double>(first->delay) * plan.timing.dt));
  }
  return first->delay;
}

plasticity::TransmissionMode transmission_mode(const Plan& plan, std::uint32_t population) {
  plasticity::TransmissionMode mode;
  const auto& spec = plan.network.populations()[population];
  for (const auto& signal : plan.signals) {
    if (signal.target != population && signal.readout != population) continue;
    mode.lag = std::max(mode.lag, signal.lead + signal.delay - 1);
  }
  if (mode.lag > plasticity::longest_lag) {
    core::refuse(fmt::format("population '{}'", spec.name), "delays to the readouts and back",
                 mode.lag + 1, "steps",
                 fmt::format("must add up to at most {} steps", plasticity::longest_lag + 1));
  }
  std::visit(
      [&]<class M>(const M& m) {
        if constexpr (M::family == Family::plus) {
          set_shared(mode, m, plan.timing.dt);
        }
      },
      std::get<NeuronModel>(spec.what));
  for (const auto& p : plan.projections) {
    if (p.target != population || p.family != Family::plus) continue;
    (mode.uses_sums(p.transmission_optimizer(p.optimizer->eta)) ? mode.needs_sums
                                                                : mode.needs_steps) = true;
  }
  return mode;
}

}  // namespace eprop::plan
