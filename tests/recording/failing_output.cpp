// failing_output MODE FILE, an MPI job: its output file grows until the disk is full, for which a
// limit on the size of files stands here (EFBIG instead of ENOSPC, and as there a short write
// first). It meets the limit when ranks append interleaved (columns) or one after the other (rows),
// when only HDF5 has more to write (close), or at the first byte (device: FILE is /dev/full); in a
// program that forgets to close the output of its simulation, with and without MPI (forgotten,
// forgotten_serial), or that catches the error and goes on (caught).

#include <sys/resource.h>

#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "eprop/comm/launch.hpp"
#include "eprop/eprop.hpp"
#include "recording/hdf5_file.hpp"

namespace {

using eprop::comm::Communicator;
using eprop::recording::Hdf5File;

/// Appends 400 KiB, of which the ranks have equal parts.
void append(Hdf5File& file, eprop::recording::Table table, Communicator& comm) {
  const std::size_t columns = file.columns(table);
  const std::size_t rows = std::size_t{400} * 1024 / (columns * sizeof(double));
  const auto size = static_cast<std::size_t>(comm.size());
  const auto rank = static_cast<std::size_t>(comm.rank());
  const std::size_t first = columns * rank / size;
  const std::size_t count = columns * (rank + 1) / size - first;
  const std::vector<double> values(rows * count, 1.5);
  file.append_columns<double>(table, rows, first, count, values);
}

/// Runs a simulation whose spikes take some 200 kB.
void record_spikes(Communicator& comm, const std::string& path, bool forgets) {
  eprop::Network network;
  const auto in = network.add("in", 100, eprop::PoissonSource{.rate = 100.0});
  eprop::Simulation simulation(network, comm);
  simulation.open_output(path, {.overwrite = true});
  simulation.record_spikes(in);
  simulation.run(1500);
  if (!forgets) simulation.close_output();
}

void go_on_after(Communicator& comm, const std::string& path) {
  try {
    record_spikes(comm, path, false);
  } catch (const eprop::OutputError&) {
    return;
  }
  comm.fail("the file was written");
}

void limit_size_of_files(rlim_t bytes) {
  std::signal(SIGXFSZ, SIG_IGN);
  const rlimit limit{bytes, RLIM_INFINITY};
  ::setrlimit(RLIMIT_FSIZE, &limit);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string mode = argc > 1 ? argv[1] : "";
  const std::string path = argc > 2 ? argv[2] : "";
  // In KiB. Only now that MPI, which needs files of its own, has started.
  const std::map<std::string, rlim_t> limits{
      {"columns", 600},  {"rows", 600},           {"close", 1}, {"device", 1000000}, {"caught", 60},
      {"forgotten", 60}, {"forgotten_serial", 60}};
  if (mode == "forgotten_serial") {
    limit_size_of_files(limits.at(mode) * 1024);
    record_spikes(*eprop::comm::make_serial(), path, true);
    return EXIT_FAILURE;  // as the test expects; a crash has another status
  }
  return eprop::comm::run_with_mpi(argc, argv, [&](Communicator& comm) {
    if (!limits.contains(mode)) comm.fail("no mode '" + mode + "'");
    limit_size_of_files(limits.at(mode) * 1024);
    if (mode == "caught") return go_on_after(comm, path);
    if (mode == "forgotten") return record_spikes(comm, path, true);
    Hdf5File file = Hdf5File::create(path, comm, true);
    // Short rows are put together before they are written.
    const auto table = file.create_table<double>("/values", mode == "rows" ? 8 : 512, "mV");
    for (int i = 0; i < 10 && mode != "close"; ++i) append(file, table, comm);
    file.close();
  });
}
