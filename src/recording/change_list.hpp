#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "recording/hdf5_store.hpp"

namespace eprop::recording {

/// Something done to an output file. It owns the values that it needs, and rows are counted from
/// the begin of their table: done to an older copy of the file, it comes to the same.
using Change = std::function<void(Hdf5Store&)>;

/// What has been done to one of two copies of a file and is still to be done to the other.
class ChangeList {
 public:
  void add(Change change) { changes_.push_back(std::move(change)); }
  /// Does all of it, and forgets it.
  void move_to(Hdf5Store& store) {
    for (const Change& change : changes_) change(store);
    changes_.clear();
  }
  void forget() { changes_.clear(); }

 private:
  std::vector<Change> changes_;
};

}  // namespace eprop::recording
