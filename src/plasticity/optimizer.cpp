#include "plasticity/optimizer.hpp"

#include <utility>

#include "core/finite.hpp"
#include "network/optimizers.hpp"
#include "plasticity/optimizer_rules.hpp"

namespace eprop::plasticity {
namespace {

template <class O>
constexpr bool divides() {
  for (const auto& column : OptimizerRule<O>::columns) {
    if (column.divides) return true;
  }
  return false;
}

constexpr bool is_stored(const StateColumn& column) {
  for (const auto& stored : synapses::synapse_columns) {
    if (stored.member == column.member) return true;
  }
  return false;
}

/// Whether checkpoints have all state of an optimizer.
template <class O>
constexpr bool is_stored() {
  for (const auto& column : OptimizerRule<O>::columns) {
    if (!is_stored(column)) return false;
  }
  return true;
}

struct Bounds {
  double low, high;
  [[nodiscard]] double clip(double w) const {
    const double x = w < low ? low : w;
    return x > high ? high : x;
  }
};

/// One optimization of neighbouring synapses, with the columns of their state. If it clips, returns
/// bits that are not 0 if something is not finite, a weight before it is clipped: a bound would
/// hide an infinite one, and with it the gradient it came from.
template <bool clips, class Rule, std::size_t... I, class... D>
std::uint64_t optimize_row(const Rule rule, double* __restrict w, std::uint32_t size,
                           const double* __restrict g, Bounds bounds, std::index_sequence<I...>,
                           D* __restrict... state) {
  std::uint64_t not_finite = 0;
#pragma omp simd reduction(| : not_finite)
  for (std::uint32_t s = 0; s < size; ++s) {
    double x = w[s];
    rule.step(x, g[s], state[s]...);
    w[s] = clips ? bounds.clip(x) : x;
    if constexpr (clips) {
      not_finite |= core::not_finite(x);
      ((not_finite |= Rule::columns[I].divides ? core::not_finite(state[s]) : 0), ...);
    }
  }
  return not_finite;
}

template <bool clips>
void optimize(synapses::SynapseTile& tile, const OptimizerParameters& p, std::uint32_t first,
              std::uint32_t size, const double* g, const Rate& rate) {
  double* w = tile.weight.data() + first;
  tile.not_finite |= std::visit(
      [&]<class O>(const O& o) {
        using Rule = OptimizerRule<O>;
        return [&]<std::size_t... I>(std::index_sequence<I...> indices) {
          return optimize_row<clips>(Rule(o, rate), w, size, g, {p.w_min, p.w_max}, indices,
                                     ((tile.*Rule::columns[I].member).data() + first)...);
        }
        (std::make_index_sequence<Rule::columns.size()>());
      },
      p.optimizer);
}

}  // namespace

OptimizerParameters::OptimizerParameters(const Optimizer& what) : optimizer(what) {
  const auto& common = network::common_parameters(what);
  batch_size = common.batch_size;
  eta = common.eta;
  w_min = common.Wmin;
  w_max = common.Wmax;
  std::visit(
      [this]<class O>(const O&) {
        static_assert(is_stored<O>(), "its state has a column that is not in synapse_columns");
        moves_without_gradient = OptimizerRule<O>::moves_without_gradient;
        divides = plasticity::divides<O>();
      },
      optimizer);
}

std::span<const StateColumn> OptimizerParameters::columns() const {
  return std::visit(
      []<class O>(const O&) { return std::span<const StateColumn>(OptimizerRule<O>::columns); },
      optimizer);
}

Rate OptimizerParameters::rate(double eta_now, std::int64_t n) const {
  return {eta_now,
          std::visit([&]<class O>(const O& o) { return OptimizerRule<O>::rate(o, eta_now, n); },
                     optimizer)};
}

void add_optimizer_state(synapses::SynapseTile& tile, const OptimizerParameters& p) {
  if (p.batch_size > 1) tile.gradient_sum.assign(tile.size(), 0.0);
  for (const auto& column : p.columns()) (tile.*column.member).assign(tile.size(), 0.0);
}

void optimize(synapses::SynapseTile& tile, const OptimizerParameters& p, std::uint32_t first,
              std::uint32_t size, const double* gradient, const Rate& rate) {
  optimize<true>(tile, p, first, size, gradient, rate);
}

void optimize_without_clipping(synapses::SynapseTile& tile, const OptimizerParameters& p,
                               std::uint32_t first, std::uint32_t size, const double* gradient,
                               const Rate& rate) {
  optimize<false>(tile, p, first, size, gradient, rate);
}

void clip(synapses::SynapseTile& tile, const OptimizerParameters& p, std::uint32_t first,
          std::uint32_t size) {
  double* __restrict w = tile.weight.data() + first;
  const auto finite = [&](const core::Column& x) {
    return core::all_finite({x.data() + first, size});
  };
  bool all_finite = finite(tile.weight);
  for (const auto& column : p.columns()) {
    if (column.divides) all_finite = all_finite && finite(tile.*column.member);
  }
  if (!all_finite) tile.not_finite = 1;
  const Bounds bounds{p.w_min, p.w_max};
#pragma omp simd
  for (std::uint32_t s = 0; s < size; ++s) w[s] = bounds.clip(w[s]);
}

}  // namespace eprop::plasticity
