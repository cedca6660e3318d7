#include "network/connections.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <unordered_set>

namespace eprop::network {
namespace {

class Generator {
 public:
  Generator(const ConnectionSpace& space, core::Range range, const core::RandomStream& random)
      : space_(space), range_(range), random_(random) {}

  void operator()(const AllToAll& rule) {
    made_.reserve(static_cast<std::size_t>(range_.size()) * space_.sources);
    for (auto j = range_.begin; j < range_.end; ++j) {
      for (std::uint32_t i = 0; i < space_.sources; ++i) add_pair(i, j, rule.autapses);
    }
  }

  void operator()(const OneToOne&) {
    for (auto j = range_.begin; j < range_.end; ++j) made_.push_back({j, j, j});
  }

  void operator()(const FixedIndegree& rule) {
    made_.reserve(static_cast<std::size_t>(range_.size()) * rule.indegree);
    for (auto j = range_.begin; j < range_.end; ++j) {
      draw(j, rule.indegree, space_.sources, rule.autapses, rule.multapses,
           [&](std::uint32_t i, std::uint64_t index) {
             made_.push_back({i, j, index});
           });
    }
  }

  void operator()(const FixedOutdegree& rule) {
    for (std::uint32_t i = 0; i < space_.sources; ++i) {
      draw(i, rule.outdegree, space_.targets, rule.autapses, rule.multapses,
           [&](std::uint32_t j, std::uint64_t index) {
             if (range_.contains(j)) made_.push_back({i, j, index});
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
        add_pair(static_cast<std::uint32_t>(i), j, rule.autapses);
      }
    }
  }

  void operator()(const ExplicitList& rule) {
    for (std::size_t k = 0; k < rule.source.size(); ++k) {
      if (range_.contains(rule.target[k])) made_.push_back({rule.source[k], rule.target[k], k});
    }
  }

  std::vector<Connection> sorted() && {
    const auto less = [](const Connection& a, const Connection& b) {
      return std::tie(a.target, a.source, a.index) < std::tie(b.target, b.source, b.index);
    };
    if (!std::is_sorted(made_.begin(), made_.end(), less)) {
      std::sort(made_.begin(), made_.end(), less);
    }
    return std::move(made_);
  }

 private:
  void add_pair(std::uint32_t source, std::uint32_t target, bool autapses) {
    if (!autapses && space_.same_population && source == target) return;
    made_.push_back({source, target, static_cast<std::uint64_t>(target) * space_.sources + source});
  }

  /// Draws `count` partners out of `candidates` for `self`; distinct ones by Floyd's algorithm.
  template <class Take>
  void draw(std::uint32_t self, std::uint32_t count, std::uint32_t candidates, bool autapses,
            bool multapses, Take take) {
    const bool skip_self = !autapses && space_.same_population;
    const auto available = candidates - (skip_self ? 1 : 0);
    seen_.clear();
    for (std::uint32_t k = 0; k < count; ++k) {
      auto drawn = random_.below(multapses ? available : available - count + k + 1, self, k);
      if (!multapses && !seen_.insert(drawn).second) {
        drawn = available - count + k;
        seen_.insert(drawn);
      }
      const auto partner = drawn + (skip_self && drawn >= self ? 1 : 0);
      take(partner, static_cast<std::uint64_t>(self) * count + k);
    }
  }

  ConnectionSpace space_;
  core::Range range_;
  const core::RandomStream& random_;
  std::vector<Connection> made_;
  std::unordered_set<std::uint32_t> seen_;
};

}  // namespace

std::vector<Connection> connections(const ConnectionRule& rule, const ConnectionSpace& space,
                                    core::Range range, const core::RandomStream& random) {
  Generator generator(space, range, random);
  std::visit([&](const auto& r) { generator(r); }, rule);
  return std::move(generator).sorted();
}

bool made_by_source(const ConnectionRule& rule) {
  return std::holds_alternative<FixedOutdegree>(rule) || std::holds_alternative<ExplicitList>(rule);
}

}  // namespace eprop::network
