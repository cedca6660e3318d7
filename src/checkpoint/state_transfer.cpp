#include "checkpoint/state_transfer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <type_traits>
#include <utility>

#include "eprop/comm/agreement.hpp"
#include "eprop/comm/collectives.hpp"
#include "eprop/errors.hpp"

namespace eprop::checkpoint {
namespace {

template <class T>
void scatter(const std::vector<T>& values, std::size_t first, const std::vector<T*>& places) {
  for (std::size_t i = 0; i < places.size(); ++i) *places[i] = values[first + i];
}

}  // namespace

void require_size(const std::string& name, std::size_t found, std::size_t wanted) {
  if (found == wanted) return;
  throw CheckpointError(
      fmt::format("checkpoint: '{}' has {} values, the simulation {}", name, found, wanted));
}

template <class T>
void require_limits(const std::string& name, std::span<const T> values, const Limits<T>& limits) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] >= limits.low && values[i] <= limits.high) continue;
    throw CheckpointError(fmt::format("checkpoint: '{}', value {} = {}: must be from {} to {}",
                                      name, i, values[i], limits.low, limits.high));
  }
}

void require_ascending(const std::string& name, std::span<const std::int64_t> values) {
  for (std::size_t i = 1; i < values.size(); ++i) {
    if (values[i - 1] < values[i]) continue;
    throw CheckpointError(fmt::format("checkpoint: '{}', value {} = {}: must be above {}", name, i,
                                      values[i], values[i - 1]));
  }
}

template <class T>
auto& StateTransfer::columns() {
  if constexpr (std::is_same_v<T, double>) {
    return snapshot_.numbers;
  } else {
    return snapshot_.integers;
  }
}

template <class T>
void StateTransfer::gather(const std::string& name, const std::vector<T*>& own) {
  std::vector<T> mine;
  mine.reserve(own.size());
  for (const T* place : own) mine.push_back(*place);
  auto all = comm::gather_all(comm_, mine, 0);
  if (comm_.rank() == 0) columns<T>()[name] = std::move(all);
}

template <class T>
std::vector<T> StateTransfer::fetch(const std::string& name) {
  std::vector<T> values;
  comm::on_first_rank<CheckpointError>(comm_, "reading the checkpoint", [&] {
    const auto found = columns<T>().find(name);
    if (found == columns<T>().end()) {
      throw CheckpointError(fmt::format("checkpoint: has no '{}'", name));
    }
    values = std::move(found->second);
  });
  comm::broadcast(comm_, values, 0);
  return values;
}

template <class T>
void StateTransfer::distributed(const std::string& name, const std::vector<T*>& own,
                                const Limits<T>& limits) {
  if (saves()) {
    gather(name, own);
    return;
  }
  const auto values = fetch<T>(name);
  const auto share = comm::share_of(comm_, own.size());
  require_size(name, values.size(), share.all);
  if constexpr (std::is_integral_v<T>) require_limits<T>(name, values, limits);
  scatter(values, share.first, own);
}

template <class T>
void StateTransfer::published(const std::string& name, const std::vector<T*>& own,
                              const std::vector<T*>& all) {
  if (saves()) {
    gather(name, own);
    return;
  }
  const auto values = fetch<T>(name);
  require_size(name, values.size(), all.size());
  scatter(values, 0, all);
}

template <class T>
void StateTransfer::common(const std::string& name, std::vector<T>& values) {
  if (!saves()) {
    values = fetch<T>(name);
  } else if (comm_.rank() == 0) {
    columns<T>()[name] = values;
  }
}

void StateTransfer::merged(const std::string& name, std::vector<std::int64_t>& values,
                           const Limits<std::int64_t>& limits) {
  if (!saves()) {
    values = fetch<std::int64_t>(name);
    require_limits<std::int64_t>(name, values, limits);
    require_ascending(name, values);
    return;
  }
  auto all = comm::gather_all(comm_, values, 0);
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  if (comm_.rank() == 0) snapshot_.integers[name] = std::move(all);
}

std::size_t StateTransfer::loaded_numbers(const std::string& name) {
  std::size_t n = 0;
  if (const auto found = snapshot_.numbers.find(name); found != snapshot_.numbers.end()) {
    n = found->second.size();
  }
  comm_.broadcast(std::as_writable_bytes(std::span(&n, 1)), 0);
  return n;
}

template void require_limits(const std::string&, std::span<const double>, const Limits<double>&);
template void require_limits(const std::string&, std::span<const std::int64_t>,
                             const Limits<std::int64_t>&);
template void StateTransfer::distributed(const std::string&, const std::vector<double*>&,
                                         const Limits<double>&);
template void StateTransfer::distributed(const std::string&, const std::vector<std::int64_t*>&,
                                         const Limits<std::int64_t>&);
template void StateTransfer::published(const std::string&, const std::vector<double*>&,
                                       const std::vector<double*>&);
template void StateTransfer::common(const std::string&, std::vector<double>&);
template void StateTransfer::common(const std::string&, std::vector<std::int64_t>&);

}  // namespace eprop::checkpoint
