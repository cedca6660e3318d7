#include "state/verdict.hpp"

#include <gtest/gtest.h>

#include "../engine/results.hpp"
#include "distributed_test.hpp"
#include "eprop/errors.hpp"
#include "special_values.hpp"
#include "state/build.hpp"

namespace eprop::state {
namespace {

using testing::infinity;
using testing::not_a_number;

/// This rank's part of a network in steps of 0.5 ms with neurons and readouts on all ranks.
std::unique_ptr<RankState> part_of(const comm::Communicator& comm) {
  Network network({.dt = 0.5});
  const auto rec = network.add("rec", 8, EpropIaf{});
  const auto out = network.add("out", 8, EpropReadout{});
  network.connect(rec, out, AllToAll{}, EpropSynapse{});
  return build(network, {comm.size(), testing::threads_per_rank(), comm.rank()});
}

struct Verdict {
  std::string message;
  Step step = -1;
};

/// What a rank throws before step `now`; nothing is an empty message.
Verdict verdict(RankState& rank, comm::Communicator& comm, Step now) {
  try {
    throw_if_diverged(rank, comm, now);
  } catch (const Diverged& d) {
    return {d.what(), d.step()};
  }
  return {};
}

}  // namespace

DISTRIBUTED_TEST(Verdict, IsNoneAsLongAsAllIsFinite, RANKS(1, 2, 3)) {
  const auto rank = part_of(comm);
  throw_if_diverged(*rank, comm, 0);
  rank->workers[0]->recurrent.at(0).block.v[0] = 1e308;
  throw_if_diverged(*rank, comm, 1000);
  for (const auto& worker : rank->workers) EXPECT_FALSE(worker->divergence.found());
}

DISTRIBUTED_TEST(Verdict, IsTheSameOnAllRanksWhoeverHasFoundIt, RANKS(1, 2, 3)) {
  for (int finder = 0; finder < comm.size(); ++finder) {
    const auto rank = part_of(comm);
    if (comm.rank() == finder) {
      rank->workers.back()->divergence.note({40, Quantity::error_signal, 1});
    }
    const auto found = verdict(*rank, comm, 100);
    EXPECT_EQ(found.message,
              "population 'out': error_signal is not finite in step 40 (20 ms): the simulation has "
              "diverged");
    EXPECT_EQ(found.step, 40);
  }
}

DISTRIBUTED_TEST(Verdict, IsAboutTheFirstOfAllThatRanksHaveFound, RANKS(1, 2, 3)) {
  const auto rank = part_of(comm);
  // Ranks find the later, the lower they are.
  rank->workers[0]->divergence.note({50 - comm.rank(), Quantity::loss, 1});
  EXPECT_EQ(verdict(*rank, comm, 100).step, 51 - comm.size());
}

DISTRIBUTED_TEST(Verdict, NamesEveryQuantity, RANKS(1)) {
  const auto words_of = [&](Quantity quantity, std::uint32_t index) {
    const auto rank = part_of(comm);
    rank->workers[0]->divergence.note({3, quantity, index});
    const auto message = verdict(*rank, comm, 100).message;
    return message.substr(0, message.find(" is not finite"));
  };
  EXPECT_EQ(words_of(Quantity::weight, 0), "projection 'rec_out': a weight or its gradient");
  EXPECT_EQ(words_of(Quantity::potential, 0), "population 'rec': V_m");
  EXPECT_EQ(words_of(Quantity::error_signal, 1), "population 'out': error_signal");
  EXPECT_EQ(words_of(Quantity::loss, 1), "population 'out': its loss");
}

DISTRIBUTED_TEST(Verdict, LooksAtPotentialsOfTheStepBefore, RANKS(1, 2)) {
  for (const bool readouts : {false, true}) {
    for (const double potential : {infinity, -infinity, not_a_number}) {
      const auto rank = part_of(comm);
      if (comm.rank() == comm.size() - 1) {
        auto& worker = *rank->workers.back();
        (readouts ? worker.readouts.at(0).block.v : worker.recurrent.at(0).block.v).back() =
            potential;
      }
      const auto found = verdict(*rank, comm, 7);
      EXPECT_EQ(found.message, std::string("population '") + (readouts ? "out" : "rec") +
                                   "': V_m is not finite in step 6 (3 ms): the simulation has "
                                   "diverged");
    }
  }
}

DISTRIBUTED_TEST(Verdict, BeforeTheFirstStepIsOfIt, RANKS(1)) {
  const auto rank = part_of(comm);
  rank->workers[0]->recurrent.at(0).block.v[0] = not_a_number;
  EXPECT_EQ(verdict(*rank, comm, 0).step, 0);
}

DISTRIBUTED_TEST(NotedPotentials, AreThoseOfTheFirstStepInWhichOneIsNotFinite, RANKS(1)) {
  const auto rank = part_of(comm);
  auto& worker = *rank->workers[0];
  note_potentials(worker, 4);
  EXPECT_FALSE(worker.divergence.found());
  worker.readouts.at(0).block.v[0] = infinity;
  note_potentials(worker, 5);
  EXPECT_EQ(worker.divergence, (Divergence{5, Quantity::potential, 1}));
  worker.recurrent.at(0).block.v[0] = infinity;
  note_potentials(worker, 6);
  EXPECT_EQ(worker.divergence, (Divergence{5, Quantity::potential, 1}));
}

}  // namespace eprop::state
