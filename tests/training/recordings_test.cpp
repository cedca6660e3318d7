#include "training/recordings.hpp"

#include <gtest/gtest.h>

#include <string>

#include "distributed_test.hpp"
#include "read_hdf5.hpp"
#include "scratch_file.hpp"
#include "toy_tasks.hpp"

namespace eprop {
namespace {

using Shape = std::vector<hsize_t>;
using testing::read_shape;
using testing::read_values;
using testing::ScratchFile;
using testing::ToyCurve;

}  // namespace

DISTRIBUTED_TEST(Recordings, AreMatricesOfTheWeightsBeforeAndAfter, RANKS(1, 2)) {
  const ScratchFile file(comm);
  ToyCurve task({.iterations = 2, .learning_rate = {ConstantLearningRate{0.02}}});
  Trainer trainer(task, {.output = file.path()}, comm);
  const auto before = trainer.simulation().weights(task.plastic[0]).weight;
  trainer.run();
  const auto after = trainer.simulation().weights(task.plastic[0]).weight;
  if (comm.rank() != 0) return;
  EXPECT_EQ(read_shape(file.path(), "/weights/in_rec/before"), (Shape{7, 4}));
  EXPECT_EQ(read_values<double>(file.path(), "/weights/in_rec/before"), before);
  EXPECT_EQ(read_values<double>(file.path(), "/weights/in_rec/after"), after);
  EXPECT_EQ(read_shape(file.path(), "/weights/rec_out/after"), (Shape{2, 7}));
}

DISTRIBUTED_TEST(Recordings, AreSignalsOfTheFirstSampleOfTheFirstAndOfTheLastIteration,
                 RANKS(1, 2)) {
  const ScratchFile file(comm);
  ToyCurve task({.iterations = 3});
  Trainer trainer(task, {.output = file.path(), .record = true}, comm);
  trainer.run();
  if (comm.rank() != 0) return;
  const auto offset = static_cast<double>(task.target_offset());
  using Times = std::vector<double>;
  EXPECT_EQ(read_values<double>(file.path(), "/report/out.readout_signal/mapping/time"),
            (Times{1.0, 21.0 + offset, 1.0}));
  EXPECT_EQ(read_values<double>(file.path(), "/report/out.last.readout_signal/mapping/time"),
            (Times{81.0 + offset, 101.0 + offset, 1.0}));
  EXPECT_EQ(read_shape(file.path(), "/report/rec.V_m/data"),
            (Shape{20 + static_cast<hsize_t>(task.target_offset()), 1}));  // of one neuron
}

DISTRIBUTED_TEST(Recordings, AreTenWeightsPerIteration, RANKS(1, 2)) {
  const ScratchFile file(comm);
  ToyCurve task({.iterations = 3});
  Trainer trainer(task, {.output = file.path(), .record = true}, comm);
  trainer.run();
  if (comm.rank() != 0) return;
  EXPECT_EQ(read_shape(file.path(), "/weights/in_rec/data"), (Shape{3, 10}));
}

DISTRIBUTED_TEST(Recordings, SayWhatFiguresNeedOfTheTask, RANKS(1)) {
  const ScratchFile file(comm);
  const ToyCurve task({});
  Simulation simulation(task.network, comm);
  simulation.open_output(file.path());
  training::describe_task(task, "1a", simulation);
  simulation.close_output();
  const testing::HdfObject object(file.path(), "/task");
  for (const char* name :
       {"name", "input", "dt", "sequence", "batch_size", "offset", "offset_recurrent"}) {
    EXPECT_GT(H5Aexists(object.object, name), 0) << name;
  }
}

}  // namespace eprop
