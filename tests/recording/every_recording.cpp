/// Writes a file with recordings of every kind, also of nothing.
///
/// usage: every_recording FILE.h5
#include "eprop/comm/launch.hpp"
#include "eprop/network.hpp"
#include "eprop/simulation.hpp"

namespace {

using namespace eprop;

void record(comm::Communicator& comm, const std::string& path) {
  Network network({.dt = 0.1, .seed = 2, .update_interval = 20.0, .learning_window = 20.0});
  const auto noise = network.add("noise", 12, PoissonSource{.rate = 200.0});
  const auto silent = network.add("silent", SpikeTrains{{{}, {}}});
  const auto rec = network.add("rec", 7, EpropIafAdaptBsshslm2020{});
  const auto out = network.add("out", 3, EpropReadoutBsshslm2020{});
  const auto nobody = network.add("nobody", 0, IafPscDelta{});
  EpropSynapseBsshslm2020 synapse;
  synapse.weight = Normal{5.0, 1.0};
  synapse.delay = 0.1;
  const auto feedforward = network.connect(noise, rec, AllToAll{}, synapse);
  const auto empty = network.connect(rec, rec, PairwiseBernoulli{.p = 0.0}, synapse);
  network.connect(rec, out, AllToAll{}, synapse);
  network.connect_learning_signal(out, rec, AllToAll{}, 1.0);

  Simulation simulation(network, comm);
  simulation.open_output(path);
  for (const auto population : {noise, silent, rec, nobody}) simulation.record_spikes(population);
  simulation.record(rec,
                    {.variables = {"V_m", "surrogate_gradient", "learning_signal", "V_th_adapt"}});
  simulation.record(
      rec, {.variables = {"adaptation", "V_m"}, .neurons = {1, 4, 6}, .name = "some of rec"});
  simulation.record(out, {.variables = {"readout_signal", "error_signal"},
                          .window = {.start = 10.0, .stop = 41.0, .interval = 3.0}});
  simulation.record(out, {.variables = {"V_m"}, .window = {.start = 500.3}, .name = "never"});
  simulation.record(nobody, {.variables = {"V_m"}});
  simulation.record_weights(feedforward, {.synapses = 5});
  simulation.record_weights(empty);
  simulation.run(4500);  // longer than recordings are kept before they are written
  simulation.close_output();
}

}  // namespace

int main(int argc, char** argv) {
  return comm::run_with_mpi(argc, argv, [&](comm::Communicator& comm) {
    if (argc != 2) comm.fail("usage: every_recording FILE.h5");
    record(comm, argv[1]);
  });
}
