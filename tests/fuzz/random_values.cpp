#include "random_values.hpp"

#include <algorithm>

#include "network/optimizers.hpp"

namespace eprop::fuzz {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

Value odd_value(Dice& dice, double usual, std::size_t size) {
  switch (dice.below(5)) {
    case 0:
      return Normal{usual, dice.odd_number()};
    case 1:
      return Uniform{dice.odd_number(), dice.odd_number()};
    case 2:
      return Value::Array(dice.one_of({size + 1, size - std::min<std::size_t>(size, 1)}), usual);
    case 3: {
      Value::Array array(size, usual);
      if (!array.empty()) array[dice.below(size)] = dice.odd_number();
      return array;
    }
    default:
      return dice.odd_number();
  }
}

/// What the rule of a parameter allows, near its usual value.
double fitting_number(Dice& dice, Rule rule, double usual, double dt) {
  switch (rule) {
    case Rule::finite:
      return usual + dice.between(-1.0, 1.0) * (0.05 * std::abs(usual) + 0.1);
    case Rule::positive:
      return usual * std::exp(dice.between(-1.0, 1.0));
    case Rule::non_negative:
      return dice.chance(0.3) ? 0.0 : dice.between(0.0, usual + 2.0);
    case Rule::unit_interval:
      return dice.one_of({0.0, 1.0, usual, dice.between(0.0, 1.0)});
    case Rule::boolean:
      return dice.chance(0.5) ? 1.0 : 0.0;
    case Rule::time:
      return random_time(dice, 0, 3, dt);
    case Rule::positive_time:
      return random_time(dice, 1, 50, dt);
    case Rule::cutoff:
      return dice.chance(0.4) ? infinity : random_time(dice, 0, 60, dt);
    case Rule::lower_bound:
      return dice.chance(0.5) ? -infinity : dice.between(-100.0, -80.0);
  }
  return usual;
}

Value fitting_value(Dice& dice, Rule rule, double usual, std::size_t size, double dt) {
  if (dice.odd()) return odd_value(dice, usual, size);
  const double number = fitting_number(dice, rule, usual, dt);
  const bool has_range = rule == Rule::finite || rule == Rule::positive;
  switch (dice.below(has_range ? 5 : 3)) {
    case 0: {
      Value::Array array(size);
      for (double& x : array) x = fitting_number(dice, rule, usual, dt);
      return array;
    }
    case 3:
      return Uniform{number - 0.01 * std::abs(number), number + 0.01 * std::abs(number)};
    case 4:
      return Normal{number, 0.01 * std::abs(number)};
    default:
      return number;
  }
}

template <class Group>
void randomize_group(Dice& dice, Group& group, std::uint32_t size, double dt) {
  if constexpr (requires { Group::parameters; }) {
    for (const auto& parameter : Group::parameters) {
      auto& value = group.*parameter.member;
      const double usual = std::get<double>(value.content());
      // Their defaults may be no multiples of dt.
      const bool is_time = parameter.rule == Rule::time || parameter.rule == Rule::positive_time;
      if (!is_time && !dice.chance(0.2)) continue;
      value = fitting_value(dice, parameter.rule, std::isfinite(usual) ? usual : 0.0, size, dt);
    }
  }
  if constexpr (requires { Group::flags; }) {
    for (const auto& flag : Group::flags) group.*flag.member = dice.chance(0.2);
  }
  if constexpr (requires { Group::words; }) {
    for (const auto& word : Group::words) {
      using Enum = std::remove_reference_t<decltype(group.*word.member)>;
      group.*word.member = static_cast<Enum>(dice.below(word.words.size()));
    }
  }
}

/// A number of neurons to draw from.
std::uint32_t random_degree(Dice& dice, std::uint32_t candidates) {
  // Degrees of billions would be drawn, which takes long, and recorded, which takes memory.
  if (dice.odd()) return dice.one_of<std::uint32_t>({0, candidates + 1, 300});
  return static_cast<std::uint32_t>(candidates == 0 ? 0 : 1 + dice.below(candidates));
}

ExplicitList random_list(Dice& dice, std::uint32_t sources, std::uint32_t targets) {
  ExplicitList list;
  const bool is_possible = (sources > 0 && targets > 0) || dice.odd();
  for (std::uint64_t n = is_possible ? dice.below(40) : 0; n > 0; --n) {
    list.source.push_back(dice.index(sources));
    list.target.push_back(dice.index(targets));
  }
  if (dice.odd()) list.source.push_back(0);
  return list;
}

}  // namespace

double random_time(Dice& dice, std::uint64_t least, std::uint64_t most, double dt) {
  if (dice.odd()) return dice.odd_number();
  return static_cast<double>(least + dice.below(most - least + 1)) * dt;
}

Value random_value(Dice& dice, double low, double high, std::size_t size) {
  if (dice.odd()) return odd_value(dice, low, size);
  const double middle = 0.5 * (low + high);
  switch (dice.below(4)) {
    case 0: {
      Value::Array array(size);
      for (double& x : array) x = dice.between(low, high);
      return array;
    }
    case 1:
      return Uniform{low, high};
    case 2:
      return Normal{middle, 0.3 * (high - middle)};
    default:
      return dice.between(low, high);
  }
}

void randomize(Dice& dice, NeuronModel& model, std::uint32_t size, double dt) {
  std::visit(
      [&]<class M>(M& m) {
        M::for_each_group([&]<class Group, std::uint32_t>() {
          randomize_group(dice, static_cast<Group&>(m), size, dt);
        });
        if (dice.chance(0.2)) m.V_m = fitting_value(dice, Rule::finite, -65.0, size, dt);
        // Many are to spike.
        if (dice.chance(0.5)) m.I_e = random_value(dice, 300.0, 900.0, size);
      },
      model);
}

std::string spoil(Dice& dice, NeuronModel& model, double value) {
  std::vector<std::string_view> names{"V_m"};
  std::visit(
      [&]<class M>(const M&) {
        M::for_each_group([&]<class Group, std::uint32_t>() {
          if constexpr (requires { Group::parameters; }) {
            for (const auto& parameter : Group::parameters) names.push_back(parameter.name);
          }
        });
      },
      model);
  std::string name(dice.one_of(names));
  set_parameter(model, name, value);
  return name;
}

void randomize(Dice& dice, Optimizer& optimizer) {
  const auto set = [&](const network::OptimizerParameter& p, auto& field) {
    using Number = std::remove_reference_t<decltype(field)>;
    if constexpr (std::is_integral_v<Number>) {
      field = dice.odd() ? dice.odd_integer() : static_cast<Number>(1 + dice.below(3));
    } else if (dice.odd()) {
      field = dice.odd_number();
    } else if (p.name == "eta") {
      field = dice.one_of({0.0, 1e-4, 1e-2, 1.0});
    } else if (dice.chance(0.2) && p.rule.holds(0.5 * field)) {
      field *= 0.5;
    }
  };
  std::visit([&](auto& o) { network::visit_optimizer_parameters(o, set); }, optimizer);
  if (!dice.chance(0.03)) return;
  // Steps beyond all reason, for weights to diverge.
  auto& common = std::visit([](auto& o) -> GradientDescent& { return o; }, optimizer);
  common.eta = 1e300;
  common.Wmin = -1e308;
  common.Wmax = 1e308;
}

ConnectionRule random_rule(Dice& dice, std::uint32_t sources, std::uint32_t targets) {
  const bool autapses = dice.chance(0.7), multapses = dice.chance(0.7);
  switch (dice.below(6)) {
    case 0:
      if (sources == targets || dice.odd()) return OneToOne{};
      return AllToAll{autapses};
    case 1:
      return FixedIndegree{random_degree(dice, sources), autapses, multapses};
    case 2:
      return FixedOutdegree{random_degree(dice, targets), autapses, multapses};
    case 3:
      return PairwiseBernoulli{dice.odd() ? dice.odd_number() : dice.between(0.0, 1.0), autapses};
    case 4:
      return random_list(dice, sources, targets);
    default:
      return AllToAll{autapses};
  }
}

}  // namespace eprop::fuzz
