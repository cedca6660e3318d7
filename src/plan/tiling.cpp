#include "plan/tiling.hpp"

#include <algorithm>

namespace eprop::plan {
namespace {

constexpr std::uint32_t smallest_tile = 256;
constexpr std::uint32_t largest_tile = 65536;

double mean_indegree(const ConnectionRule& rule, double sources, double targets) {
  struct {
    double sources, targets;
    double operator()(const AllToAll&) const { return sources; }
    double operator()(const OneToOne&) const { return 1.0; }
    double operator()(const FixedIndegree& r) const { return r.indegree; }
    double operator()(const FixedOutdegree& r) const { return r.outdegree * sources / targets; }
    double operator()(const PairwiseBernoulli& r) const { return r.p * sources; }
    double operator()(const ExplicitList& r) const {
      return static_cast<double>(r.source.size()) / targets;
    }
  } const visitor{sources, targets};
  return std::visit(visitor, rule);
}

}  // namespace

std::uint32_t tile_width(const Plan& plan, std::uint32_t population) {
  double width = 0.0;
  for (std::size_t p = 0; p < plan.projections.size(); ++p) {
    const auto& projection = plan.projections[p];
    if (projection.target != population || projection.family == Family::none) continue;
    const double degree = mean_indegree(plan.network.projections()[p].rule, projection.n_sources,
                                        projection.n_targets);
    width = std::max(width, 16.0 * projection.n_sources / std::max(degree, 1e-3));
  }
  if (width == 0.0) return largest_tile;
  return static_cast<std::uint32_t>(std::clamp<double>(width, smallest_tile, largest_tile));
}

std::vector<core::Range> tiles(std::uint32_t size, std::uint32_t width) {
  const auto n = static_cast<int>((size + width - 1) / width);
  std::vector<core::Range> ranges;
  for (int i = 0; i < n; ++i) ranges.push_back(core::block(size, i, n));
  return ranges;
}

}  // namespace eprop::plan
