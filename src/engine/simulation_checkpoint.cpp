#include <fmt/format.h>

#include <algorithm>
#include <boost/crc.hpp>
#include <span>

#include "core/refuse.hpp"
#include "core/steps.hpp"
#include "engine/simulation_impl.hpp"
#include "eprop/comm/agreement.hpp"
#include "eprop/comm/collectives.hpp"
#include "eprop/errors.hpp"
#include "learning/interval_updates.hpp"
#include "state/verdict.hpp"
#include "transfer/fingerprint.hpp"
#include "transfer/transfer.hpp"

namespace eprop {

using namespace engine;
using checkpoint::Snapshot;
using checkpoint::StateTransfer;

namespace {

void require_same_network(const std::string& path, const std::vector<std::string>& saved,
                          const std::vector<std::string>& own) {
  const auto [a, b] = std::mismatch(saved.begin(), saved.end(), own.begin(), own.end());
  if (a == saved.end() && b == own.end()) return;
  throw CheckpointError(
      fmt::format("checkpoint '{}': is of another network: it has {}, this one {}", path,
                  a == saved.end() ? "nothing more" : *a, b == own.end() ? "nothing more" : *b));
}

/// As checkpoints are written only after a multiple of the smallest delay.
void require_clock(const std::vector<std::int64_t>& clock, const plan::Timing& timing) {
  checkpoint::require_size("clock", clock.size(), 2);
  const auto now = std::span(clock).first(1);
  checkpoint::require_limits<std::int64_t>("clock", now, {0, core::most_steps});
  const auto interval = timing.exchange_interval.value();
  if (clock[0] % interval == 0) return;
  throw CheckpointError(fmt::format(
      "checkpoint: 'clock' = {}: must be a multiple of the {} steps of the smallest delay",
      clock[0], interval));
}

reports::OutputFile::TableRows share_tables(comm::Communicator& comm,
                                            const reports::OutputFile::TableRows& tables) {
  std::string names;
  std::vector<std::int64_t> rows;
  for (const auto& [name, n] : tables) {
    names += name + '\n';
    rows.push_back(n);
  }
  comm::broadcast(comm, names, 0);
  comm::broadcast(comm, rows, 0);
  reports::OutputFile::TableRows all;
  auto begin = names.begin();
  for (const auto n : rows) {
    const auto end = std::find(begin, names.end(), '\n');
    all.emplace(std::string(begin, end), n);
    begin = end + 1;
  }
  return all;
}

}  // namespace

/// Everything that changes while the simulation runs, but for recordings.
void Simulation::Impl::transfer_state(StateTransfer& transfer) {
  std::vector<std::int64_t> clock{now, up_to_date == now ? 1 : 0};
  transfer.common("clock", clock);
  if (!transfer.saves()) require_clock(clock, rank->plan.timing);
  now = exchanged = clock[0];
  up_to_date = clock[1] != 0 ? now : -1;
  transfer::transfer_populations(transfer, *rank, now);
  transfer::transfer_projections(transfer, *rank, now);
  transfer::transfer_inputs(transfer, *rank);
}

/// With replicas, losses that were tracked otherwise are refused as by track_loss().
void Simulation::Impl::require_losses_of_samples() const {
  if (!replicas) return;
  for (std::size_t i = 0; i < rank->populations.size(); ++i) {
    const auto* readouts = std::get_if<state::ReadoutState>(&rank->populations[i]);
    if (readouts == nullptr || !readouts->losses) continue;
    const auto& name = rank->plan.network.populations()[i].name;
    replicas->require_losses_of_samples(*readouts->losses, fmt::format("loss of '{}'", name));
  }
}

void Simulation::save_checkpoint(const std::string& path, const std::string& user_data) {
  impl_->require_all_ranks("save_checkpoint");
  auto& impl = *impl_;
  if (!checkpoint_is_possible()) {
    core::refuse("checkpoint", "step", impl.now, "",
                 fmt::format("must be a multiple of the {} steps of the smallest delay",
                             impl.rank->plan.timing.exchange_interval.value()));
  }
  impl.bring_up_to_date();
  if (impl.grouping.groups() > 1) state::throw_if_diverged(*impl.rank, impl.comm, impl.now);
  const auto doing = fmt::format("writing checkpoint '{}'", path);
  impl.on_first_group(doing, [&] {
    impl.reports.flush(impl.now);
    Snapshot snapshot;
    snapshot.network = transfer::describe(*impl.rank, impl.comm);
    snapshot.tables = impl.reports.output().table_rows();
    snapshot.user_data = user_data;
    StateTransfer transfer(snapshot, impl.comm, StateTransfer::Direction::save);
    impl.transfer_state(transfer);
    state::throw_if_diverged(*impl.rank, impl.comm, impl.now);
    comm::on_first_rank<CheckpointError>(impl.comm, doing,
                                         [&] { checkpoint::write(path, snapshot); });
  });
}

bool Simulation::checkpoint_is_possible() const { return impl_->exchanged == impl_->now; }

std::uint32_t Simulation::network_checksum() {
  impl_->require_all_ranks("network_checksum");
  boost::crc_32_type crc;
  for (const auto& words : transfer::describe(*impl_->rank, impl_->comm)) {
    crc.process_bytes(words.c_str(), words.size() + 1);
  }
  return crc.checksum();
}

std::string read_user_data(const std::string& checkpoint) {
  return checkpoint::read(checkpoint).user_data;
}

std::string Simulation::load_checkpoint(const std::string& path) {
  impl_->require_all_ranks("load_checkpoint");
  auto& impl = *impl_;
  if (impl.now != 0) core::refuse("checkpoint", "step", impl.now, "", "must be loaded in step 0");
  const auto description = transfer::describe(*impl.rank, impl.comm);
  Snapshot snapshot;
  // In each group of ranks by the first one.
  comm::agreed<DamagedCheckpoint, CheckpointError>(
      impl.grouping.whole, fmt::format("reading checkpoint '{}'", path), [&] {
        if (impl.comm.rank() != 0) return;
        snapshot = checkpoint::read(path);
        require_same_network(path, snapshot.network, description);
      });
  StateTransfer transfer(snapshot, impl.comm, StateTransfer::Direction::load);
  impl.transfer_state(transfer);
  impl.require_losses_of_samples();
  // The spikes of an interval are sorted for its updates, which take two steps.
  for (const Step t : {impl.now - 1, impl.now}) learning::sort_due_spikes(*impl.rank, t);
  impl.reports.output().expect_tables(share_tables(impl.comm, snapshot.tables));
  comm::broadcast(impl.comm, snapshot.user_data, 0);
  return std::move(snapshot.user_data);
}

}  // namespace eprop
