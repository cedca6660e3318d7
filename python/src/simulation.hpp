#pragma once

#include <functional>
#include <memory>

#include "communicator.hpp"
#include "eprop/simulation.hpp"

namespace eprop::python {

/// A simulation in Python: its own one, with the communicator that it uses, or that of a Trainer.
class SimulationHandle {
 public:
  SimulationHandle(const Network& network, SharedCommunicator comm,
                   const SimulationOptions& options)
      : comm_(std::move(comm)), own_(std::make_unique<Simulation>(network, *comm_, options)) {}
  /// One that `find` gives.
  SimulationHandle(std::function<Simulation*()> find, SharedCommunicator comm)
      : comm_(std::move(comm)), find_(std::move(find)) {}

  /// std::logic_error after end().
  [[nodiscard]] Simulation& operator*() const;
  [[nodiscard]] Simulation* operator->() const { return &**this; }
  [[nodiscard]] const SharedCommunicator& comm() const { return comm_; }

  /// Destroys one of its own; collective if that has an output file open.
  void end() { own_.reset(); }

 private:
  SharedCommunicator comm_;
  std::unique_ptr<Simulation> own_;
  std::function<Simulation*()> find_;
};

}  // namespace eprop::python
