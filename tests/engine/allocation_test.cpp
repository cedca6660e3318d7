// What is taken from the heap: by the step loop nothing, once its buffers have grown; by functions
// that give or take input and output what these need, however much there was before or is to come.
// An executable of its own, because it replaces operator new.

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdlib>
#include <new>
#include <vector>

#include "eprop/comm/launch.hpp"
#include "eprop/simulation.hpp"
#include "plus_networks.hpp"
#include "results.hpp"
#include "sample_networks.hpp"
#include "scratch_file.hpp"

namespace {

long allocations = 0;
std::size_t bytes_allocated = 0;

void* allocate(std::size_t bytes, std::size_t alignment) {
  ++allocations;
  bytes_allocated += bytes;
  void* memory = nullptr;
  if (::posix_memalign(&memory, alignment, bytes == 0 ? 1 : bytes) != 0) throw std::bad_alloc();
  return memory;
}

}  // namespace

// The forms for arrays call these. So would those that do not throw, but for sanitizers.
void* operator new(std::size_t bytes) { return allocate(bytes, alignof(std::max_align_t)); }
void* operator new(std::size_t bytes, std::align_val_t alignment) {
  return allocate(bytes, static_cast<std::size_t>(alignment));
}
void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept {
  ++allocations;
  bytes_allocated += bytes;
  return std::malloc(bytes == 0 ? 1 : bytes);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

namespace eprop {
namespace {

/// Allocations of a call of run(), beyond those of one that simulates nothing.
long allocations_of(Simulation& simulation, Step steps) {
  const long before = allocations;
  simulation.run(0);
  const long of_none = allocations - before;
  simulation.run(steps);
  return allocations - before - 2 * of_none;
}

std::vector<double> all_weights(Simulation& simulation, const Network& network) {
  std::vector<double> all;
  for (std::uint32_t p = 0; p < network.projections().size(); ++p) {
    const auto weights = simulation.weights({p}).weight;
    all.insert(all.end(), weights.begin(), weights.end());
  }
  return all;
}

/// Warms up, and then expects `steps` steps, in which weights change, to allocate nothing.
void expect_none(Simulation& simulation, const Network& network, Step warm_up, Step steps) {
  EXPECT_GT(allocations_of(simulation, warm_up), 0) << "nothing is counted";
  const auto before = all_weights(simulation, network);
  EXPECT_EQ(allocations_of(simulation, steps), 0);
  EXPECT_NE(all_weights(simulation, network), before);
}

void expect_none_without_recordings(const Network& network) {
  const auto comm = comm::make_serial();
  Simulation simulation(network, *comm, 1);
  expect_none(simulation, network, 1000, 3000);
}

/// Between two times that values are written to the file, after 4096 steps each.
void expect_none_with_recordings(const Network& network) {
  const auto comm = comm::make_serial();
  const testing::ScratchFile scratch(*comm);
  Simulation simulation(network, *comm, 1);
  simulation.open_output(scratch.path());
  testing::record_everything(simulation, network);
  expect_none(simulation, network, 8192, 4000);
}

TEST(Allocation, IsNoPartOfAStepOfUpdateIntervals) {
  expect_none_without_recordings(testing::rich_network());
}

TEST(Allocation, IsNoPartOfAStepOfThePlusFamily) {
  expect_none_without_recordings(testing::rich_plus_network());
}

TEST(Allocation, IsNoPartOfAStepThatIsRecorded) {
  expect_none_with_recordings(testing::rich_network());
  expect_none_with_recordings(testing::rich_plus_network());
}

template <class F>
std::size_t bytes_of(F&& f) {
  const auto before = bytes_allocated;
  f();
  return bytes_allocated - before;
}

/// Two neurons that spike in each of `steps` steps.
std::vector<std::vector<double>> steady(Step steps) {
  std::vector<std::vector<double>> times(2);
  for (Step t = 0; t < steps; ++t) {
    for (auto& of_neuron : times) of_neuron.push_back(static_cast<double>(t));
  }
  return times;
}

TEST(Allocation, OfAppendedSpikesDoesNotGrowWithThoseToCome) {
  const auto comm = comm::make_serial();
  const auto bytes = [&](Step to_come) {
    Network network;
    const auto in = network.add("in", SpikeTrains{steady(to_come)});
    Simulation simulation(network, *comm, 1);
    simulation.run(10);
    return bytes_of([&] { simulation.append_spikes(in, {{12.0, 15.0}, {13.0}}); });
  };
  const auto few = bytes(20);
  EXPECT_GT(few, 0U);
  EXPECT_EQ(bytes(20000), few);
}

TEST(Allocation, OfWhatIsTakenDoesNotGrowWithTheTimeSimulated) {
  const auto comm = comm::make_serial();
  Network network;
  const auto in = network.add("in", SpikeTrains{steady(4000)});
  const auto rec = network.add("rec", 3, IafPscDelta{});
  network.connect(in, rec, AllToAll{}, StaticSynapse{1.0, 1.0});
  Simulation simulation(network, *comm, 1);
  simulation.record_spikes(in);
  simulation.record(rec, {.variables = {"V_m"}});
  const auto bytes = [&] {
    simulation.run(10);
    return bytes_of([&] {
      EXPECT_EQ(simulation.take_spikes(in).times.size(), 20U);
      EXPECT_EQ(simulation.take_traces("rec").values.size(), 30U);
      EXPECT_EQ(simulation.state(rec, "V_m").size(), 3U);
    });
  };
  (void)bytes();
  const auto early = bytes();
  EXPECT_GT(early, 0U);
  simulation.run(3000);
  (void)simulation.take_spikes(in);
  (void)simulation.take_traces("rec");
  EXPECT_EQ(bytes(), early);
}

TEST(Allocation, IsNoPartOfAStepThatMergesSpikes) {
  const auto comm = comm::make_serial();
  Network network;
  const auto in = network.add("in", SpikeTrains{steady(300)});
  Simulation simulation(network, *comm, 1);
  for (int i = 0; i < 5; ++i) simulation.append_spikes(in, steady(250));
  EXPECT_GT(allocations_of(simulation, 10), 0) << "nothing is counted";
  EXPECT_EQ(allocations_of(simulation, 290), 0);
}

}  // namespace
}  // namespace eprop
