#include "mpi_start.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <string>
#include <thread>

#include "eprop/comm/errors.hpp"
#include "failure_report.hpp"
#include "launchers.hpp"

namespace eprop::comm {

namespace {

/// Open MPI's own MPI-IO, OMPIO, which it prefers, takes a short write for a whole one (4.1): on a
/// full disk the file then lacks values and nobody is told. ROMIO, which comes with it, reports the
/// error. Only the order of preference changes, unless the user sets that: whoever chooses a
/// component by the parameter io gets it, and where there is no ROMIO there is still OMPIO.
void prefer_checked_io() {
  constexpr int keep_what_the_user_set = 0;
  // NOLINTNEXTLINE(concurrency-mt-unsafe): before MPI and the threads of a simulation start
  ::setenv("OMPI_MCA_io_ompio_priority", "0", keep_what_the_user_set);
}

/// Name and version of the MPI library, such as "Open MPI v4.1.4".
std::string mpi_library() {
  std::array<char, MPI_MAX_LIBRARY_VERSION_STRING> text{};
  int length = 0;
  check_mpi(MPI_Get_library_version(text.data(), &length), "MPI_Get_library_version");
  const std::string all(text.data());
  return all.substr(0, all.find_first_of(",\r\n"));
}

}  // namespace

int start_mpi(int* argc, char*** argv) {
  prefer_checked_io();
  int provided = MPI_THREAD_SINGLE;
  check_mpi(MPI_Init_thread(argc, argv, MPI_THREAD_FUNNELED, &provided), "MPI_Init_thread");
  return provided;
}

void require_one_job(const MpiCommunicator& world, int thread_level) {
  if (thread_level < MPI_THREAD_FUNNELED) {
    throw CommError(fmt::format("MPI grants thread level {}, below MPI_THREAD_FUNNELED ({})",
                                thread_level, MPI_THREAD_FUNNELED));
  }
  const auto library = mpi_library();
  const auto copies = lone_copies(
      std::getenv, {.mpi_size = world.size(), .pid = ::getpid(), .mpi_library = library});
  if (!copies) return;
  if (copies->first) throw CommError(copies->message);
  // Launchers may end all processes as soon as one has failed: the first is to print before.
  std::signal(SIGTERM, [](int) { std::_Exit(EXIT_FAILURE); });
  std::this_thread::sleep_for(std::chrono::seconds(5));
  exit_failed();
}

}  // namespace eprop::comm
