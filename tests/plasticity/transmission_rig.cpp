#include "transmission_rig.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <ostream>

#include "network/optimizers.hpp"
#include "transmission_noise.hpp"

namespace eprop::testing {
namespace {

using plasticity::TransmissionMode;

constexpr std::uint32_t first_target = 5;  ///< of the population: the block is not all of it
constexpr std::uint32_t tile_ends[] = {0, 5, TransmissionRig::targets};

bool is_shared(const RigOptions& o) {
  return o.parameters == Parameters::shared || o.parameters == Parameters::shared_adaptive ||
         o.parameters == Parameters::shared_currents;
}
bool has_currents(const RigOptions& o) {
  return !o.readouts &&
         (o.parameters == Parameters::shared_currents || o.parameters == Parameters::own_currents);
}
bool is_adaptive(const RigOptions& o) {
  return !o.readouts &&
         (o.parameters == Parameters::shared_adaptive || o.parameters == Parameters::own_adaptive);
}

bool has_own_cutoffs(const RigOptions& o) {
  return !is_shared(o) && o.own_cutoffs && o.cutoff >= 2.0 && o.cutoff < 1e9;
}

/// As the engine has it for populations with these parameters, and such synapses only.
TransmissionMode mode_of(const RigOptions& o, const neurons::RecurrentBlock& block,
                         const plasticity::TransmissionOptimizer& optimizer) {
  TransmissionMode mode;
  mode.lag = o.lag;
  mode.shared = is_shared(o);
  mode.one_cutoff = mode.shared || !has_own_cutoffs(o);
  mode.cutoff = static_cast<Step>(o.cutoff);
  mode.needs_steps = true;
  mode.two_filters = has_currents(o);
  if (!mode.shared) return mode;
  mode.parameters.alpha = core::Powers(o.alpha);
  if (o.readouts) return mode;
  mode.parameters.kappa = core::Powers(o.kappa);
  mode.parameters.kappa_reg = core::Powers(o.kappa_reg);
  mode.parameters.rho = core::Powers(is_adaptive(o) ? block.rho[0] : 0.0);
  if (mode.two_filters) {
    mode.parameters.alpha_syn = block.alpha_syn[0];
    mode.parameters.P_s = block.P_s[0];
  }
  mode.one_filter = o.kappa == o.kappa_reg;
  mode.prefix_sums =
      !is_adaptive(o) && !mode.two_filters && std::min({o.alpha, o.kappa, o.kappa_reg}) >= 0.85;
  mode.needs_sums = mode.uses_sums(optimizer);
  mode.needs_steps = !mode.needs_sums;
  return mode;
}

std::vector<std::vector<std::uint32_t>> rows(bool repeats) {
  std::vector<std::vector<std::uint32_t>> row(TransmissionRig::sources);
  for (std::uint32_t j = 0; j < TransmissionRig::targets; ++j) {
    row[0].push_back(j);
    if (j != 3 && j != 9) row[1].push_back(j);
    if (j % 3 == 2 || j == 7) row[2].push_back(j);
    if (j >= 5 && j < 13) row[3].push_back(j);
    if (repeats && j % 4 == 1) row[3].push_back(j);
    if (j == 10) row[4].push_back(j);
    if (j != 0 && j != 6 && j != 7) row[6].push_back(j);
  }
  return row;
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const RigOptions& o) {
  const char* names[] = {"shared", "shared_adaptive", "shared_currents",
                         "own",    "own_adaptive",    "own_currents"};
  const auto& common = network::common_parameters(o.optimizer);
  return out << names[static_cast<int>(o.parameters)] << (o.readouts ? " readouts" : "")
             << " alpha " << o.alpha << " kappa " << o.kappa << " kappa_reg " << o.kappa_reg
             << " cutoff " << o.cutoff << " D " << o.lag << " " << network::name(o.optimizer)
             << " batch_size " << common.batch_size << (o.each_step ? " each step" : " per spike");
}

TransmissionRig::TransmissionRig(const RigOptions& options)
    : o_(options),
      parameters_(options.optimizer),
      block_(EpropIafAdapt{}, 0, {first_target, first_target + targets}, 1.0, 1),
      readout_block_(EpropReadout{}, 0, {first_target, first_target + targets}, 1.0, 1) {
  build_blocks();
  mode_ = mode_of(o_, block_, optimizer());
  archive_ = plasticity::TransmissionArchive(mode_, targets);
  psi_ = core::StepRing(plasticity::rows_kept(mode_), targets);
  const Step rows = plasticity::archive_steps(mode_) + o_.lag + 2;
  if (o_.readouts) {
    errors_.emplace_back(rows, first_target + targets);
  } else {
    for (const auto n : readouts) errors_.emplace_back(rows, n);
    std::uint32_t first = 0;
    for (std::size_t p = 0; p < 2; ++p) {
      plasticity::SignalWeights signal{.readouts = readouts[p],
                                       .neurons = targets,
                                       .errors = &errors_[p],
                                       .lead = lead_of(p, o_.lag)};
      for (std::uint32_t k = 0; k < readouts[p]; ++k, ++first) {
        for (std::uint32_t j = 0; j < targets; ++j) signal.B.push_back(B_of(first, j));
      }
      signals_.push_back(signal);
    }
  }
  build_tiles();
}

void TransmissionRig::build_blocks() {
  block_.rho.assign(targets, std::exp(-1.0 / 30.0));
  block_.beta.assign(targets, 0.0);
  block_.alpha = readout_block_.alpha = core::Column(targets, o_.alpha);
  block_.kappa.assign(targets, o_.kappa);
  block_.kappa_reg.assign(targets, o_.kappa_reg);
  if (has_currents(o_)) {
    block_.alpha_syn.assign(targets, 0.6);
    block_.P_s.assign(targets, 0.8);
  }
  block_.cutoff = readout_block_.cutoff = core::Column(targets, o_.cutoff);
  for (std::uint32_t j = 0; j < targets; ++j) {
    if (is_adaptive(o_)) block_.beta[j] = 0.1 + 0.01 * j;
    if (is_shared(o_)) continue;
    block_.rho[j] -= o_.spread * j;
    if (has_currents(o_)) {
      block_.alpha_syn[j] += o_.spread * j;
      block_.P_s[j] -= o_.spread * j;
    }
    block_.alpha[j] = readout_block_.alpha[j] = o_.alpha - o_.spread * j;
    block_.kappa[j] = o_.kappa - 2.0 * o_.spread * j;
    block_.kappa_reg[j] = o_.kappa_reg - 2.0 * o_.spread * j;
    if (has_own_cutoffs(o_)) block_.cutoff[j] = o_.cutoff - 1.0 + j % 3;
    readout_block_.cutoff[j] = block_.cutoff[j];
  }
}

void TransmissionRig::build_tiles() {
  const ScalarLearning learning{o_.optimizer, parameters_.eta, o_.each_step, 1};
  const auto row = rows(o_.repeats);
  for (std::size_t i = 0; i < 2; ++i) {
    const core::Range range{first_target + tile_ends[i], first_target + tile_ends[i + 1]};
    std::vector<network::Connection> list;
    for (auto j = tile_ends[i]; j < tile_ends[i + 1]; ++j) {
      for (std::uint32_t s = 0; s < sources; ++s) {
        for (const auto target : row[s]) {
          if (target == j) list.push_back({s, first_target + j, list.size()});
        }
      }
    }
    auto& tile = tiles_.emplace_back(list, range, sources);
    for (std::uint32_t s = 0; s < tile.size(); ++s) {
      tile.weight.push_back(0.8 * noise(Quantity::weight, i * 1000 + s) - 0.4);
    }
    plasticity::add_transmission_state(tile, mode_, o_.readouts, is_adaptive(o_), optimizer());
    plasticity::add_optimizer_state(tile, parameters_);
    auto& expected = expected_.emplace_back();
    for (std::uint32_t s = 0; s < tile.size(); ++s) {
      expected.emplace_back(scalar_target(tile_ends[i] + tile.target[s]), learning, tile.weight[s]);
    }
  }
}

ScalarTarget TransmissionRig::scalar_target(std::uint32_t j) const {
  ScalarTarget target{.readout = o_.readouts,
                      .alpha = block_.alpha[j],
                      .kappa = block_.kappa[j],
                      .kappa_reg = block_.kappa_reg[j],
                      .beta = block_.beta[j],
                      .rho = is_adaptive(o_) ? block_.rho[j] : 0.0,
                      .alpha_syn = has_currents(o_) ? block_.alpha_syn[j] : 0.0,
                      .P_s = has_currents(o_) ? block_.P_s[j] : 0.0,
                      .cutoff = block_.cutoff[j],
                      .lag = o_.lag};
  target.psi = [j](Step t) { return psi_of(j, t); };
  target.reg = [j](Step t) { return reg_of(j, t); };
  target.signal = [j, lag = o_.lag](Step t) { return signal_of(j, t, lag); };
  if (o_.readouts) target.signal = [j](Step t) { return error_of(first_target + j, t); };
  return target;
}

plasticity::TransmissionTargets TransmissionRig::targets_of(std::size_t tile) const {
  plasticity::TransmissionTargets at{
      .mode = mode_, .readouts = o_.readouts, .offset = tile_ends[tile]};
  if (o_.readouts) {
    at.readout_block = &readout_block_;
    at.errors = &errors_[0];
  } else {
    at.block = &block_;
    at.surrogate_gradient = &psi_;
    at.archive = &archive_;
  }
  return at;
}

plasticity::TransmissionOptimizer TransmissionRig::optimizer() const {
  return {parameters_, parameters_.eta, o_.each_step, 1};
}

void TransmissionRig::step(const std::set<std::uint32_t>& arriving) {
  if (!o_.readouts) archive_.extend(t_, mode_, block_, psi_, signals_);
  if (t_ % o_.sweep_interval == 0) sweep();
  for (const auto source : arriving) transmit(source);
  write_rows();
  ++t_;
}

void TransmissionRig::run(const std::vector<std::set<Step>>& trains, Step end) {
  while (t_ < end) {
    std::set<std::uint32_t> arriving;
    for (std::uint32_t s = 0; s < sources; ++s) {
      if (trains[s].contains(t_)) arriving.insert(s);
    }
    step(arriving);
  }
}

/// Handles what the rings may overwrite before the next sweep; all, if options say so.
void TransmissionRig::sweep() {
  const Step oldest = o_.sweeps_all ? t_ : plasticity::oldest_unswept(mode_, t_);
  for (std::uint32_t source = 0; source < sources; ++source) {
    auto& clock = clocks_[source];
    if (clock.last < 0 || clock.handled >= oldest || beyond_cutoff(clock, mode_)) continue;
    for (std::size_t i = 0; i < 2; ++i) {
      plasticity::handle({tiles_[i], source, clock, targets_of(i), optimizer(), scratch_},
                         t_ - mode_.lag);
    }
    plasticity::catch_up(clock, t_ - mode_.lag, mode_, optimizer());
  }
}

void TransmissionRig::transmit(std::uint32_t source) {
  auto& clock = clocks_[source];
  for (std::size_t i = 0; i < 2 && clock.last >= 0; ++i) {
    plasticity::transmit_plastic({tiles_[i], source, clock, targets_of(i), optimizer(), scratch_},
                                 t_);
  }
  plasticity::restart(clock, t_, mode_, optimizer());
  for (std::size_t i = 0; i < 2; ++i) {
    const synapses::Row row(tiles_[i], source);
    for (auto s = row.first; s < row.first + row.size; ++s) {
      expected_[i][s].transmit(t_);
    }
  }
  compare(source);
}

void TransmissionRig::compare(std::uint32_t source) {
  for (std::size_t i = 0; i < 2; ++i) {
    const synapses::Row row(tiles_[i], source);
    for (auto s = row.first; s < row.first + row.size; ++s) {
      const double w = expected_[i][s].weight;
      const double difference = std::abs(tiles_[i].weight[s] - w) / std::max(std::abs(w), 0.1);
      if (!std::isnan(error_) && !(difference <= error_)) error_ = difference;
    }
  }
}

void TransmissionRig::write_rows() {
  if (o_.readouts) {
    for (std::uint32_t k = 0; k < errors_[0].columns(); ++k) {
      errors_[0].row(t_)[k] = error_of(k, t_);
    }
    return;
  }
  for (std::uint32_t j = 0; j < targets; ++j) {
    psi_.row(t_)[j] = psi_of(j, t_);
    archive_.regularization.row(t_)[j] = reg_of(j, t_);
  }
  std::uint32_t first = 0;
  for (auto& ring : errors_) {
    for (std::uint32_t k = 0; k < ring.columns(); ++k) ring.row(t_)[k] = error_of(first++, t_);
  }
}

std::size_t TransmissionRig::weights_at_limits() const {
  std::size_t n = 0;
  for (const auto& tile : tiles_) {
    for (const double w : tile.weight) n += w == parameters_.w_min || w == parameters_.w_max;
  }
  return n;
}

std::vector<std::pair<const void*, std::size_t>> TransmissionRig::storage() const {
  std::vector<std::pair<const void*, std::size_t>> used;
  const auto add = [&](const auto& column) { used.emplace_back(column.data(), column.capacity()); };
  for (const auto& tile : tiles_) {
    for (const auto& column : synapses::synapse_columns) add(tile.*column.member);
    add(tile.optimizations);
  }
  add(clocks_);
  add(scratch_.gradient);
  add(scratch_.zeros);
  std::vector<const core::StepRing*> rings{&psi_, &archive_.signal, &archive_.regularization,
                                           &archive_.sums.ring, &archive_.sums_reg.ring};
  for (const auto& ring : errors_) rings.push_back(&ring);
  for (const auto* ring : rings) {
    if (ring->empty()) continue;
    used.emplace_back(ring->row(0), static_cast<std::size_t>(ring->rows()) * ring->columns());
  }
  return used;
}

void expect_as_defined(const RigOptions& o) {
  constexpr Step end = 400;
  TransmissionRig rig(o);
  rig.run(various_trains(end), end);
  EXPECT_LE(rig.error(), 1e-10) << o;
}

}  // namespace eprop::testing
