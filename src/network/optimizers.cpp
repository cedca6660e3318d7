#include "network/optimizers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/refuse.hpp"

namespace eprop::network {
namespace {

template <std::size_t... I>
std::vector<Optimizer> defaults(std::index_sequence<I...>) {
  return {Optimizer(std::in_place_index<I>)...};
}

}  // namespace

const std::vector<Optimizer>& all_optimizers() {
  static const auto all = defaults(std::make_index_sequence<std::variant_size_v<Optimizer>>());
  return all;
}

void check_optimizer(std::string_view thing, const Optimizer& optimizer) {
  const auto check = [&](const OptimizerParameter& p, const auto& value) {
    if (p.rule.holds(static_cast<double>(value))) return;
    core::refuse(thing, p.name, value, p.unit, p.rule.words);
  };
  std::visit(
      [&](const auto& o) {
        visit_common_parameters(o, check);
        if (!(o.Wmin <= o.Wmax)) {
          core::refuse(thing, "Wmin", o.Wmin, "pA",
                       fmt::format("must not exceed Wmax = {} pA", o.Wmax));
        }
        visit_own_parameters(o, check);
      },
      optimizer);
}

void refuse_weight(std::string_view thing, std::string_view parameter, double weight, double w_min,
                   double w_max) {
  core::refuse(thing, parameter, weight, "pA",
               fmt::format("must be within [Wmin, Wmax] = [{}, {}] pA", w_min, w_max));
}

std::string words(const Optimizer& optimizer) {
  std::string kind(name(optimizer));
  std::replace(kind.begin(), kind.end(), '_', ' ');
  std::vector<double> own;
  std::visit(
      [&](const auto& o) {
        visit_own_parameters(o, [&](const auto&, double value) { own.push_back(value); });
      },
      optimizer);
  if (!own.empty()) kind += fmt::format("({})", fmt::join(own, ", "));
  const auto& common = common_parameters(optimizer);
  return fmt::format("{} in batches of {}, weights in [{}, {}] pA", kind, common.batch_size,
                     common.Wmin, common.Wmax);
}

}  // namespace eprop::network
