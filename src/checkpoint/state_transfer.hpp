#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "checkpoint/snapshot.hpp"
#include "eprop/comm/communicator.hpp"

namespace eprop::checkpoint {

/// The least and the largest value that there may be.
template <class T>
struct Limits {
  T low = std::numeric_limits<T>::lowest();
  T high = std::numeric_limits<T>::max();
};

/// What was loaded under a name must be so many values, or keep to limits: CheckpointError. A
/// checksum does not tell who wrote a file.
void require_size(const std::string& name, std::size_t found, std::size_t wanted);
template <class T>
void require_limits(const std::string& name, std::span<const T> values, const Limits<T>& limits);
/// Each above the one before it.
void require_ascending(const std::string& name, std::span<const std::int64_t> values);

/// Moves state from all ranks into a snapshot on rank 0, or back, to whatever ranks there are then:
/// a description of the state by calls of these functions serves both ways. T is double or
/// std::int64_t. All functions are collective; loading throws CheckpointError, on all ranks, if the
/// snapshot does not have what is asked for.
class StateTransfer {
 public:
  enum class Direction { save, load };

  /// `snapshot` is that of rank 0; other ranks pass an empty one. Both must outlive the transfer.
  StateTransfer(Snapshot& snapshot, comm::Communicator& comm, Direction direction)
      : snapshot_(snapshot), comm_(comm), direction_(direction) {}

  [[nodiscard]] bool saves() const { return direction_ == Direction::save; }
  [[nodiscard]] comm::Communicator& comm() { return comm_; }

  /// Values that lie on one rank each: those of rank 0, 1, ... together are in global order. Those
  /// that are loaded have to keep to the limits.
  template <class T>
  void distributed(const std::string& name, const std::vector<T*>& own,
                   const Limits<T>& limits = {});

  /// The same, but all of them, `all`, are to be known on every rank.
  template <class T>
  void published(const std::string& name, const std::vector<T*>& own, const std::vector<T*>& all);

  /// Values that are the same on all ranks.
  template <class T>
  void common(const std::string& name, std::vector<T>& values);

  /// Values of which each rank knows some; afterwards all of them, ascending and without
  /// repetitions.
  void merged(const std::string& name, std::vector<std::int64_t>& values,
              const Limits<std::int64_t>& limits);

  /// How many numbers a snapshot that is loaded has under a name; 0 if it has none.
  [[nodiscard]] std::size_t loaded_numbers(const std::string& name);

 private:
  template <class T>
  [[nodiscard]] auto& columns();
  template <class T>
  void gather(const std::string& name, const std::vector<T*>& own);
  /// A column, on every rank.
  template <class T>
  [[nodiscard]] std::vector<T> fetch(const std::string& name);

  Snapshot& snapshot_;
  comm::Communicator& comm_;
  Direction direction_;
};

}  // namespace eprop::checkpoint
