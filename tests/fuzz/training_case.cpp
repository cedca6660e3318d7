#include <algorithm>
#include <typeinfo>

#include "cases.hpp"
#include "damage.hpp"
#include "damaged_checkpoint.hpp"
#include "eprop/errors.hpp"
#include "files.hpp"
#include "random_values.hpp"
#include "toy_tasks.hpp"

namespace eprop::fuzz {
namespace {

LearningRateSchedule random_schedule(Dice& dice) {
  const auto rate = [&] { return dice.odd() ? dice.odd_number() : dice.one_of({0.0, 1e-3, 0.1}); };
  const auto factor = [&] { return dice.odd() ? dice.odd_number() : dice.one_of({1.0, 0.5}); };
  const auto number = [&] { return dice.odd() ? dice.odd_integer() : std::int64_t{2}; };
  LearningRateSchedule schedule;
  switch (dice.below(5)) {
    case 0:
      schedule.rate = StepLearningRate{rate(), factor(), number(), 0.0};
      break;
    case 1:
      schedule.rate = ExponentialLearningRate{rate(), factor(), 0.0};
      break;
    case 2:
      schedule.rate = CosineLearningRate{rate(), number(), dice.odd() ? dice.odd_number() : 0.0};
      break;
    case 3:
      schedule.rate = [eta = rate()](std::int64_t) { return eta; };
      break;
    default:
      schedule.rate = ConstantLearningRate{rate()};
  }
  if (dice.chance(0.2)) schedule.warm_up = dice.odd() ? dice.odd_integer() : 2;
  return schedule;
}

TrainingPlan random_plan(Dice& dice) {
  const auto small = [&](std::uint64_t n) {
    return dice.odd() ? -1 : static_cast<std::int64_t>(dice.below(n));
  };
  return {.iterations = small(5),
          .learning_rate = random_schedule(dice),
          .validate_every = small(3),
          .stop_error = dice.odd() ? dice.odd_number() : dice.one_of({0.0, 0.0, 1.0}),
          .stop_batches = dice.odd() ? small(2) : 2,
          .test_iterations = small(2)};
}

TrainingOptions random_options(Case& c) {
  auto& dice = c.dice;
  TrainingOptions options;
  options.checkpoint_folder = c.folder / "checkpoints";
  if (dice.chance(0.3)) options.output = c.folder / "training.h5";
  options.record = dice.chance(0.5);
  if (dice.chance(0.3)) options.checkpoint_every = dice.odd() ? dice.odd_integer() : 1;
  if (dice.odd()) options.checkpoint_minutes = dice.odd_number();
  options.overwrite = dice.chance(0.5);
  options.keep_best = dice.chance(0.5);
  if (dice.chance(0.3)) {
    options.resume = dice.one_of<std::string>({"auto", "latest", "nothing", c.folder});
  }
  if (dice.odd()) options.initial_weights = dice.one_of<std::string>({"nothing", options.output});
  if (dice.odd()) options.threads = static_cast<int>(dice.odd_integer() | 2048);
  if (dice.odd()) options.replicas = static_cast<int>(dice.odd_integer());
  return options;
}

void train(Case& c, Task& task, const TrainingOptions& options) {
  Trainer trainer(task, options, c.comm);
  if (c.dice.odd()) trainer.scale_learning_rate(c.dice.odd_number());
  if (c.dice.chance(0.1)) {
    trainer.on_iteration([&](const IterationReport& report) {
      if (report.iteration == 2) trainer.stop();
    });
  }
  trainer.run();
  c.transcript.ran = true;
  c.transcript.note_values("losses", trainer.losses());
  c.transcript.note_values("errors", trainer.errors());
  c.transcript.note_values("weights", testing::plastic_weights(task, trainer.simulation()));
  if (options.keep_best) trainer.write_best_weights(c.folder / "best.h5", {.overwrite = true});
}

void damage_file(Dice& dice, const std::filesystem::path& path) {
  if (dice.chance(0.8)) {
    damage_checkpoint(dice, path);
    return;
  }
  auto bytes = read_file(path);
  damage(dice, bytes);
  write_file(path, bytes);
}

/// What an earlier training left is damaged at times.
void damage_checkpoints(Case& c) {
  Dice damages(c.dice.word(), 0);
  const auto folder = c.folder / "checkpoints";
  if (c.comm.rank() == 0 && damages.chance(0.4) && std::filesystem::is_directory(folder)) {
    std::vector<std::filesystem::path> files;
    for (const auto& file : std::filesystem::directory_iterator(folder)) files.push_back(file);
    std::ranges::sort(files);
    std::erase_if(files, [](const auto& file) { return file.extension() != ".ckpt"; });
    if (!files.empty()) damage_file(damages, files.back());
  }
  c.comm.barrier();
}

}  // namespace

void training_case(Case c) {
  const auto trainings = 1 + c.dice.below(2);
  for (std::uint64_t n = 0; n < trainings; ++n) {
    const auto plan = random_plan(c.dice);
    const auto options = random_options(c);
    const bool classifies = c.dice.chance(0.5);
    c.transcript.attempt("train", [&] {
      try {
        if (classifies) {
          testing::ToyClasses task(plan);
          train(c, task, options);
        } else {
          testing::ToyCurve task(plan, 1 + static_cast<std::int64_t>(c.dice.below(3)));
          train(c, task, options);
        }
      } catch (const std::runtime_error& error) {
        // As the header says of what an earlier training has left.
        if (typeid(error) != typeid(std::runtime_error)) throw;
        c.transcript.note_refusal("train", "runtime_error", error.what());
      }
    });
    if (n == 0) damage_checkpoints(c);
  }
}

}  // namespace eprop::fuzz
