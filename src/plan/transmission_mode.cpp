#include "plan/transmission_mode.hpp"

#include <algorithm>

#include "core/refuse.hpp"
#include "neurons/shared_trace.hpp"
#include "plasticity/source_clock.hpp"

namespace eprop::plan {
namespace {

/// Smallest factor whose power over a block of prefix sums still leaves ten digits.
constexpr double smallest_factor = 0.85;

void set_shared(plasticity::TransmissionMode& mode, const NeuronModel& model, double dt) {
  const auto trace = neurons::shared_trace(model, dt);
  mode.one_cutoff = trace.cutoff.has_value();
  if (mode.one_cutoff) mode.cutoff = static_cast<Step>(*trace.cutoff);
  mode.two_filters = trace.two_filters;
  mode.shared = trace.factors.has_value();
  if (!mode.shared) return;
  const auto& factors = *trace.factors;
  mode.parameters = {.alpha = core::Powers(factors.alpha),
                     .kappa = core::Powers(factors.kappa),
                     .kappa_reg = core::Powers(factors.kappa_reg),
                     .rho = core::Powers(factors.rho),
                     .alpha_syn = factors.alpha_syn,
                     .P_s = factors.P_s};
  mode.one_filter = !network::is_readout(model) && factors.kappa == factors.kappa_reg;
  const double factor = std::min({factors.alpha, factors.kappa, factors.kappa_reg});
  mode.prefix_sums = !trace.adaptive && !mode.two_filters && factor >= smallest_factor;
}

}  // namespace

Step signal_lead(const Plan& plan, std::uint32_t recurrent, std::uint32_t readout) {
  const auto& model = std::get<NeuronModel>(plan.network.populations()[recurrent].what);
  if (network::family(model) == Family::bsshslm_2020) return offset::lead;
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
  set_shared(mode, std::get<NeuronModel>(spec.what), plan.timing.dt);
  for (const auto& p : plan.projections) {
    if (p.target != population || p.family != Family::plus) continue;
    (mode.uses_sums(p.transmission_optimizer(p.optimizer->eta)) ? mode.needs_sums
                                                                : mode.needs_steps) = true;
  }
  return mode;
}

}  // namespace eprop::plan
