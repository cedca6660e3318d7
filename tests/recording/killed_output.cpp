// killed_output PLAN FILE LOG [STATES], an MPI job: writes FILE in several rounds, each of which
// ends with a flush, after which its number is written to LOG, and the file copied to STATES.NUMBER
// if that is given. PLANs: "new", "go_on" (with a file of "new": what was written since a
// checkpoint is dropped, and a table and a dataset are replaced) and "end" (which only opens and
// closes the file). Without mpirun there is no MPI.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <string>
#include <vector>

#include "eprop/comm/launch.hpp"
#include "recording/hdf5_file.hpp"

namespace {

using eprop::comm::Communicator;
using eprop::recording::Hdf5File;
using eprop::recording::Table;

struct Paths {
  std::string file, log, states;
};

class Rounds {
 public:
  Rounds(Communicator& comm, const Paths& paths) : comm_(comm), paths_(paths) {}

  void append(Hdf5File& file, Table list, std::size_t n) {
    const auto size = static_cast<std::size_t>(comm_.size());
    const auto rank = static_cast<std::size_t>(comm_.rank());
    const std::size_t begin = n * rank / size;
    std::vector<double> mine(n * (rank + 1) / size - begin);
    std::iota(mine.begin(), mine.end(), static_cast<double>(file.rows(list) + begin));
    file.append_in_rank_order<double>(list, mine);
  }

  /// A table of one column on the first rank, and all others on the last.
  void append_rows(Hdf5File& file, Table table, std::size_t n) {
    const bool first = comm_.rank() == 0, last = comm_.rank() == comm_.size() - 1;
    const std::size_t begin = first ? 0 : 1;
    const std::size_t end = last ? file.columns(table) : begin + (first ? 1 : 0);
    file.append_columns<std::uint64_t>(table, n, begin, end - begin,
                                       std::vector<std::uint64_t>(n * (end - begin), n));
  }

  void end(Hdf5File& file) {
    file.write_attribute("/", "round", static_cast<std::int64_t>(round_));
    file.flush();
    is_complete();
  }

  void is_complete() {
    comm_.barrier();
    if (comm_.rank() == 0) {
      std::ofstream(paths_.log) << round_ << std::endl;
      if (!paths_.states.empty()) {
        std::filesystem::copy_file(paths_.file, paths_.states + "." + std::to_string(round_));
      }
    }
    ++round_;
    comm_.barrier();
  }

 private:
  Communicator& comm_;
  const Paths& paths_;
  int round_ = 0;
};

void write_new(Communicator& comm, const Paths& paths) {
  Rounds rounds(comm, paths);
  Hdf5File file = Hdf5File::create(paths.file, comm);
  rounds.is_complete();
  const auto list = file.create_list<double>("/a/list", "mV", 512);
  const auto table = file.create_table<std::uint64_t>("/a/table", 5, "");
  (void)file.create_list<double>("/a/empty", "s", 512);
  file.write_dataset<double>("/a/time", std::vector<double>{0, 1, 2}, 0, "ms");
  rounds.append(file, list, 100);
  rounds.append_rows(file, table, 3);
  rounds.end(file);
  rounds.append(file, list, 1);
  file.rewrite_dataset<double>("/a/time", std::vector<double>{0, 10, 2}, 0);
  rounds.end(file);
  for (int i = 0; i < 12; ++i) {
    rounds.append(file, file.create_list<double>("/b/" + std::to_string(i), "", 64), 20);
  }
  file.write_attribute("/b", "labels", std::vector<std::string>{"one", "two"});
  rounds.append_rows(file, table, 2000);
  rounds.end(file);
  rounds.append(file, list, 400);
  rounds.end(file);
  rounds.append(file, list, 7);
  file.close();
  rounds.is_complete();
}

void go_on(Communicator& comm, const Paths& paths) {
  Rounds rounds(comm, paths);
  Hdf5File file = Hdf5File::open_for_append(paths.file, comm);
  const auto list = file.open_table<double>("/a/list");
  const auto empty = file.open_table<double>("/a/empty");
  file.truncate(list, 101);
  rounds.append(file, list, 50);
  rounds.append(file, empty, 2);
  rounds.end(file);
  const auto table = file.create_table<std::uint64_t>("/a/table", 7, "pA");
  rounds.append_rows(file, table, 30);
  file.write_dataset<double>("/a/time", std::vector<double>{5, 6}, 0, "ms");
  rounds.end(file);
  rounds.append(file, list, 100);
  rounds.append_rows(file, table, 30);
  file.close();
  rounds.is_complete();
}

void run(Communicator& comm, const std::string& plan, const Paths& paths) {
  if (plan == "new") return write_new(comm, paths);
  if (plan == "go_on") return go_on(comm, paths);
  if (plan == "end") return Hdf5File::open_for_append(paths.file, comm).close();
  comm.fail("no plan '" + plan + "'");
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.size() < 3) return EXIT_FAILURE;
  const Paths paths{words[1], words[2], words.size() > 3 ? words[3] : ""};
  if (std::getenv("OMPI_COMM_WORLD_RANK") == nullptr) {
    run(*eprop::comm::make_serial(), words[0], paths);
    return EXIT_SUCCESS;
  }
  return eprop::comm::run_with_mpi(argc, argv,
                                   [&](Communicator& comm) { run(comm, words[0], paths); });
}
