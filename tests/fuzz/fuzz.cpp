// eprop_fuzz: nonsense in all forms in which users can give it. It must work, or be refused with an
// error that the interface promises, the same on one rank and on several.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <array>
#include <cstdio>
#include <cstdlib>

#include "cases.hpp"
#include "eprop/comm/launch.hpp"
#include "memory_limit.hpp"
#include "scratch_folder.hpp"
#include "watchdog.hpp"

namespace eprop::fuzz {
namespace {

struct Kind {
  std::string_view name;
  void (*run)(Case);
  std::uint64_t share;  ///< of 100 cases
  bool collective;
};

constexpr std::array kinds{
    Kind{"network", network_case, 55, true},  Kind{"checkpoint", checkpoint_case, 12, true},
    Kind{"scenario", scenario_case, 8, true}, Kind{"training", training_case, 5, true},
    Kind{"options", options_case, 10, false}, Kind{"data", data_case, 10, false}};

struct Wanted {
  std::uint64_t cases = 1000, seed = 1, first = 0;
  int ranks = 3;
  unsigned seconds = 60;
  bool verbose = false;
};

/// What has come of the cases of a kind.
struct Count {
  std::uint64_t cases = 0, ran = 0, refused = 0;
  std::map<std::string, std::uint64_t> refusals;
};

std::size_t kind_of(Dice& dice) {
  auto place = dice.below(100);
  for (std::size_t k = 0; k < kinds.size(); ++k) {
    if (place < kinds[k].share) return k;
    place -= kinds[k].share;
  }
  return 0;
}

class Campaign {
 public:
  explicit Campaign(const Wanted& wanted) : wanted_(wanted) {}

  /// The exit status.
  int run() {
    for (auto k = wanted_.first; k < wanted_.first + wanted_.cases; ++k) {
      watch_case(k);
      run_case(k);
    }
    print();
    if (faults_ == 0 && wanted_.cases >= 500) require_depth();
    return faults_ == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
  }

 private:
  void run_case(std::uint64_t number) {
    Dice dice(wanted_.seed, number);
    const auto& kind = kinds[kind_of(dice)];
    auto& count = counts_[static_cast<std::size_t>(&kind - kinds.data())];
    Transcript alone;
    try {
      kind.run({dice, *comm::make_serial(), alone, folder_.path()});
      clear_folder();
      if (kind.collective && wanted_.ranks > 1) run_on_ranks(kind, dice, alone);
    } catch (const std::exception& error) {
      fmt::print("fault in case {}, {}: {}\n", number, kind.name, error.what());
      ++faults_;
    }
    clear_folder();
    if (wanted_.verbose) {
      for (const auto& line : alone.lines()) fmt::print("  {}\n", line.text);
    }
    ++count.cases;
    if (alone.ran) ++count.ran;
    if (!alone.refusals().empty()) ++count.refused;
    for (const auto& [error, n] : alone.refusals()) count.refusals[error] += n;
  }

  void run_on_ranks(const Kind& kind, const Dice& dice, const Transcript& alone) {
    std::vector<Transcript> transcripts(static_cast<std::size_t>(wanted_.ranks));
    comm::run_as_threads(wanted_.ranks, [&](comm::Communicator& comm) {
      kind.run({dice, comm, transcripts[static_cast<std::size_t>(comm.rank())], folder_.path()});
    });
    // What one rank has no memory for, several may have.
    const auto& same = alone.refusals().contains("OutOfMemory") ? transcripts[0] : alone;
    for (int rank = 0; rank < wanted_.ranks; ++rank) {
      require_equal(same, transcripts[static_cast<std::size_t>(rank)], rank);
    }
  }

  void clear_folder() {
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
      std::filesystem::remove_all(entry);
    }
  }

  void print() const {
    fmt::print("{:<12}{:>9}{:>9}{:>9}  errors\n", "", "cases", "ran", "refused");
    for (std::size_t k = 0; k < kinds.size(); ++k) {
      const auto& count = counts_[k];
      fmt::print("{:<12}{:>9}{:>9}{:>9} ", kinds[k].name, count.cases, count.ran, count.refused);
      for (const auto& [error, n] : count.refusals) fmt::print(" {} {}", error, n);
      fmt::print("\n");
    }
    fmt::print("seed {}, cases {} to {}, on {}: {} faults\n", wanted_.seed, wanted_.first,
               wanted_.first + wanted_.cases - 1,
               wanted_.ranks > 1 ? fmt::format("1 rank and {}", wanted_.ranks) : "1 rank", faults_);
  }

  /// A generator that never comes to the point, or never makes a mistake, finds nothing.
  void require_depth() {
    for (std::size_t k = 0; k < kinds.size(); ++k) {
      const auto& [cases, ran, refused, refusals] = counts_[k];
      if (10 * ran >= cases && 10 * refused >= cases) continue;
      fmt::print("fault: of {} cases of {}, {} ran and {} were refused: a tenth must\n", cases,
                 kinds[k].name, ran, refused);
      ++faults_;
    }
  }

  const Wanted wanted_;
  const testing::ScratchFolder folder_;
  std::array<Count, kinds.size()> counts_;
  std::uint64_t faults_ = 0;
};

/// Checkpoints are synchronised with the disk, which need not be one.
void work_in_memory() {
  if (std::filesystem::is_directory("/dev/shm")) {
    ::setenv("TMPDIR", "/dev/shm", 0);  // NOLINT(concurrency-mt-unsafe): before any thread
  }
}

int run(int argc, char** argv) {
  Wanted wanted;
  CLI::App app("Gives the simulator random nonsense.", "eprop_fuzz");
  app.add_option("--cases", wanted.cases, "how many [1000]");
  app.add_option("--seed", wanted.seed, "of all random choices [1]");
  app.add_option("--first", wanted.first, "number of the first case [0]");
  app.add_option("--ranks", wanted.ranks, "to compare one rank with [3]; 1: no comparison");
  app.add_option("--seconds", wanted.seconds, "that a case may take [60]");
  app.add_flag("--verbose", wanted.verbose, "print what the cases did");
  CLI11_PARSE(app, argc, argv);
  limit_memory();
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  work_in_memory();
  watch(wanted.seconds, fmt::format("eprop_fuzz --seed {} --ranks {} --cases 1 --verbose --first ",
                                    wanted.seed, wanted.ranks));
  return Campaign(wanted).run();
}

}  // namespace
}  // namespace eprop::fuzz

int main(int argc, char** argv) {
  try {
    return eprop::fuzz::run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "eprop_fuzz: %s\n", error.what());
    return EXIT_FAILURE;
  }
}
