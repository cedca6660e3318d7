#pragma once

#include <cstdint>

#include "eprop/comm/communicator.hpp"
#include "mpi_attendance.hpp"
#include "mpi_calls.hpp"
#include "mpi_failure.hpp"

namespace eprop::comm {

/// Ranks that are the processes of an MPI job.
class MpiCommunicator final : public Communicator {
 public:
  /// Largest number of bytes passed to MPI in one call, which counts in int; longer messages travel
  /// in pieces.
  static constexpr std::size_t default_piece = std::size_t{1} << 30;

  /// Collective over `parent`. All ranks pass the same `piece`, between 1 and INT_MAX.
  explicit MpiCommunicator(MPI_Comm parent, std::size_t piece = default_piece);
  /// A group of `whole`, the ranks of `part`.
  MpiCommunicator(const OwnedComm& part, MpiCommunicator& whole);

  [[nodiscard]] int rank() const override { return comm_.rank(); }
  [[nodiscard]] int size() const override { return comm_.size(); }

  void barrier() override;
  void broadcast(std::span<std::byte> data, int root) override;
  void all_gather(std::span<const std::byte> mine, std::span<std::byte> all) override;
  [[nodiscard]] std::vector<Bytes> gather(std::span<const std::byte> mine, int root) override;
  [[nodiscard]] std::vector<Bytes> all_to_all(const std::vector<Bytes>& to) override;
  void exchange(std::span<const int> to, std::span<const Bytes> out, std::span<const int> from,
                std::span<Bytes> in) override;
  [[nodiscard]] std::unique_ptr<Communicator> split(int colour) override;
  [[noreturn]] void fail(const std::string& message) override;
  void report(const std::string& message) override;
  /// Collective, after leave(): whether any rank has reported an error. One that rank 0 does not
  /// know of is printed now.
  [[nodiscard]] bool settle_reports();

  /// The last operation of every rank; see MpiAttendance::leave().
  void leave() { attendance_.leave(); }

  [[nodiscard]] MPI_Comm mpi_comm() const { return comm_.get(); }

 private:
  /// Waits for all ranks; throws CommError on all of them if they call different operations or
  /// disagree in `bytes` or `root`.
  void meet(Operation operation, std::size_t bytes, int root);

  void broadcast_pieces(std::span<std::byte> data, int root);
  /// Add to requests_; the data stay untouched until these have completed.
  void post_send(std::span<const std::byte> data, int to, int tag, MPI_Comm comm);
  void post_receive(std::span<std::byte> data, int from, int tag, MPI_Comm comm);
  void finish_requests();

  void post_message(const Bytes& message, int to, std::uint64_t& announced);
  void receive_message(int from, Bytes& message);

  OwnedComm comm_;
  OwnedComm exchange_;
  MpiAttendance attendance_;
  MpiFailure failure_;
  std::size_t piece_;
  MpiCommunicator* whole_ = nullptr;  ///< of which this is a group; null if it is none
  std::string reported_;              ///< the first message
  std::vector<MPI_Request> requests_;
  std::vector<std::uint64_t> announced_;
};

}  // namespace eprop::comm
