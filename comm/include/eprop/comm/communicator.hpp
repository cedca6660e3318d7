#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace eprop::comm {

using Bytes = std::vector<std::byte>;

/// One rank's view of a group of ranks: the few byte-level operations that the simulator needs.
///
/// Every operation but fail() and report() is collective: all ranks call it in the same order.
/// Operations are called by one thread of a rank at a time (MPI_THREAD_FUNNELED: by the thread that
/// made the communicator). Sizes are std::size_t throughout; an implementation whose transport
/// counts in less splits the transfer or throws CommError, it never wraps. Typed operations are
/// free functions in collectives.hpp.
class Communicator {
 public:
  Communicator() = default;
  Communicator(const Communicator&) = delete;
  Communicator& operator=(const Communicator&) = delete;
  virtual ~Communicator() = default;

  [[nodiscard]] virtual int rank() const = 0;
  [[nodiscard]] virtual int size() const = 0;
  /// Whether the other ranks are not there, but imagined (make_dry_run()).
  [[nodiscard]] virtual bool is_dry_run() const { return false; }

  virtual void barrier() = 0;

  /// Overwrites `data` on every rank with that of `root`. `data` has the same size on all ranks.
  virtual void broadcast(std::span<std::byte> data, int root) = 0;

  /// Concatenates equally sized `mine` in rank order into `all` (size() times as large).
  virtual void all_gather(std::span<const std::byte> mine, std::span<std::byte> all) = 0;

  /// Per rank, in rank order, what that rank passed; sizes may differ. Empty on all ranks but
  /// `root`.
  [[nodiscard]] virtual std::vector<Bytes> gather(std::span<const std::byte> mine, int root) = 0;

  /// Sends `to[r]` to rank r and returns what each rank sent here, in rank order.
  [[nodiscard]] virtual std::vector<Bytes> all_to_all(const std::vector<Bytes>& to) = 0;

  /// One message to each rank of `to` and one from each rank of `from`: the exchange of every
  /// minimum-delay interval. `out[i]` goes to rank to[i]; the message of rank from[i] replaces
  /// `in[i]`, whose capacity is kept. Message sizes need not be known to the receiver. Both lists
  /// are ascending, without this rank, and agree between ranks: r is in rank s's `to` exactly if s
  /// is in r's `from`.
  virtual void exchange(std::span<const int> to, std::span<const Bytes> out,
                        std::span<const int> from, std::span<Bytes> in) = 0;

  /// The ranks that pass the same `colour`, from 0 on, in the order they have here: groups that
  /// work side by side, each with operations of its own. Made and destroyed collectively; this
  /// communicator must outlive them. fail() and report() of a group are those of the whole job.
  [[nodiscard]] virtual std::unique_ptr<Communicator> split(int colour) = 0;

  /// Ends the job, on all ranks, with `message` on stderr once; called by whichever ranks fail,
  /// however many, and whatever the other ranks are doing. Does not return (a process exits
  /// non-zero, a rank that is a thread throws RankFailure).
  [[noreturn]] virtual void fail(const std::string& message) = 0;

  /// For errors that cannot be thrown, in destructors, by all ranks that know of one: prints
  /// `message` on stderr once, for rank 0 at once, else when the job ends. The job, which goes on,
  /// will end with a non-zero status if run_with_mpi() started it. Not collective.
  virtual void report(const std::string& message) = 0;
};

}  // namespace eprop::comm
