#include "neurons/shared_trace.hpp"

#include "core/steps.hpp"
#include "neurons/membrane.hpp"

namespace eprop::neurons {
namespace {

/// Takes in what a group's parameters do to traces, as long as they are the same for all neurons.
class Sharing {
 public:
  explicit Sharing(double dt) : dt_(dt) {}

  void add(const Membrane& group) {
    membrane_ = &group;
    if (const auto* tau = constant(group.tau_m)) factors_.alpha = decay(dt_, *tau);
  }
  void add(const TraceFilters& group) {
    const auto *kappa = constant(group.kappa), *kappa_reg = constant(group.kappa_reg);
    if (kappa != nullptr) factors_.kappa = *kappa;
    if (kappa_reg != nullptr) factors_.kappa_reg = *kappa_reg;
  }
  void add(const Adaptation& group) {
    trace_.adaptive = true;
    if (const auto* tau = constant(group.adapt_tau)) factors_.rho = decay(dt_, *tau);
  }
  void add(const TraceCutoff& group) {
    const auto* cutoff = constant(group.eprop_isi_trace_cutoff);
    if (cutoff != nullptr) trace_.cutoff = core::nearest_steps(*cutoff, dt_);
  }
  void add(const SynapticCurrent& group) {
    trace_.two_filters = true;
    const auto *tau_m = constant(membrane_->tau_m), *C_m = constant(membrane_->C_m);
    const auto* tau_syn = constant(group.tau_syn);
    if (tau_m == nullptr || C_m == nullptr || tau_syn == nullptr) return;
    factors_.alpha_syn = decay(dt_, *tau_syn);
    factors_.P_s = synaptic_propagator(dt_, *tau_m, *tau_syn, *C_m);
  }
  // These do not act on traces, or through the archive.
  void add(const InitialPotential&) {}
  void add(const Spiking&) {}
  void add(const HardReset&) {}
  void add(const EpropNeuron&) {}
  void add(const SpikeArrival&) {}
  void add(const ReadoutLoss&) {}

  [[nodiscard]] SharedTrace trace() const {
    auto trace = trace_;
    if (all_constant_) trace.factors = factors_;
    return trace;
  }

 private:
  const double* constant(const Value& value) {
    const auto* found = std::get_if<double>(&value.content());
    all_constant_ = all_constant_ && found != nullptr;
    return found;
  }

  double dt_;
  bool all_constant_ = true;
  const Membrane* membrane_ = nullptr;  ///< the first group of every model
  TraceFactors factors_;
  SharedTrace trace_;
};

}  // namespace

SharedTrace shared_trace(const NeuronModel& model, double dt) {
  Sharing sharing(dt);
  std::visit(
      [&]<class M>(const M& m) {
        M::for_each_group(
            [&]<class Group, std::uint32_t>() { sharing.add(static_cast<const Group&>(m)); });
      },
      model);
  return sharing.trace();
}

}  // namespace eprop::neurons
