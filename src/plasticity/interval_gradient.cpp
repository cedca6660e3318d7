#include "plasticity/interval_gradient.hpp"

#include <algorithm>

#include "core/finite.hpp"
#include "core/lanes.hpp"

namespace eprop::plasticity {
namespace {

void reserve(core::Column& v, std::size_t n) {
  if (v.size() < n) v.resize(n);
}

/// The part of a source's spikes whose arrivals count.
std::span<const std::uint32_t> counted(std::span<const std::uint32_t> steps, std::uint32_t first,
                                       std::uint32_t last) {
  while (!steps.empty() && steps.front() < first) steps = steps.subspan(1);
  while (!steps.empty() && steps.back() >= last) steps = steps.first(steps.size() - 1);
  return steps;
}

/// The gradient of the synapses of a row, from the spikes that count.
void gradient(const synapses::Row& row, std::span<const std::uint32_t> spikes, double scale,
              std::size_t stride, const core::Column& coefficients, double* __restrict g) {
  // What was emitted in a step arrived in the next.
  synapses::gather(row, spikes, coefficients.data() + stride, stride, g);
  if (scale == 1.0) return;
#pragma omp simd
  for (std::uint32_t s = 0; s < row.size; ++s) g[s] *= scale;
}

/// Puts the gradient of a row where it is kept.
void keep_row(const synapses::SynapseTile& tile, const IntervalUpdate& u, const synapses::Row& row,
              std::span<const std::uint32_t> spikes, GradientScratch& scratch) {
  double* __restrict g = u.kept + row.first;
  if (spikes.empty()) {
    std::fill_n(g, row.size, 0.0);
    return;
  }
  gradient(row, spikes, u.scale, tile.targets.size(), scratch.coefficients, g);
  std::uint64_t not_finite = 0;
  for (std::uint32_t s = 0; s < row.size; ++s) not_finite |= core::not_finite(g[s]);
  scratch.not_finite |= not_finite;
}

void update_row(synapses::SynapseTile& tile, const IntervalUpdate& u, std::uint32_t source,
                const Rate& rate, GradientScratch& scratch) {
  const synapses::Row row(tile, source);
  if (row.size == 0) return;
  const auto& p = u.optimizer;
  const auto spikes = counted(u.spikes.of(source), u.first_counted, u.last_counted);
  if (u.kept != nullptr) {
    keep_row(tile, u, row, spikes, scratch);
    return;
  }
  const bool batch_ends = (u.interval + 1) % p.batch_size == 0;
  const bool moves_without_gradient = p.moves_without_gradient || p.batch_size > 1;
  if (spikes.empty() && !(batch_ends && moves_without_gradient)) return;

  double* __restrict g = scratch.gradient.data();
  gradient(row, spikes, u.scale, tile.targets.size(), scratch.coefficients, g);
  if (p.batch_size > 1) {
    double* __restrict sum = tile.gradient_sum.data() + row.first;
    const auto batch = static_cast<double>(p.batch_size);
    std::uint64_t not_finite = 0;
    for (std::uint32_t s = 0; s < row.size; ++s) {
      sum[s] += g[s];
      g[s] = sum[s] / batch;
      not_finite |= core::not_finite(sum[s]);
    }
    tile.not_finite |= not_finite;
    if (!batch_ends) return;
    std::fill_n(sum, row.size, 0.0);
  }
  optimize(tile, p, row.first, row.size, g, rate);
}

}  // namespace

void close_interval(neurons::RecurrentBlock& block, Step T, RecurrentArchive& archive) {
  const auto steps = static_cast<double>(T);
  for (std::size_t j = 0; j < block.size(); ++j) {
    archive.regularization[j] =
        block.c_reg[j] * (block.n_spikes[j] / steps - block.f_target[j]) / steps;
    block.n_spikes[j] = 0.0;
  }
}

namespace {

/// State of the backward pass over recurrent neurons, one value per neuron.
struct PassState {
  double* lambda;  ///< learning signal still to be weighted by ebar
  double* eta;     ///< d gradient / d eps
  double* mu;      ///< d gradient / d zbar
};

/// The backward pass over the recurrent neurons of one tile.
struct RecurrentPass {
  const neurons::RecurrentBlock& block;
  const RecurrentArchive& archive;
  const core::StepRing& surrogate_gradient;
  std::size_t first_column;  ///< of the tile in it
  const std::vector<SignalWeights>& signals;
  double kappa;
  Step first;                   ///< of the interval
  const double* const* errors;  ///< [step of the interval][signal]; null: all zero
  double* coefficients;         ///< [step of the interval][neuron]
  std::size_t stride;           ///< neurons of the tile

  template <class V>
  [[nodiscard]] V learning_signal(const double* const* rows, std::size_t j) const {
    V L = 0.0;
    for (std::size_t s = 0; s < signals.size(); ++s) {
      if (rows[s] == nullptr) continue;
      const auto& signal = signals[s];
      const double* B = signal.B.data() + j;
      for (std::uint32_t k = 0; k < signal.readouts; ++k, B += signal.neurons) {
        L += V(B, core::element_aligned) * V(rows[s][k]);
      }
    }
    return L;
  }

  /// Goes back over the steps [begin, end) of the interval, for the V::size() neurons from i on (of
  /// the tile; j of the block).
  template <bool adaptive, class V>
  void run(std::size_t begin, std::size_t end, std::size_t i, std::size_t j,
           const PassState& state) const {
    const auto load = [](const double* x) { return V(x, core::element_aligned); };
    const auto column = [&](const core::Column& x) { return load(x.data() + j); };
    const V reg = column(archive.regularization), alpha = column(block.alpha);
    const V P_z = column(block.P_z);
    const V decay = kappa, gain = 1.0 - kappa;
    V lambda = load(state.lambda), mu = load(state.mu), eta = 0.0, beta = 0.0, rho = 0.0;
    if constexpr (adaptive) {
      eta = load(state.eta);
      beta = column(block.beta);
      rho = column(block.rho);
    }
    const double* row = surrogate_gradient.row(first + static_cast<Step>(end));
    for (auto step = end; step-- > begin;) {
      row = surrogate_gradient.before(row);
      const V psi = load(row + first_column + i);
      lambda = learning_signal<V>(errors + step * signals.size(), j) + decay * lambda;
      V d = gain * lambda + reg;
      if constexpr (adaptive) {
        d = d + eta;
        eta = rho * eta - beta * psi * d;
      }
      mu = psi * d + alpha * mu;
      (P_z * mu).copy_to(coefficients + step * stride + i, core::element_aligned);
    }
    lambda.copy_to(state.lambda, core::element_aligned);
    mu.copy_to(state.mu, core::element_aligned);
    if constexpr (adaptive) eta.copy_to(state.eta, core::element_aligned);
  }
};

/// Steps of the backward pass that are worked on together, so that their rows stay in the nearest
/// cache while it goes from neurons to neurons.
constexpr std::size_t pass_steps = 16;

}  // namespace

void recurrent_coefficients(const neurons::RecurrentBlock& block, const RecurrentArchive& archive,
                            const core::StepRing& surrogate_gradient,
                            const std::vector<SignalWeights>& signals, core::Range tile,
                            const Interval& interval, double kappa, bool last_known,
                            GradientScratch& scratch) {
  const std::size_t n = tile.size();
  const auto T = static_cast<std::size_t>(interval.last - interval.first);
  reserve(scratch.coefficients, (T + 1) * n);
  scratch.errors.clear();
  for (Step t = interval.first; t < interval.last; ++t) {
    const bool known = last_known || t + 1 < interval.last;
    for (const auto& signal : signals) scratch.errors.push_back(known ? signal.at(t) : nullptr);
  }
  const bool packed = !archive.packed.empty();
  auto& unpacked = scratch.surrogate_gradient;
  if (packed && unpacked.columns() != n) unpacked = core::StepRing(pass_steps, n);
  const RecurrentPass pass{.block = block,
                           .archive = archive,
                           .surrogate_gradient = packed ? unpacked : surrogate_gradient,
                           .first_column = packed ? 0U : tile.begin,
                           .signals = signals,
                           .kappa = kappa,
                           .first = interval.first,
                           .errors = scratch.errors.data(),
                           .coefficients = scratch.coefficients.data(),
                           .stride = n};
  const std::size_t slots = n + core::Lanes::size();
  scratch.row.assign(3 * slots, 0.0);
  for (std::size_t end = T; end > 0;) {
    const std::size_t begin = end - std::min(end, pass_steps);
    for (auto step = begin; packed && step < end; ++step) {
      const Step t = interval.first + static_cast<Step>(step);
      archive.packed.get(t, tile, unpacked.row(t));
    }
    core::for_blocks<2 * core::Lanes::size()>(n, [&]<class V>(std::size_t i) {
      double* slot = scratch.row.data() + core::slot<V>(i);
      const PassState state{slot, slot + slots, slot + 2 * slots};
      const std::size_t j = tile.begin + i;
      block.adaptive ? pass.run<true, V>(begin, end, i, j, state)
                     : pass.run<false, V>(begin, end, i, j, state);
    });
    end = begin;
  }
}

void readout_coefficients(const neurons::ReadoutBlock& block, const core::StepRing& errors,
                          core::Range tile, const Interval& interval, GradientScratch& scratch) {
  const std::size_t n = tile.size();
  const auto T = static_cast<std::size_t>(interval.last - interval.first);
  reserve(scratch.coefficients, (T + 1) * n);
  scratch.row.assign(n, 0.0);
  double* __restrict mu = scratch.row.data();
  const double* __restrict alpha = block.alpha.data() + tile.begin;
  const double* __restrict P_z = block.P_z.data() + tile.begin;
  for (Step u = interval.last; u > interval.first; --u) {
    const double* __restrict E = errors.row(u + 1) + block.neurons.begin + tile.begin;
    double* __restrict Q =
        scratch.coefficients.data() + static_cast<std::size_t>(u - interval.first) * n;
#pragma omp simd
    for (std::size_t k = 0; k < n; ++k) {
      mu[k] = E[k] + alpha[k] * mu[k];
      Q[k] = P_z[k] * mu[k];
    }
  }
}

void update_tile(synapses::SynapseTile& tile, const IntervalUpdate& u,
                 std::span<const std::uint32_t> sources, bool only, GradientScratch& scratch) {
  reserve(scratch.gradient, tile.longest_row);
  const auto n = (u.interval + 1) / u.optimizer.batch_size;
  const auto rate = u.optimizer.rate(u.eta, std::max<std::int64_t>(n, 1));
  if (only) {
    for (const auto source : sources) update_row(tile, u, source, rate, scratch);
    return;
  }
  auto next = sources.begin();
  tile.sources.for_each([&](std::uint32_t source, std::uint32_t) {
    while (next != sources.end() && *next < source) ++next;
    if (next == sources.end() || *next != source) update_row(tile, u, source, rate, scratch);
  });
}

}  // namespace eprop::plasticity
