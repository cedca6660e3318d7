#include "engine/gradient_store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "eprop/comm/errors.hpp"

namespace eprop::engine {
namespace {

/// Synapses whose sums stay in the nearest cache while the samples are added.
constexpr std::size_t synapses_at_once = 1024;

}  // namespace

GradientStore::GradientStore(state::RankState& rank) {
  for (auto& worker : rank.workers) {
    of_worker_.push_back(size_);
    for (std::size_t p = 0; p < worker->projections.size(); ++p) {
      auto& part = worker->projections[p];
      part.first_gradient.clear();
      if (rank.plan.projections[p].family != Family::bsshslm_2020) continue;
      for (auto& tile : part.tiles) {
        part.first_gradient.push_back(size_ - of_worker_.back());
        places_.push_back({&tile, size_});
        size_ += tile.size();
      }
    }
  }
}

void GradientStore::reserve(std::size_t samples) {
  if (gradients_.size() < samples * size_) gradients_.resize(samples * size_);
}

void GradientStore::keep(state::RankState& rank, std::size_t sample) {
  for (std::size_t w = 0; w < rank.workers.size(); ++w) {
    rank.workers[w]->gradients = gradients_.data() + sample * size_ + of_worker_[w];
  }
}

void GradientStore::learn(state::RankState& rank) {
  for (auto& worker : rank.workers) worker->gradients = nullptr;
}

template <class F>
void GradientStore::for_each_part(std::size_t first, std::size_t last, F&& f) const {
  for (const auto& [tile, begin] : places_) {
    const auto from = std::max(first, begin), to = std::min(last, begin + tile->size());
    if (from < to) f(tile->gradient_sum.data() + (from - begin), from, to - from);
  }
}

void GradientStore::add(std::size_t n, std::size_t first, std::size_t last) {
  for_each_part(first, last, [&](double* sums, std::size_t place, std::size_t size) {
    for (std::size_t begin = 0; begin < size; begin += synapses_at_once) {
      const auto some = std::min(synapses_at_once, size - begin);
      double* __restrict sum = sums + begin;
      for (std::size_t sample = 0; sample < n; ++sample) {
        const double* __restrict g = gradients_.data() + sample * size_ + place + begin;
#pragma omp simd
        for (std::size_t s = 0; s < some; ++s) sum[s] += g[s];
      }
    }
  });
}

void GradientStore::get_sums(std::size_t first, std::size_t last, comm::Bytes& to) const {
  to.resize((last - first) * sizeof(double));
  for_each_part(first, last, [&](const double* sums, std::size_t place, std::size_t n) {
    std::memcpy(to.data() + (place - first) * sizeof(double), sums, n * sizeof(double));
  });
}

void GradientStore::set_sums(std::size_t first, std::size_t last, const comm::Bytes& from) {
  if (from.size() != (last - first) * sizeof(double)) {
    throw comm::CommError(
        fmt::format("sums of gradients: {} bytes for {} synapses", from.size(), last - first));
  }
  for_each_part(first, last, [&](double* sums, std::size_t place, std::size_t n) {
    std::memcpy(sums, from.data() + (place - first) * sizeof(double), n * sizeof(double));
  });
}

}  // namespace eprop::engine
