#include "eprop/eprop.hpp"

#include <cstdio>

/// The smallest program with a network of its own, as the README shows it.
int main(int argc, char** argv) {
  using namespace eprop;
  return comm::run_with_mpi(argc, argv, [](comm::Communicator& comm) {
    Network network({.dt = 1.0, .seed = 1, .update_interval = 500.0});  // ms

    EpropIafBsshslm2020 neuron;
    neuron.tau_m = Normal{20.0, 1.0};  // any parameter: a value, one per neuron, or a distribution
    const auto in = network.add("in", 50, PoissonSource{.rate = 20.0});
    const auto rec = network.add("rec", 200, neuron);
    const auto out = network.add("out", 1, EpropReadoutBsshslm2020{});

    EpropSynapseBsshslm2020 synapse;
    synapse.optimizer = Adam{{.eta = 5e-3}};
    synapse.weight = Normal{2.0, 2.0};  // pA
    network.connect(in, rec, FixedIndegree{.indegree = 20}, synapse);
    synapse.weight = Normal{0.0, 1.0};
    network.connect(rec, rec, PairwiseBernoulli{.p = 0.1, .autapses = false}, synapse);
    synapse.weight = Normal{0.0, 0.1};
    network.connect(rec, out, AllToAll{}, synapse);
    network.connect_learning_signal(out, rec, AllToAll{}, Normal{0.0, 1.0});
    const double begin = network.sample_offset(out);  // ms until readouts answer the inputs
    network.connect_rate(network.add("target", StepRates{{begin}, {{5.0}}}), out,
                         RateReceptor::target_signal);

    Simulation simulation(network, comm, 2);  // 2 threads on every rank
    simulation.open_output("mine.h5", {.overwrite = true});
    simulation.record_spikes(rec);
    simulation.track_loss(out, {.offset = begin, .interval = 500.0});
    simulation.run_for(10 * 500.0 + begin);  // ms; run() takes steps
    simulation.close_output();
    for (const auto& interval : simulation.take_losses(out)) {
      if (comm.rank() == 0) std::printf("%g\n", interval.squared_error[0]);
    }
  });
}
