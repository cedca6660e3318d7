#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <limits>

#include "distributed_test.hpp"
#include "eprop/simulation.hpp"
#include "message_of.hpp"
#include "plus_networks.hpp"
#include "refusal.hpp"
#include "results.hpp"
#include "sample_networks.hpp"
#include "scratch_file.hpp"
#include "special_values.hpp"

namespace eprop {
namespace {

using ::testing::HasSubstr;
using testing::infinity;
using testing::message_of;
using testing::refusal;
using testing::ScratchFile;
using testing::SmallNetwork;
using testing::weights_of;

constexpr double none = std::numeric_limits<double>::quiet_NaN();

std::vector<Projection> all_of(const Network& network) {
  std::vector<Projection> all;
  for (std::uint32_t p = 0; p < network.projections().size(); ++p) all.push_back({p});
  return all;
}

std::vector<std::vector<double>> all_weights(Simulation& simulation, const Network& network) {
  std::vector<std::vector<double>> all;
  for (const auto p : all_of(network)) all.push_back(weights_of(simulation, p));
  return all;
}

/// Leaves the weights that a network has after `steps` in a checkpoint, and returns them.
std::vector<std::vector<double>> save(const Network& network, comm::Communicator& comm, Step steps,
                                      const std::string& path) {
  Simulation simulation(network, comm, testing::threads_per_rank());
  simulation.run(steps);
  simulation.save_checkpoint(path);
  return all_weights(simulation, network);
}

/// An output file in which a projection has this matrix.
void write_matrix(comm::Communicator& comm, const std::string& path, const std::string& projection,
                  const WeightMatrix& matrix) {
  Network network;
  Simulation simulation(network, comm, 1);
  simulation.open_output(path, {.overwrite = true});
  simulation.write_output("/weights/" + projection + "/after", matrix.weights, matrix.sources);
}

struct SparseNetwork {
  explicit SparseNetwork(ExplicitList list = {{1, 2, 0, 2}, {0, 0, 1, 2}}) {
    const auto a = network.add("a", 3, IafPscDelta{});
    EpropIafBsshslm2020 neuron;
    const auto b = network.add("b", 3, neuron);
    p = network.connect(a, b, std::move(list),
                        EpropSynapseBsshslm2020{.optimizer = GradientDescent{.Wmax = 10.0}});
  }
  Network network;
  Projection p{};
};

/// The message with which a matrix is refused by a sparse network, from a file and directly.
std::string refused(comm::Communicator& comm, const WeightMatrix& matrix) {
  const ScratchFile file(comm);
  write_matrix(comm, file.path(), "a_b", matrix);
  const SparseNetwork sparse;
  Simulation simulation(sparse.network, comm, 1);
  const auto before = weights_of(simulation, sparse.p);
  const auto loading = refusal([&] { simulation.load_weights(file.path(), {{sparse.p}}); });
  auto setting = refusal([&] { simulation.set_weights(sparse.p, matrix); });
  const auto direct = std::string("projection 'a_b'");
  const auto from_file = "output file '" + file.path() + "', '/weights/a_b/after'";
  EXPECT_EQ(loading.substr(0, from_file.size()), from_file);
  EXPECT_EQ(setting.substr(0, direct.size()), direct);
  EXPECT_EQ(loading.substr(from_file.size()), setting.substr(direct.size()));
  EXPECT_EQ(weights_of(simulation, sparse.p), before);
  return setting;
}

}  // namespace

DISTRIBUTED_TEST(StoredWeights, OfACheckpointAreThoseInForceAtEachMoment, RANKS(1, 2, 3)) {
  for (const auto& network : {testing::rich_network(), testing::rich_plus_network()}) {
    for (const Step steps : {Step{0}, Step{62}, Step{63}, Step{97}}) {
      const ScratchFile file(comm);
      const auto saved = save(network, comm, steps, file.path());
      Simulation other(network, comm, testing::threads_per_rank());
      other.load_weights(file.path(), all_of(network));
      EXPECT_EQ(all_weights(other, network), saved) << steps << " steps";
    }
  }
}

DISTRIBUTED_TEST(StoredWeights, OfARecordingOfAllSynapsesAreTheLastOnes, RANKS(1, 2, 3)) {
  const auto network = testing::rich_network();  // has several synapses between some neurons
  const ScratchFile file(comm);
  Simulation simulation(network, comm, testing::threads_per_rank());
  simulation.open_output(file.path());
  for (const auto p : all_of(network)) simulation.record_weights(p, {.window = {.interval = 0.5}});
  simulation.run(100);
  const auto last = all_weights(simulation, network);
  simulation.run(1);  // samples are taken as a step begins
  simulation.close_output();
  Simulation other(network, comm, testing::threads_per_rank());
  other.load_weights(file.path(), all_of(network));
  EXPECT_EQ(all_weights(other, network), last);
  EXPECT_EQ(read_weights(file.path(), "exc_exc", comm).weight, weights_of(other, {4}));
}

DISTRIBUTED_TEST(StoredWeights, OfAMatrixAreThoseOfTheSynapses, RANKS(1, 2, 3)) {
  const ScratchFile file(comm);
  const WeightMatrix matrix{3, 3, {none, 1, 2, 3, none, none, none, none, 4}};
  write_matrix(comm, file.path(), "a_b", matrix);
  const SparseNetwork sparse;
  Simulation simulation(sparse.network, comm, testing::threads_per_rank());
  simulation.load_weights(file.path(), {{sparse.p}});
  EXPECT_EQ(weights_of(simulation, sparse.p), (std::vector<double>{1, 2, 3, 4}));
  simulation.set_weights(sparse.p, {3, 3, {none, 5, 6, 7, none, none, none, none, 8}});
  EXPECT_EQ(weights_of(simulation, sparse.p), (std::vector<double>{5, 6, 7, 8}));

  const auto table = read_weights(file.path(), "a_b", comm);
  Network connected;
  const auto a = connected.add("a", 3, IafPscDelta{});
  const auto p = connected.connect(a, a, weight_matrix(table, 3, 3), StaticSynapse{});
  Simulation other(connected, comm, testing::threads_per_rank());
  EXPECT_EQ(weights_of(other, p), (std::vector<double>{1, 2, 3, 4}));
  EXPECT_EQ(other.weights(p).source, table.source);
  EXPECT_EQ(other.weights(p).target, table.target);
}

DISTRIBUTED_TEST(StoredWeights, StartARunAsThoseOfItsDescription, RANKS(1, 2)) {
  const SmallNetwork small;
  const ScratchFile file(comm);
  Simulation first(small.network, comm, testing::threads_per_rank());
  first.run(65);
  first.save_checkpoint(file.path());
  const auto run = [&](bool load) {
    Simulation simulation(small.network, comm, testing::threads_per_rank());
    testing::record_everything(simulation, small.network);
    if (load) {
      simulation.load_weights(file.path(), all_of(small.network));
    } else {
      for (const auto p : all_of(small.network)) {
        simulation.set_weights(p, weights_of(first, p));
      }
    }
    simulation.run(60);
    return testing::collect_everything(simulation, small.network);
  };
  testing::expect_identical(run(true), run(false));
}

DISTRIBUTED_TEST(StoredWeights, ThatDoNotFitAreRefused, RANKS(1, 2, 3)) {
  EXPECT_EQ(refused(comm, {3, 2, {1, 2, 3, 4, 5, 6}}),
            "projection 'a_b': weight matrix = 3 x 2: must be [target][source] = 3 x 3");
  EXPECT_EQ(refused(comm, {3, 3, {none, 1, none, 3, 4, 5, none, none, none}}),
            "projection 'a_b': synapses = 2 missing (first 2 -> 0), 2 too many (first 1 -> 1): "
            "must be all of projection 'a_b' and no others; which are drawn depends on the seed");
  EXPECT_EQ(refused(comm, {3, 3, {none, 1, 2, 3, none, none, none, none, none}}),
            "projection 'a_b': synapses = 1 missing (first 2 -> 2), 0 too many: "
            "must be all of projection 'a_b' and no others; which are drawn depends on the seed");
  EXPECT_EQ(refused(comm, {3, 3, {none, 1, 2, 3, none, none, none, none, 10.5}}),
            "projection 'a_b': weight = 10.5 pA: must be within [Wmin, Wmax] = [-100, 10] pA");
  EXPECT_EQ(refused(comm, {3, 3, {none, 1, 2, 3, none, none, none, none, infinity}}),
            "projection 'a_b': weight = inf pA: must be finite");
}

DISTRIBUTED_TEST(StoredWeights, OfSeveralSynapsesBetweenAPairAreNoMatrix, RANKS(1, 2)) {
  const ScratchFile file(comm);
  const WeightMatrix matrix{3, 3, {none, 1, 2, 3, none, none, none, none, 4}};
  write_matrix(comm, file.path(), "a_b", matrix);
  const SparseNetwork repeated({{1, 2, 2, 0, 2}, {0, 0, 0, 1, 2}});
  Simulation simulation(repeated.network, comm, 1);
  const std::string rule =
      ": synapses = several 2 -> 0: a matrix cannot tell them apart, a list or a checkpoint can";
  EXPECT_EQ(refusal([&] { simulation.set_weights(repeated.p, matrix); }),
            "projection 'a_b'" + rule);
  EXPECT_EQ(refusal([&] { simulation.load_weights(file.path(), {{repeated.p}}); }),
            "output file '" + file.path() + "', '/weights/a_b/after'" + rule);
}

DISTRIBUTED_TEST(StoredWeights, OfSomeSynapsesAreRefused, RANKS(1, 2)) {
  const SmallNetwork small;
  const ScratchFile file(comm);
  {
    Simulation simulation(small.network, comm, 1);
    simulation.open_output(file.path());
    simulation.record_weights(small.in_rec, {.synapses = 10});
    simulation.record_weights(small.rec_out);
    simulation.run(45);
  }
  Simulation simulation(small.network, comm, 1);
  EXPECT_EQ(refusal([&] { simulation.load_weights(file.path(), {{small.in_rec}}); }),
            "output file '" + file.path() +
                "', '/weights/in_rec/data': synapses = 32 missing (first 4 -> 1), 0 too many: must "
                "be all of projection 'in_rec' and no others; which are drawn depends on the seed");
  const auto before = weights_of(simulation, small.rec_out);
  EXPECT_NE(refusal([&] {
              simulation.load_weights(file.path(), {{small.rec_out, small.in_rec}});
            }),
            "");
  EXPECT_EQ(weights_of(simulation, small.rec_out), before) << "all or none";
}

DISTRIBUTED_TEST(StoredWeights, ThatTheFileLacksAreListed, RANKS(1, 2)) {
  const SmallNetwork small;
  const ScratchFile output(comm), checkpoint(comm);
  write_matrix(comm, output.path(), "in_rec", {1, 1, {1}});
  (void)save(SparseNetwork().network, comm, 0, checkpoint.path());
  Simulation simulation(small.network, comm, 1);
  const auto load = [&](const std::string& path) {
    simulation.load_weights(path, all_of(small.network));
  };
  EXPECT_EQ(message_of<OutputError>([&] { load(output.path()); }),
            "output file '" + output.path() +
                "': has no weights of rec_rec, rec_out; it has those of in_rec");
  EXPECT_EQ(message_of<CheckpointError>([&] { load(checkpoint.path()); }),
            "checkpoint '" + checkpoint.path() +
                "': has no weights of in_rec, rec_rec, rec_out; it has those of a_b");
  EXPECT_EQ(message_of<OutputError>([&] { (void)read_weights(output.path(), "b", comm); }),
            "output file '" + output.path() + "': has no weights of b; it has those of in_rec");
}

DISTRIBUTED_TEST(StoredWeights, OfACheckpointOfOtherSynapsesAreRefused, RANKS(1, 2)) {
  const ScratchFile file(comm);
  (void)save(SparseNetwork().network, comm, 0, file.path());
  const auto other = [&](ExplicitList list) {
    const SparseNetwork sparse(std::move(list));
    Simulation simulation(sparse.network, comm, 1);
    return refusal([&] { simulation.load_weights(file.path(), {{sparse.p}}); });
  };
  const auto thing = "checkpoint '" + file.path() + "', projection 'a_b': synapses = 4";
  EXPECT_EQ(other({{1, 2}, {0, 0}}),
            thing + ": must be the 2 of the network; which are drawn depends on the seed");
  EXPECT_EQ(other({{1, 2, 0, 1}, {0, 0, 1, 2}}),
            thing +
                " between other neurons: must be between the same as those of the network; "
                "which are drawn depends on the seed");
}

DISTRIBUTED_TEST(StoredWeights, OfAFileThatCannotBeReadFailOnAllRanks, RANKS(1, 2)) {
  const SmallNetwork small;
  Simulation simulation(small.network, comm, 1);
  const auto load = [&](const std::string& path) {
    return message_of<OutputError>([&] { simulation.load_weights(path, {{small.in_rec}}); });
  };
  EXPECT_EQ(load("/nowhere/a.h5"),
            "output file '/nowhere/a.h5': cannot open it: unable to open file: "
            "No such file or directory");
  const ScratchFile file(comm);
  if (comm.rank() == 0) std::ofstream(file.path()) << "no weights";
  EXPECT_THAT(load(file.path()), HasSubstr("cannot open it: file signature not found"));
  if (comm.rank() == 0) std::ofstream(file.path()) << "epropCKP, damaged";
  EXPECT_THAT(
      message_of<CheckpointError>([&] { simulation.load_weights(file.path(), {{small.in_rec}}); }),
      HasSubstr("or it is damaged"));
  write_matrix(comm, file.path(), "in_rec", {1, 0, {1}});
  EXPECT_THAT(load(file.path()),
              HasSubstr("cannot read '/weights/in_rec/after': it is 1-D, not 2-D"));
}

}  // namespace eprop
