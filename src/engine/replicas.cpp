#include "engine/replicas.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/flush_denormals.hpp"
#include "core/interval_offsets.hpp"
#include "core/refuse.hpp"
#include "core/steps.hpp"
#include "eprop/comm/agreement.hpp"
#include "eprop/comm/collectives.hpp"
#include "eprop/comm/launch.hpp"
#include "eprop/errors.hpp"
#include "plan/replicas.hpp"
#include "state/build.hpp"
#include "state/memory.hpp"
#include "state/restart.hpp"
#include "state/verdict.hpp"

namespace eprop::engine {
namespace {

namespace offset = core::interval_offset;

/// f(part) for all readouts of a rank whose losses are tracked.
template <class F>
void for_each_tracked(state::RankState& rank, F&& f) {
  for (auto& worker : rank.workers) {
    for (auto& part : worker->readouts) {
      if (part.losses) f(part);
    }
  }
}

void append(auto& to, const auto& from) { to.insert(to.end(), from.begin(), from.end()); }

}  // namespace

Replicas::Replicas(Stepper& main, const Grouping& grouping)
    : main_(main),
      grouping_(grouping),
      failure_(main.failure),
      team_(grouping.threads),
      store_(*main.rank),
      batch_(plan::samples_of_batch(main.rank->plan)),
      interval_(main.rank->plan.timing.update_interval.value()),
      out_(1),
      in_(1) {
  for (int lane = 1; lane < grouping.lanes; ++lane) {
    alone_.push_back(comm::make_serial());
    others_.push_back(
        std::make_unique<Stepper>(state::build_replica(*main.rank), *alone_.back(), failure_));
    others_.back()->gives_verdicts = false;
  }
}

bool Replicas::have_spiked(std::uint32_t population) const {
  return std::ranges::any_of(
      others_, [&](const auto& replica) { return replica->has_spiked[population] != '\0'; });
}

void Replicas::add_memory(MemoryUse& use) const {
  for (const auto& replica : others_) {
    const auto own = state::memory_of(*replica->rank);
    use.neurons += own.neurons;
    use.archives += own.archives;
    use.spikes += own.spikes;
  }
}

Step Replicas::begin_of(std::int64_t sample) const { return sample * interval_ + offset::update; }

std::int64_t Replicas::sample_in(Step t) const {
  return std::max<Step>(t - offset::update, 0) / interval_;
}

bool Replicas::batch_fits(Step end) const {
  return plan::batch_begins(main_.rank->plan, main_.now) &&
         end >= begin_of(sample_in(main_.now) + batch_);
}

Step Replicas::next_batch() const {
  return core::next_on_grid(offset::update, batch_ * interval_, main_.now + 1);
}

void Replicas::require_losses_of_samples(const devices::LossTracker::Window& window,
                                         const std::string& thing) const {
  const double dt = main_.rank->plan.timing.dt;
  if (window.interval != interval_) {
    core::refuse(thing, "interval", static_cast<double>(window.interval) * dt, "ms",
                 fmt::format("must be the update interval, {} ms, with replicas",
                             static_cast<double>(interval_) * dt));
  }
  if (window.offset % interval_ != offset::update % interval_) {
    core::refuse(thing, "offset", static_cast<double>(window.offset) * dt, "ms",
                 fmt::format("must be {} ms, and a multiple of the update interval more, with "
                             "replicas",
                             static_cast<double>(offset::update) * dt));
  }
}

/// All threads meet some times a batch; in between each works on samples of its own, or all on the
/// same.
void Replicas::run_batch(std::size_t thread) {
  const core::FlushDenormals flush;
  team_.wait(thread, [&] { failure_.guard([&] { begin(); }); });
  if (thread > 0 && grouping_.lanes > 1) {
    failure_.guard([&] { state::follow(*others_[thread - 1]->rank, *main_.rank); });
  }
  team_.wait(thread);
  run_samples(thread);
  team_.wait(thread, [&] { agree(); });
  add_gradients(thread);
  team_.wait(thread);
  learn(thread);
  team_.wait(thread, [&] {
    agree();
    failure_.guard([&] { end(); });
  });
}

void Replicas::begin() {
  main_.bring_up_to_date();
  main_.gives_verdicts = false;
  first_ = sample_in(main_.now);
  last_ = first_ + batch_ - 1;
  share_out();
  store_.reserve(static_cast<std::size_t>(own_end_ - own_begin_));
  losses_.assign(static_cast<std::size_t>(own_end_ - own_begin_), {});
  losses_before_.clear();
  for_each_tracked(*main_.rank, [&](state::ReadoutPart& part) {
    losses_before_.push_back(part.losses->take());
  });
}

/// Each group gets consecutive samples, of equal numbers as far as possible; the first group the
/// last one besides, and all that are recorded.
void Replicas::share_out() {
  std::int64_t recorded = 1;  // and the first one, for the main replica
  if (grouping_.is_first()) {
    // In the first step of the last sample, learning signals are still those of the one before.
    const Step t = main_.recorder->last_state_sampled_before(begin_of(last_) + 1);
    if (t >= main_.now) recorded = std::min(sample_in(t), last_ - 1) - first_ + 1;
  }
  own_begin_ = first_;
  own_end_ = last_;
  if (auto* across = grouping_.across()) {
    across->broadcast(std::as_writable_bytes(std::span(&recorded, 1)), 0);
    const auto share = core::block(static_cast<std::uint32_t>(batch_), 0, grouping_.groups());
    own_end_ = first_ + std::max<std::int64_t>(recorded, share.size() - 1);
    if (!grouping_.is_first()) {
      const auto rest = core::block(static_cast<std::uint32_t>(last_ - own_end_),
                                    across->rank() - 1, grouping_.groups() - 1);
      own_begin_ = own_end_ + rest.begin;
      own_end_ += rest.end;
    }
  }
  first_free_ = own_begin_ + (grouping_.is_first() ? recorded : 0);
  next_ = first_free_;
}

/// The next sample that nobody has begun, unless only so many are left.
bool Replicas::claim(std::int64_t left_to_others, std::int64_t& sample) {
  sample = next_.load();
  while (sample < own_end_ - left_to_others) {
    if (next_.compare_exchange_weak(sample, sample + 1)) return true;
  }
  return false;
}

void Replicas::run_samples(std::size_t thread) {
  const bool is_main = thread < main_.rank->workers.size();
  Stepper& replica = is_main ? main_ : *others_[thread - 1];
  const std::size_t worker = is_main ? thread : 0;
  const bool alone = grouping_.lanes > 1;
  const bool has_last = is_main && grouping_.is_first();
  const auto end = alone ? first_free_ : own_end_;
  for (auto sample = own_begin_; is_main && sample < end; ++sample) {
    run_sample(replica, worker, sample);
  }
  // Whoever has the last one to do leaves one to each of the others.
  std::int64_t sample = 0;
  while (alone && !failure_.happened() && claim(has_last ? grouping_.lanes - 1 : 0, sample)) {
    run_sample(replica, worker, sample);
  }
  if (has_last) run_last(worker);
}

/// Begins a sample, by one thread of those that share a replica.
void Replicas::go_to(Stepper& replica, std::size_t thread, std::int64_t sample) {
  const bool goes_on = replica.now == begin_of(sample) || (sample == first_ && &replica == &main_);
  if (thread > 0 || goes_on) return;
  failure_.guard([&] {
    const Step first = plasticity::interval(sample, interval_).first;
    if (replica.recorder != nullptr) replica.recorder->skip(replica.now, first);
    replica.restart(first);
  });
}

void Replicas::run_sample(Stepper& replica, std::size_t thread, std::int64_t sample) {
  const auto place = static_cast<std::size_t>(sample - own_begin_);
  go_to(replica, thread, sample);
  if (thread == 0) store_.keep(*replica.rank, place);
  replica.loop(end_of(sample), thread);
  failure_.guard([&] { replica.bring_up_to_date(thread); });
  replica.barrier.wait(thread, [&] {
    replica.up_to_date = std::max(replica.up_to_date, replica.now);
    failure_.guard([&] { take_losses(*replica.rank, losses_[place]); });
  });
}

/// The last sample, up to the step in which synapses begin to learn from the batch.
void Replicas::run_last(std::size_t thread) {
  go_to(main_, thread, last_);
  if (thread == 0) GradientStore::learn(*main_.rank);
  main_.loop((last_ + 1) * interval_ + offset::early_update, thread);
}

void Replicas::add_gradients(std::size_t thread) {
  if (failure_.happened()) return;
  if (grouping_.across() != nullptr) {
    if (thread == 0) failure_.guard([&] { add_gradients_of_groups(); });
    return;
  }
  const auto n = static_cast<std::size_t>(grouping_.threads);
  store_.add(losses_.size(), store_.size() * thread / n, store_.size() * (thread + 1) / n);
}

/// Sums go from group to group, each of which adds its samples, and back to the first: in pieces,
/// so that all groups add at the same time.
void Replicas::add_gradients_of_groups() {
  auto& across = *grouping_.across();
  const int groups = across.size(), group = across.rank(), pieces = groups;
  const std::array to{(group + 1) % groups}, from{(group + groups - 1) % groups};
  const auto cut = [&](int piece) {
    return store_.size() * static_cast<std::size_t>(piece) / static_cast<std::size_t>(pieces);
  };
  const auto is_piece = [&](int piece) { return piece >= 0 && piece < pieces; };
  for (int round = 0; round < pieces + groups; ++round) {
    const int sent = round - 1 - group, received = round - (group == 0 ? groups : group);
    const bool sends = is_piece(sent), receives = is_piece(received);
    across.exchange(std::span(to).first(sends ? 1 : 0), std::span(out_).first(sends ? 1 : 0),
                    std::span(from).first(receives ? 1 : 0),
                    std::span(in_).first(receives ? 1 : 0));
    if (receives) store_.set_sums(cut(received), cut(received + 1), in_[0]);
    const int added = round - group;
    if (!is_piece(added)) continue;
    store_.add(losses_.size(), cut(added), cut(added + 1));
    store_.get_sums(cut(added), cut(added + 1), out_[0]);
  }
}

/// The first group's main replica adds the last sample's gradients as if it had added all others.
void Replicas::learn(std::size_t thread) {
  if (!grouping_.is_first() || thread >= main_.rank->workers.size()) return;
  main_.loop(end_of(last_), thread);
  failure_.guard([&] { main_.bring_up_to_date(thread); });
  main_.barrier.wait(thread, [&] { main_.up_to_date = main_.now; });
}

void Replicas::end() {
  auto& rank = *main_.rank;
  Sums of_group, of_last;
  for (const auto& sums : losses_) append(of_group, sums);
  if (grouping_.is_first()) take_losses(rank, of_last);
  if (auto* across = grouping_.across()) {
    of_group = comm::all_gather_all(*across, of_group);
    comm::broadcast(*across, of_last, 0);
    GradientStore::learn(rank);
    main_.hand_over(end_of(last_), *across);
  }
  append(of_group, of_last);
  give_losses(of_group);
  for (const auto& other : others_) {
    rank.workers.front()->divergence.note(other->rank->workers.front()->divergence);
  }
  main_.gives_verdicts = true;
  state::throw_if_diverged(rank, grouping_.whole, main_.now);
}

void Replicas::take_losses(state::RankState& rank, Sums& into) {
  for_each_tracked(rank, [&](state::ReadoutPart& part) { append(into, part.losses->take()); });
}

/// Completes the intervals of the batch: `of_all` has those of all samples, part by part.
void Replicas::give_losses(const Sums& of_all) {
  std::size_t n = 0;  // readouts
  for_each_tracked(*main_.rank, [&](state::ReadoutPart& part) { n += part.block.size(); });
  std::size_t first = 0, i = 0;
  for_each_tracked(*main_.rank, [&](state::ReadoutPart& part) {
    auto completed = std::move(losses_before_[i++]);
    const auto size = part.block.size();
    for (std::size_t begin = first; n > 0 && begin < of_all.size(); begin += n) {
      const auto sums = of_all.begin() + static_cast<std::ptrdiff_t>(begin);
      completed.insert(completed.end(), sums, sums + static_cast<std::ptrdiff_t>(size));
    }
    part.losses->completed_sums() = std::move(completed);
    first += size;
  });
}

void Replicas::agree() {
  if (grouping_.across() == nullptr || agreed_to_fail_) return;
  try {
    comm::agreed<OutputError, CheckpointError, InvalidParameter>(
        grouping_.whole, "running the simulation", [&] { failure_.rethrow(); });
  } catch (...) {
    agreed_to_fail_ = true;
    failure_.note(std::current_exception());
  }
}

}  // namespace eprop::engine
