#include "training/training_curves.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "distributed_test.hpp"
#include "eprop/errors.hpp"
#include "scratch_file.hpp"
#include "toy_tasks.hpp"

namespace eprop {
namespace {

using testing::ScratchFile;
using testing::ToyClasses;
using training::TrainingCurves;
using training::TrainingState;
using Values = std::vector<double>;

}  // namespace

DISTRIBUTED_TEST(TrainingCurves, GrowByWhatIsNew, RANKS(1, 2)) {
  const ScratchFile file(comm);
  const ToyClasses task({});
  Simulation simulation(task.network, comm);
  simulation.open_output(file.path());
  TrainingCurves curves(true);
  TrainingState state{.losses = {3.0}, .errors = {1.0}, .phases = {0}};
  curves.append(state, simulation);
  state = {.losses = {3.0, 2.0}, .errors = {1.0, 0.5}, .phases = {0, 1}};
  curves.append(state, simulation);
  curves.append(state, simulation);
  simulation.close_output();
  if (comm.rank() != 0) return;
  EXPECT_EQ(read_output(file.path(), "/training/loss"), (Values{3.0, 2.0}));
  EXPECT_EQ(read_output(file.path(), "/training/error"), (Values{1.0, 0.5}));
  EXPECT_EQ(read_output(file.path(), "/training/phase"), (Values{0.0, 1.0}));
}

DISTRIBUTED_TEST(TrainingCurves, HaveNoErrorsWithoutClasses, RANKS(1)) {
  const ScratchFile file(comm);
  const ToyClasses task({});
  Simulation simulation(task.network, comm);
  simulation.open_output(file.path());
  TrainingCurves(false).append({.losses = {3.0}, .errors = {0.0}, .phases = {0}}, simulation);
  simulation.close_output();
  EXPECT_EQ(read_output(file.path(), "/training/loss"), Values{3.0});
  EXPECT_THROW((void)read_output(file.path(), "/training/error"), OutputError);
}

DISTRIBUTED_TEST(TrainingCurves, DropWhatCameAfterTheCheckpoint, RANKS(1, 2)) {
  const ScratchFile file(comm);
  const auto checkpoint = file.path() + ".ckpt";
  const ToyClasses task({});
  const TrainingState one{.losses = {3.0}}, two{.losses = {3.0, 2.0}}, other{.losses = {3.0, 1.0}};
  {
    Simulation simulation(task.network, comm);
    simulation.open_output(file.path());
    TrainingCurves curves(false);
    curves.append(one, simulation);
    simulation.save_checkpoint(checkpoint);
    curves.append(two, simulation);
    simulation.close_output();
  }
  Simulation simulation(task.network, comm);
  (void)simulation.load_checkpoint(checkpoint);
  simulation.continue_output(file.path());
  TrainingCurves curves(false);
  curves.goes_on_after(one, simulation);
  curves.append(other, simulation);
  simulation.close_output();
  if (comm.rank() != 0) return;
  EXPECT_EQ(read_output(file.path(), "/training/loss"), (Values{3.0, 1.0}));
}

}  // namespace eprop
