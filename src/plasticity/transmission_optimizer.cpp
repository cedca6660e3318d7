#include "plasticity/transmission_optimizer.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "plasticity/optimizer_rules.hpp"

namespace eprop::plasticity {
namespace {

/// Optimizations between two looks for synapses that rest.
constexpr std::int64_t look_interval = 64;

/// Optimizations without gradients of neighbouring synapses. Those that rest end at once, in closed
/// form; where they end is kept aside, because the others go on as a vector.
///
/// When a synapse comes to rest must not depend on its neighbours in the row, which depend on the
/// layout, or it would be rounded differently.
template <class O>
class Coast {
 public:
  Coast(synapses::SynapseTile& tile, std::uint32_t first, std::uint32_t size,
        TransmissionScratch& scratch)
      : size_(size), ends_(scratch.ends), at_end_(scratch.at_end) {
    values_[0] = tile.weight.data() + first;
    for (std::size_t i = 1; i < width; ++i) {
      values_[i] = (tile.*Rule::columns[i - 1].member).data() + first;
    }
    ends_.resize(std::max(ends_.size(), width * size));
    at_end_.assign(size, false);
  }

  /// Ends those that rest, with k optimizations to go. Returns how many still move.
  std::uint32_t settle(const O& o, double eta, std::int64_t k) {
    std::optional<typename Rule::Rest> rest;
    std::uint32_t moving = 0;
    for (std::uint32_t s = 0; s < size_; ++s) {
      if (at_end_[s]) continue;
      if (!rests(s, State())) {
        ++moving;
        continue;
      }
      if (!rest) rest.emplace(o, eta, k);
      double* end = ends_.data() + width * s;
      for (std::size_t i = 0; i < width; ++i) end[i] = values_[i][s];
      [&]<std::size_t... I>(std::index_sequence<I...>) { (*rest)(end[0], end[I + 1]...); }
      (State());
      at_end_[s] = true;
    }
    return moving;
  }

  /// Puts those that have ended where they end.
  void finish() {
    for (std::uint32_t s = 0; s < size_; ++s) {
      if (!at_end_[s]) continue;
      for (std::size_t i = 0; i < width; ++i) values_[i][s] = ends_[width * s + i];
    }
  }

 private:
  using Rule = OptimizerRule<O>;
  using State = std::make_index_sequence<Rule::columns.size()>;
  static constexpr std::size_t width = 1 + Rule::columns.size();  ///< weight and state

  template <std::size_t... I>
  [[nodiscard]] bool rests(std::uint32_t s, std::index_sequence<I...>) const {
    return Rule::rests(values_[I + 1][s]...);
  }

  std::uint32_t size_;
  std::array<double*, width> values_;
  std::vector<double>& ends_;
  std::vector<char>& at_end_;
};

}  // namespace

void TransmissionScratch::reserve(std::size_t row) {
  if (gradient.size() >= row) return;
  gradient.resize(row);
  mean.resize(row);
  zeros.resize(row, 0.0);
}

void optimize_without_gradients(synapses::SynapseTile& tile, std::uint32_t first,
                                std::uint32_t size, const TransmissionOptimizer& o,
                                std::int64_t done, std::int64_t n, TransmissionScratch& scratch) {
  const auto& p = o.parameters;
  std::visit(
      [&]<class O>(const O& rule) {
        if constexpr (OptimizerRule<O>::moves_without_gradient) {
          Coast<O> coast(tile, first, size, scratch);
          while (done < n && coast.settle(rule, o.eta, n - done) > 0) {
            const auto look = std::min(n, (done / look_interval + 1) * look_interval);
            while (done < look) {
              ++done;
              optimize_without_clipping(tile, p, first, size, scratch.zeros.data(),
                                        p.rate(o.eta, done));
            }
          }
          coast.finish();
        }
      },
      p.optimizer);
}

void optimize_up_to(synapses::SynapseTile& tile, std::uint32_t first, std::uint32_t size,
                    const double* g, const TransmissionOptimizer& o, std::int64_t done,
                    std::int64_t n, const Rate& rate_of_n, TransmissionScratch& scratch) {
  const auto& p = o.parameters;
  const auto rate = done + 1 == n ? rate_of_n : p.rate(o.eta, done + 1);
  if (!p.moves_without_gradient || done + 1 == n) {
    optimize(tile, p, first, size, g, rate);
    return;
  }
  optimize_without_clipping(tile, p, first, size, g, rate);
  optimize_without_gradients(tile, first, size, o, done + 1, n, scratch);
  clip(tile, p, first, size);
}

}  // namespace eprop::plasticity
