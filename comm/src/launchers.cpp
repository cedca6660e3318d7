#include "launchers.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <span>
#include <vector>

#include "eprop/comm/launch.hpp"

namespace eprop::comm {

namespace {

/// What a launcher sets in the environment of each process it starts.
struct Launcher {
  const char* name;
  const char* processes;  ///< what it calls them
  const char* mark;       ///< variable that no other launcher sets
  /// Variables with the number of processes and with that of this one; the first that is set
  /// counts.
  std::array<const char*, 2> sizes;
  std::array<const char*, 3> ranks;
  const char* remedy;
};

constexpr auto other_mpirun = "use the mpirun that comes with this MPI";

/// Which know MPI, and run within the steps of the others.
constexpr std::array mpi_launchers{
    Launcher{"Open MPI's mpirun",
             "processes",
             "OMPI_COMM_WORLD_RANK",
             {"OMPI_COMM_WORLD_SIZE"},
             {"OMPI_COMM_WORLD_RANK"},
             other_mpirun},
    // MPICH's Hydra, also that of Intel MPI and MVAPICH. MPI_LOCALNRANKS counts those of this node;
    // with PMIx, Hydra says no more.
    Launcher{"mpiexec",
             "processes",
             "MPI_LOCALRANKID",
             {"PMI_SIZE", "MPI_LOCALNRANKS"},
             {"PMI_RANK", "PMIX_RANK", "MPI_LOCALRANKID"},
             other_mpirun},
    Launcher{"MVAPICH's mpirun_rsh",
             "processes",
             "MV2_COMM_WORLD_RANK",
             {"MV2_COMM_WORLD_SIZE"},
             {"MV2_COMM_WORLD_RANK"},
             other_mpirun},
};

/// Of resource managers, the inner before the outer.
constexpr std::array step_launchers{
    Launcher{"flux run",
             "tasks",
             "FLUX_TASK_RANK",
             {"FLUX_JOB_SIZE"},
             {"FLUX_TASK_RANK"},
             "use flux run -o pmi=TYPE with a type that serves this MPI, or mpirun"},
    Launcher{
        "srun",
        "tasks",
        "SLURM_STEP_ID",
        {"SLURM_STEP_NUM_TASKS"},
        {"SLURM_PROCID"},
        "use srun --mpi=pmix, or whichever type of srun --mpi=list serves this MPI, or mpirun"},
    Launcher{"jsrun",
             "tasks",
             "JSM_NAMESPACE_RANK",
             {"JSM_NAMESPACE_SIZE"},
             {"JSM_NAMESPACE_RANK"},
             other_mpirun},
    // PALS_NRANKS is what a user may set for mpiexec, PALS_LOCAL_SIZE counts those of this node.
    Launcher{"PALS's mpiexec",
             "processes",
             "PALS_RANKID",
             {"PMI_SIZE", "PALS_LOCAL_SIZE"},
             {"PALS_RANKID"},
             other_mpirun},
    Launcher{
        "a launcher by PMI", "processes", "PMI_RANK", {"PMI_SIZE"}, {"PMI_RANK"}, other_mpirun},
};

struct Claim {
  const Launcher* launcher;
  const char* variable;
  int size;
  int rank;
};

/// The first of the variables that is set, or nullptr.
const char* first_set(const Environment& environment, std::span<const char* const> variables) {
  const auto found = std::ranges::find_if(variables, [&](const char* variable) {
    return variable != nullptr && environment(variable) != nullptr;
  });
  return found == variables.end() ? nullptr : *found;
}

/// 0 if `text` is no number.
int number(std::string_view text) {
  int value = 0;
  const auto end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  return error == std::errc{} && rest == end ? value : 0;
}

/// srun --pty -n N starts N shells, of which all but that of the terminal end at once. What the
/// user starts in it is no task of srun, though it sees the variables of one.
bool is_interactive(const Environment& environment, const Start& start) {
  const char* const task = environment("SLURM_TASK_PID");
  return environment("SLURM_PTY_PORT") != nullptr && task != nullptr &&
         task != std::to_string(start.pid);
}

std::vector<Claim> claims(const Environment& environment, const Start& start,
                          std::span<const Launcher> launchers) {
  std::vector<Claim> found;
  for (const auto& launcher : launchers) {
    const char* const variable = first_set(environment, launcher.sizes);
    if (environment(launcher.mark) == nullptr || variable == nullptr) continue;
    if (launcher.mark == std::string_view("SLURM_STEP_ID") && is_interactive(environment, start)) {
      continue;
    }
    const int size = number(environment(variable));
    const char* const rank = first_set(environment, launcher.ranks);
    if (size == 0) continue;
    found.push_back({&launcher, variable, size, rank == nullptr ? 0 : number(environment(rank))});
  }
  return found;
}

/// The claim of who started this process as one of several, if any did.
std::optional<Claim> claim_of_copies(const Environment& environment, const Start& start) {
  const auto of_mpi = claims(environment, start, mpi_launchers);
  // Of two mpiruns, either may have started the other.
  if (std::ranges::any_of(of_mpi, [](const Claim& c) { return c.size == 1; })) return {};
  if (!of_mpi.empty()) return of_mpi.front();
  const auto of_steps = claims(environment, start, step_launchers);
  if (of_steps.empty() || of_steps.front().size == 1) return {};
  return of_steps.front();
}

}  // namespace

bool launcher_is_ignored(const Environment& environment) {
  const char* const setting = environment("EPROP_IGNORE_LAUNCHER");
  return setting != nullptr && *setting != '\0' && setting != std::string_view("0");
}

bool launcher_is_ignored() { return launcher_is_ignored(std::getenv); }

std::optional<LoneCopies> lone_copies(const Environment& environment, const Start& start) {
  if (start.mpi_size != 1 || launcher_is_ignored(environment)) return {};
  const auto claim = claim_of_copies(environment, start);
  if (!claim) return {};
  return LoneCopies{
      fmt::format("launch: {} started {} {} ({} = {}), but MPI ({}) sees one rank in each, so all "
                  "would do the same work and write the same files: {}, or set "
                  "EPROP_IGNORE_LAUNCHER=1 to run them as separate jobs",
                  claim->launcher->name, claim->size, claim->launcher->processes, claim->variable,
                  claim->size, start.mpi_library, claim->launcher->remedy),
      claim->rank == 0};
}

std::optional<LaunchedRank> launched_rank(const Environment& environment, long pid) {
  const Start start{.mpi_size = 1, .pid = pid, .mpi_library = {}};
  const auto of_mpi = claims(environment, start, mpi_launchers);
  const auto of_steps = claims(environment, start, step_launchers);
  // Where one mpirun has started the other, MPI has to say which.
  const auto several = std::ranges::find_if(of_mpi, [](const Claim& c) { return c.size > 1; });
  if (several != of_mpi.end()) return LaunchedRank{several->rank, several->size};
  if (!of_mpi.empty() || of_steps.empty() || of_steps.front().size == 1) return {};
  return LaunchedRank{of_steps.front().rank, of_steps.front().size};
}

std::optional<LaunchedRank> launched_rank() { return launched_rank(std::getenv, ::getpid()); }

}  // namespace eprop::comm
