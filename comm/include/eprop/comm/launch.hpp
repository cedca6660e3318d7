#pragma once

#include <functional>
#include <memory>

#include "eprop/comm/communicator.hpp"

namespace eprop::comm {

using RankMain = std::function<void(Communicator&)>;

/// The only rank of a job of one, without MPI.
[[nodiscard]] std::unique_ptr<Communicator> make_serial();

/// Rank `rank` of a job of `ranks` in which the other ranks are not there: a dry run, as Kunkel and
/// Schenck (2017, Front. Neuroinform. 11:40) have it for NEST, measures what one rank of a large
/// job takes in memory and time, but for the time that messages are under way. The others are taken
/// to do as this one does: each has its values, sends what it is sent, and, as a root, broadcasts
/// what this rank has already. What ranks send one another must therefore count from the sender's
/// first element on, not from the first of all. A Simulation on it builds and simulates this rank's
/// share of the network, and refuses what is made of all ranks' shares: weights, states, losses,
/// recordings, output, checkpoints, replicas. Sizes of populations should be several times `ranks`.
/// It has no groups: split() throws CommError, as this does if there is no such rank.
[[nodiscard]] std::unique_ptr<Communicator> make_dry_run(int rank, int ranks);

/// Initialises MPI (MPI_THREAD_FUNNELED), runs `body` on the world communicator and finalises MPI.
/// An exception that leaves `body` on any rank ends the job by Communicator::fail with its what():
/// one message on stderr, non-zero exit, no rank left waiting. Returns the process's exit status:
/// 0, or 1 after Communicator::report(). A program started without mpirun is a job of one rank.
///
/// If mpirun, srun or another launcher has started several processes of which MPI takes each for a
/// job of one rank (the launcher of another MPI library, srun --mpi=none), they end before `body`,
/// likewise, with one message, unless launcher_is_ignored().
int run_with_mpi(int argc, char** argv, const RankMain& body);

/// Whether the user has set the environment variable EPROP_IGNORE_LAUNCHER, to anything but "" and
/// "0": how ranks were started is then neither checked nor warned of.
[[nodiscard]] bool launcher_is_ignored();

/// Runs `body` as `n_ranks` threads of this process that communicate through memory; returns when
/// all have ended. If ranks fail, all ranks are woken, joined, and the first failure (an exception
/// that left `body`, or a call of fail()) is thrown here: the original exception, or RankFailure
/// for fail().
void run_as_threads(int n_ranks, const RankMain& body);

}  // namespace eprop::comm
