#pragma once

#include <cmath>
#include <cstdint>
#include <utility>
#include <variant>
#include <vector>

#include "network/connections.hpp"

namespace eprop::network {

/// Hands the connections that a rule makes onto a range of targets to `take`(source, target,
/// index), one by one and without keeping them.
template <class Take>
class ConnectionVisitor {
 public:
  ConnectionVisitor(const ConnectionSpace& space, core::Range range,
                    const core::RandomStream& random, Take& take)
      : space_(space), range_(range), random_(random), take_(take) {}

  void operator()(const AllToAll& rule) {
    for (auto j = range_.begin; j < range_.end; ++j) {
      for (std::uint32_t i = 0; i < space_.sources; ++i) take_pair(i, j, rule.autapses);
    }
  }

  void operator()(const OneToOne&) {
    for (auto j = range_.begin; j < range_.end; ++j) take_(j, j, j);
  }

  void operator()(const FixedIndegree& rule) {
    for (auto j = range_.begin; j < range_.end; ++j) {
      draw(j, rule.indegree, space_.sources, rule.autapses, rule.multapses,
           [&](std::uint32_t i, std::uint64_t index) { take_(i, j, index); });
    }
  }

  void operator()(const FixedOutdegree& rule) {
    for (std::uint32_t i = 0; i < space_.sources; ++i) {
      draw(i, rule.outdegree, space_.targets, rule.autapses, rule.multapses,
           [&](std::uint32_t j, std::uint64_t index) {
             if (range_.contains(j)) take_(i, j, index);
           });
    }
  }

  /// Jumps from one connection of a target to the next by geometrically distributed gaps.
  void operator()(const PairwiseBernoulli& rule) {
    if (rule.p == 0.0) return;
    const double log_miss = std::log1p(-rule.p);  // -infinity for p = 1: every gap is zero
    for (auto j = range_.begin; j < range_.end; ++j) {
      double i = -1.0;
      for (std::uint32_t draw = 0;; ++draw) {
        i += 1.0 + std::floor(std::log1p(-random_.uniform(j, draw)) / log_miss);
        if (!(i < space_.sources)) break;
        take_pair(static_cast<std::uint32_t>(i), j, rule.autapses);
      }
    }
  }

  void operator()(const ExplicitList& rule) {
    for (std::size_t k = 0; k < rule.source.size(); ++k) {
      if (range_.contains(rule.target[k])) take_(rule.source[k], rule.target[k], k);
    }
  }

 private:
  void take_pair(std::uint32_t source, std::uint32_t target, bool autapses) {
    if (!autapses && space_.same_population && source == target) return;
    take_(source, target, static_cast<std::uint64_t>(target) * space_.sources + source);
  }

  /// Draws `count` partners out of `candidates` for `self`; distinct ones by Floyd's algorithm.
  template <class TakeDrawn>
  void draw(std::uint32_t self, std::uint32_t count, std::uint32_t candidates, bool autapses,
            bool multapses, TakeDrawn take) {
    const bool skip_self = !autapses && space_.same_population;
    const auto available = candidates - (skip_self ? 1 : 0);
    if (!multapses && drawn_for_.empty()) drawn_for_.resize(candidates, 0);
    const auto is_new = [&](std::uint32_t drawn) {
      return std::exchange(drawn_for_[drawn], self + 1) != self + 1;
    };
    for (std::uint32_t k = 0; k < count; ++k) {
      auto drawn = random_.below(multapses ? available : available - count + k + 1, self, k);
      if (!multapses && !is_new(drawn)) {
        drawn = available - count + k;
        drawn_for_[drawn] = self + 1;
      }
      const auto partner = drawn + (skip_self && drawn >= self ? 1 : 0);
      take(partner, static_cast<std::uint64_t>(self) * count + k);
    }
  }

  const ConnectionSpace space_;
  const core::Range range_;
  const core::RandomStream& random_;
  Take& take_;
  /// [candidate]: 1 + whom it has been drawn for last, where partners are distinct
  std::vector<std::uint32_t> drawn_for_;
};

/// Calls take(source, target, index) for the connections that a rule makes onto the targets of
/// `range`, as connections() has them, but in the order in which they are made: ascending by index
/// for each source and target, and, unless the rule is made_by_source(), by target.
template <class Take>
void visit_connections(const ConnectionRule& rule, const ConnectionSpace& space, core::Range range,
                       const core::RandomStream& random, Take take) {
  ConnectionVisitor<Take> visitor(space, range, random, take);
  std::visit([&](const auto& r) { visitor(r); }, rule);
}

}  // namespace eprop::network
