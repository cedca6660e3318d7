#pragma once

#include <memory>

#include "communicator.hpp"
#include "eprop/simulation.hpp"

namespace eprop::python {

/// A simulation in Python: its own one, with the communicator that it uses, or that of a Trainer.
class SimulationHandle {
 public:
  SimulationHandle(const Network& network, SharedCommunicator comm,
                   const SimulationOptions& options)
      : comm_(std::move(comm)),
        own_(std::make_unique<Simulation>(network, *comm_, options)),
        simulation_(own_.get()) {}
  /// `simulation` must outlive the handle.
  SimulationHandle(Simulation& simulation, SharedCommunicator comm)
      : comm_(std::move(comm)), simulation_(&simulation) {}

  /// std::logic_error after end().
  [[nodiscard]] Simulation& operator*() const;
  [[nodiscard]] Simulation* operator->() const { return &**this; }
  [[nodiscard]] const SharedCommunicator& comm() const { return comm_; }

  /// Destroys the simulation; collective if it has an output file open.
  void end() {
    own_.reset();
    simulation_ = nullptr;
  }

 private:
  SharedCommunicator comm_;
  std::unique_ptr<Simulation> own_;
  Simulation* simulation_;
};

}  // namespace eprop::python
