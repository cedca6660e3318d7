#include "launchers.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace eprop::comm {
namespace {

using Variables = std::map<std::string, std::string>;

constexpr long pid = 4711;

std::optional<LoneCopies> verdict(const Variables& variables, int mpi_size = 1) {
  const auto environment = [&](const char* name) -> const char* {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  };
  return lone_copies(environment, {.mpi_size = mpi_size, .pid = pid, .mpi_library = "Any MPI"});
}

Variables operator+(Variables a, const Variables& b) {
  for (const auto& [name, value] : b) a[name] = value;
  return a;
}

// As Slurm 22.05, Open MPI 4.1, MPICH's Hydra 4 and the manuals of the others have them.

/// Of a batch script with --ntasks=4.
const Variables batch{{"SLURM_JOB_ID", "1"},   {"SLURM_NTASKS", "4"},  {"SLURM_NPROCS", "4"},
                      {"SLURM_PROCID", "0"},   {"SLURM_LOCALID", "0"}, {"SLURM_TASK_PID", "18477"},
                      {"SLURM_NODELIST", "n1"}};

Variables step(int tasks, int task) {
  return batch + Variables{{"SLURM_STEP_ID", "3"},
                           {"SLURM_STEPID", "3"},
                           {"SLURM_STEP_NUM_TASKS", std::to_string(tasks)},
                           {"SLURM_PROCID", std::to_string(task)},
                           {"SLURM_TASK_PID", std::to_string(pid)}};
}

Variables pmi(int size, int rank) {
  return {{"PMI_SIZE", std::to_string(size)}, {"PMI_RANK", std::to_string(rank)}, {"PMI_FD", "10"}};
}

Variables open_mpi(int size, int rank) {
  return {{"OMPI_COMM_WORLD_SIZE", std::to_string(size)},
          {"OMPI_COMM_WORLD_RANK", std::to_string(rank)},
          {"PMIX_RANK", std::to_string(rank)},
          {"PMIX_NAMESPACE", "606863361"}};
}

Variables hydra(int size, int rank, int local_size = 1) {
  return pmi(size, rank) + Variables{{"MPI_LOCALNRANKS", std::to_string(local_size)},
                                     {"MPI_LOCALRANKID", std::to_string(rank % local_size)}};
}

Variables flux(int size, int rank) {
  return {{"FLUX_JOB_SIZE", std::to_string(size)},
          {"FLUX_TASK_RANK", std::to_string(rank)},
          {"FLUX_JOB_NNODES", "1"}};
}

const Variables pals{{"PALS_APID", "7"}, {"PALS_RANKID", "0"}, {"PALS_LOCAL_RANKID", "0"}};

struct Case {
  std::string name;
  Variables variables;
  std::string launcher;  ///< how the message begins, after "launch: "
};

TEST(Launch, OfCopiesThatMpiDoesNotConnectIsWrong) {
  const std::vector<Case> cases{
      {"srun --mpi=none", step(2, 0), "srun started 2 tasks (SLURM_STEP_NUM_TASKS = 2)"},
      {"srun --mpi=pmi2, Open MPI with PMIx alone", step(2, 0) + pmi(2, 0), "srun started 2 tasks"},
      {"srun with fewer tasks than the job", step(3, 0), "srun started 3 tasks"},
      {"Open MPI's mpirun, program of MPICH", open_mpi(4, 0),
       "Open MPI's mpirun started 4 processes (OMPI_COMM_WORLD_SIZE = 4)"},
      {"the same in a batch script", batch + open_mpi(4, 0), "Open MPI's mpirun started 4"},
      {"the same from a shell that is a step of one task", step(1, 0) + open_mpi(4, 0),
       "Open MPI's mpirun started 4"},
      {"the same, with srun --mpi=pmi2", step(1, 0) + pmi(1, 0) + open_mpi(4, 0),
       "Open MPI's mpirun started 4"},
      {"MPICH's mpiexec, program of Open MPI", hydra(4, 0, 4),
       "mpiexec started 4 processes (PMI_SIZE = 4)"},
      {"the same on four nodes", hydra(4, 0), "mpiexec started 4 processes (PMI_SIZE = 4)"},
      {"the same with PMIx",
       {{"MPI_LOCALNRANKS", "4"}, {"MPI_LOCALRANKID", "0"}, {"PMIX_RANK", "0"}},
       "mpiexec started 4 processes (MPI_LOCALNRANKS = 4)"},
      {"MVAPICH's mpirun_rsh",
       {{"MV2_COMM_WORLD_SIZE", "8"}, {"MV2_COMM_WORLD_RANK", "0"}},
       "MVAPICH's mpirun_rsh started 8 processes"},
      {"flux run", flux(2, 0), "flux run started 2 tasks (FLUX_JOB_SIZE = 2)"},
      {"flux run in a Flux that srun started, one per node", step(3, 0) + flux(2, 0),
       "flux run started 2 tasks"},
      {"flux run in a Flux of one node", step(1, 0) + flux(2, 0), "flux run started 2 tasks"},
      {"jsrun",
       {{"JSM_NAMESPACE_SIZE", "6"}, {"JSM_NAMESPACE_RANK", "0"}},
       "jsrun started 6 tasks"},
      {"PALS", pals + Variables{{"PMI_SIZE", "8"}, {"PALS_LOCAL_SIZE", "4"}},
       "PALS's mpiexec started 8 processes"},
      {"PALS without PMI", pals + Variables{{"PALS_LOCAL_SIZE", "4"}},
       "PALS's mpiexec started 4 processes"},
      {"any launcher by PMI", pmi(2, 0), "a launcher by PMI started 2 processes"},
      {"srun --pty PROGRAM", step(2, 0) + Variables{{"SLURM_PTY_PORT", "41021"}},
       "srun started 2 tasks"},
      {"srun in the shell of srun --pty",
       step(2, 0) + Variables{{"SLURM_PTY_PORT", "41021"}, {"SLURM_STEP_ID", "1"}},
       "srun started 2 tasks"},
      {"an override that is not meant", step(2, 0) + Variables{{"EPROP_IGNORE_LAUNCHER", "0"}},
       "srun started 2 tasks"},
  };
  for (const auto& [name, variables, launcher] : cases) {
    const auto copies = verdict(variables);
    ASSERT_TRUE(copies) << name;
    EXPECT_TRUE(copies->message.starts_with("launch: " + launcher))
        << name << ": " << copies->message;
    EXPECT_TRUE(copies->first) << name;
  }
}

TEST(Launch, OfOneProcessIsRight) {
  const std::vector<std::pair<std::string, Variables>> cases{
      {"no launcher", {}},
      {"batch script", batch},
      {"salloc", {{"SLURM_JOB_ID", "4"}, {"SLURM_NTASKS", "2"}, {"SLURM_NPROCS", "2"}}},
      {"srun -n 1 in a job of more tasks", step(1, 0)},
      {"mpirun -n 1", open_mpi(1, 0)},
      {"mpirun -n 1 in a batch script", batch + open_mpi(1, 0)},
      {"mpirun -n 1 on one of the nodes where Slurm runs its helpers", step(2, 1) + open_mpi(1, 0)},
      {"the same with srun --mpi=pmi2", step(2, 1) + pmi(2, 1) + open_mpi(1, 0)},
      {"mpiexec -n 1 on one of the nodes where Slurm runs its helpers", step(2, 1) + hydra(1, 0)},
      {"mpiexec -n 1 in a process of mpirun", open_mpi(4, 2) + hydra(1, 0)},
      {"mpirun -n 1 in a process of mpiexec", hydra(4, 2) + open_mpi(1, 0)},
      {"flux run -n 1 in a Flux that srun started, one per node", step(3, 0) + flux(1, 0)},
      {"shell of srun -n 2 --pty",
       step(2, 0) + Variables{{"SLURM_PTY_PORT", "41021"}, {"SLURM_TASK_PID", "19813"}}},
      {"allocation of PBS or LSF", {{"PBS_NP", "8"}, {"NCPUS", "8"}, {"LSB_DJOB_NUMPROC", "8"}}},
      {"setting for PALS's mpiexec", {{"PALS_NRANKS", "8"}}},
      {"numbers that are none", step(0, 0) + Variables{{"OMPI_COMM_WORLD_SIZE", "many"}}},
      {"on purpose", step(4, 2) + Variables{{"EPROP_IGNORE_LAUNCHER", "1"}}},
  };
  for (const auto& [name, variables] : cases) {
    const auto copies = verdict(variables);
    EXPECT_FALSE(copies) << name << ": " << copies->message;
  }
}

TEST(Launch, OfRanksThatMpiConnectsIsRight) {
  EXPECT_FALSE(verdict(step(2, 0), 2));
  EXPECT_FALSE(verdict(open_mpi(4, 0), 4));
  EXPECT_FALSE(verdict(step(2, 0) + open_mpi(8, 0), 8));  // two helpers of mpirun start 8
  EXPECT_FALSE(verdict(open_mpi(4, 0) + hydra(2, 0), 2));
  EXPECT_FALSE(verdict(step(4, 0), 2));
}

TEST(Launch, IsReportedByTheFirstCopyAlone) {
  EXPECT_FALSE(verdict(step(2, 1))->first);
  EXPECT_FALSE(verdict(open_mpi(4, 3))->first);
  EXPECT_FALSE(verdict(step(1, 0) + open_mpi(4, 3))->first);
  EXPECT_FALSE(verdict(hydra(4, 2))->first);
  EXPECT_FALSE(
      verdict({{"MPI_LOCALNRANKS", "2"}, {"MPI_LOCALRANKID", "0"}, {"PMIX_RANK", "2"}})->first);
  EXPECT_FALSE(verdict(flux(2, 1))->first);
  EXPECT_TRUE(verdict({{"SLURM_STEP_ID", "0"}, {"SLURM_STEP_NUM_TASKS", "2"}})->first);
}

/// "rank/ranks" as the launcher says, or "".
std::string launched(const Variables& variables) {
  const auto environment = [&](const char* name) -> const char* {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  };
  const auto mine = launched_rank(environment, pid);
  return mine ? std::to_string(mine->rank) + "/" + std::to_string(mine->ranks) : "";
}

TEST(Launch, TellsARankBeforeMpiDoes) {
  EXPECT_EQ(launched(open_mpi(4, 3)), "3/4");
  EXPECT_EQ(launched(batch + open_mpi(4, 3)), "3/4");
  EXPECT_EQ(launched(step(2, 1)), "1/2");
  EXPECT_EQ(launched(step(2, 1) + open_mpi(8, 5)), "5/8");
  EXPECT_EQ(launched(hydra(4, 2)), "2/4");
  EXPECT_EQ(launched(step(3, 0) + flux(2, 1)), "1/2");
  EXPECT_EQ(launched(open_mpi(4, 2) + hydra(1, 0)), "2/4");
}

TEST(Launch, OfOneProcessNeedsNoMpi) {
  EXPECT_EQ(launched({}), "");
  EXPECT_EQ(launched(batch), "");
  EXPECT_EQ(launched(open_mpi(1, 0)), "");
  EXPECT_EQ(launched(step(2, 1) + open_mpi(1, 0)), "");
  EXPECT_EQ(launched(step(3, 0) + flux(1, 0)), "");
  EXPECT_EQ(launched(step(0, 0)), "");
}

TEST(Launch, IsReportedWithWhatToDo) {
  EXPECT_EQ(verdict(step(2, 0))->message,
            "launch: srun started 2 tasks (SLURM_STEP_NUM_TASKS = 2), but MPI (Any MPI) sees one "
            "rank in each, so all would do the same work and write the same files: use srun "
            "--mpi=pmix, or whichever type of srun --mpi=list serves this MPI, or mpirun, or set "
            "EPROP_IGNORE_LAUNCHER=1 to run them as separate jobs");
}

}  // namespace
}  // namespace eprop::comm
