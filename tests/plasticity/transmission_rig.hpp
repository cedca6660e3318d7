#pragma once

#include <iosfwd>
#include <set>
#include <utility>
#include <vector>

#include "plasticity/transmission_update.hpp"
#include "scalar_transmission.hpp"

namespace eprop::testing {

enum class Parameters {
  shared,           ///< intervals by prefix sums, if the optimizer does not want each step
  shared_adaptive,  ///< step by step
  shared_currents,  ///< the same, with synaptic currents
  own,              ///< every target its own
  own_adaptive,
  own_currents,
};

/// What the synapses of a rig are, and what they learn from.
struct RigOptions {
  Parameters parameters = Parameters::shared;
  bool readouts = false;
  double alpha = 0.95, kappa = 0.97, kappa_reg = 0.9;
  double spread = 0.01;     ///< between factors of one target and of the next, if each has its own
  double cutoff = 1e9;      ///< steps
  bool own_cutoffs = true;  ///< cutoffs differ by up to two steps, if targets have their own
  Step lag = 1;
  Optimizer optimizer = GradientDescent{.eta = 0.01, .Wmin = -0.42, .Wmax = 0.44};
  bool each_step = false;
  bool repeats = false;  ///< some pairs have two synapses
  Step sweep_interval = plasticity::sweep_interval;
  bool sweeps_all = false;  ///< also intervals that need not be cut yet
};

std::ostream& operator<<(std::ostream& out, const RigOptions& o);

/// Seven sources onto sixteen targets in two tiles: rows without and with a gap, scattered ones, an
/// empty one. The targets offer random numbers in each step. Every synapse has a scalar one beside
/// it that should have the same weight.
class TransmissionRig {
 public:
  static constexpr std::uint32_t sources = 7, targets = 16;

  explicit TransmissionRig(const RigOptions& options);
  TransmissionRig(const TransmissionRig&) = delete;
  TransmissionRig& operator=(const TransmissionRig&) = delete;

  /// Goes on by one step, in which spikes of these sources arrive.
  void step(const std::set<std::uint32_t>& arriving);
  /// Goes on to step `end`; trains[source] are the steps in which its spikes arrive.
  void run(const std::vector<std::set<Step>>& trains, Step end);

  [[nodiscard]] Step now() const { return t_; }
  /// Largest difference between a weight and what it should be, relative to it but for small
  /// weights; looked at after each transmission.
  [[nodiscard]] double error() const { return error_; }
  [[nodiscard]] std::size_t weights_at_limits() const;
  [[nodiscard]] std::size_t size() const { return tiles_[0].size() + tiles_[1].size(); }
  /// Where the columns and rings lie in memory, and how much of it they have.
  [[nodiscard]] std::vector<std::pair<const void*, std::size_t>> storage() const;

 private:
  void build_blocks();
  void build_tiles();
  [[nodiscard]] ScalarTarget scalar_target(std::uint32_t j) const;
  [[nodiscard]] plasticity::TransmissionTargets targets_of(std::size_t tile) const;
  [[nodiscard]] plasticity::TransmissionOptimizer optimizer() const;
  void sweep();
  void transmit(std::uint32_t source);
  void compare(std::uint32_t source);
  void write_rows();

  RigOptions o_;
  plasticity::OptimizerParameters parameters_;
  plasticity::TransmissionMode mode_;
  neurons::RecurrentBlock block_;
  neurons::ReadoutBlock readout_block_;
  std::vector<plasticity::SignalWeights> signals_;
  core::StepRing psi_;
  std::vector<core::StepRing>
      errors_;  ///< of two populations of readouts; of the readouts if those are the targets
  plasticity::TransmissionArchive archive_;
  std::vector<plasticity::SourceClock> clocks_{sources};
  std::vector<synapses::SynapseTile> tiles_;
  std::vector<std::vector<ScalarSynapse>> expected_;  ///< [tile][synapse]
  plasticity::TransmissionScratch scratch_;
  Step t_ = 0;
  double error_ = 0.0;
};

/// Spike trains over `end` steps: dense, sparse and bursting ones, and sources that are silent for
/// almost all the time; everyone that spikes does so in the last step.
[[nodiscard]] std::vector<std::set<Step>> various_trains(Step end);

/// Expects ten digits of the weights that 400 steps of these trains make.
void expect_as_defined(const RigOptions& o);

}  // namespace eprop::testing
