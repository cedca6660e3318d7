#pragma once

#include <map>
#include <string>
#include <vector>

#include "eprop/network.hpp"
#include "scalar_neuron.hpp"
#include "scalar_transmission.hpp"

/// A network of the plus family twice: as it is described to the simulator, and simulated neuron by
/// neuron and synapse by synapse as it is defined.
namespace eprop::testing {

/// Inputs, recurrent neurons and readouts, all connected to the next and the neurons to each other.
struct ScalarCase {
  std::string name, model;
  std::map<std::string, double> parameters;        ///< where they are not the usual ones
  std::map<std::string, std::vector<double>> own;  ///< one per neuron
  std::vector<double> own_tau_of_readouts;         ///< ms
  Optimizer optimizer = GradientDescent{.eta = 5e-4};
  bool each_step = false;
  double dt = 1.0;                                          ///< ms
  Step input = 1, recurrent = 1, output = 1, feedback = 1;  ///< delays
};

struct DescribedNetwork {
  explicit DescribedNetwork(const ScalarCase& c);

  Network network;
  Population in, rec, out;
  std::vector<Projection> projections;  ///< from inputs, from neurons to neurons and to readouts
};

class ScalarNetwork {
 public:
  static constexpr std::uint32_t inputs = 5, neurons = 6, readouts = 2;

  explicit ScalarNetwork(const ScalarCase& c);
  ScalarNetwork(const ScalarNetwork&) = delete;
  ScalarNetwork& operator=(const ScalarNetwork&) = delete;

  void run(Step end);
  /// The weights of a projection if all sources were to transmit now, [target][source].
  [[nodiscard]] std::vector<double> weights(std::size_t projection) const;

  /// Membrane potentials, [step][neuron].
  std::vector<std::vector<double>> V_rec, V_out;
  /// [step][neuron]
  std::vector<std::vector<bool>> spikes;

 private:
  struct Wiring {
    const std::vector<std::vector<bool>>* spikes;  ///< of the sources
    Step delay;
    std::vector<std::vector<ScalarSynapse>> synapses;  ///< [target][source]
  };

  [[nodiscard]] ScalarTarget neuron(std::uint32_t j) const;
  [[nodiscard]] ScalarTarget readout(std::uint32_t k) const;
  void connect(std::size_t projection, std::uint32_t sources, Step delay);
  [[nodiscard]] std::vector<double> receive(Wiring& wiring);
  void step();

  ScalarCase c_;
  std::vector<ScalarNeuron> rec_;
  std::vector<double> tau_out_, y_;
  std::vector<std::vector<bool>> input_spikes_;
  std::vector<std::vector<double>> psi_, reg_, error_;  ///< [step][neuron or readout]
  std::vector<Wiring> wirings_;
  Step t_ = 0;
};

}  // namespace eprop::testing
