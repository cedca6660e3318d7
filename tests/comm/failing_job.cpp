// An MPI job that fails in the way its argument names, for check_failure.cmake. The message of each
// failure contains "fault X", X being the argument.

#include <chrono>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "eprop/comm/communicator.hpp"
#include "eprop/comm/launch.hpp"

namespace {

using eprop::comm::Bytes;
using eprop::comm::Communicator;

void exchange_in_a_ring(Communicator& comm) {
  const std::vector<int> to{(comm.rank() + 1) % comm.size()};
  const std::vector<int> from{(comm.rank() + comm.size() - 1) % comm.size()};
  const std::vector<Bytes> out{Bytes(100)};
  std::vector<Bytes> in(1);
  comm.exchange(to, out, from, in);
}

/// Longer than a test may take.
void compute() { std::this_thread::sleep_for(std::chrono::seconds(60)); }

void pause() { std::this_thread::sleep_for(std::chrono::milliseconds(300)); }

struct NoStdException {};

using Mode = std::function<void(Communicator&, const std::string& fault)>;

const std::map<std::string, Mode>& modes() {
  static const std::map<std::string, Mode> all{
      {"all_fail", [](Communicator& comm, const std::string& fault) { comm.fail(fault); }},
      {"all_throw",
       [](Communicator&, const std::string& fault) { throw std::runtime_error(fault); }},
      {"all_fail_one_late",
       [](Communicator& comm, const std::string& fault) {
         if (comm.rank() == 1) pause();
         comm.fail(fault);
       }},
      {"one_fails_others_in_barrier",
       [](Communicator& comm, const std::string& fault) {
         if (comm.rank() == 1) comm.fail(fault);
         comm.barrier();
       }},
      {"one_throws_others_in_exchange",
       [](Communicator& comm, const std::string& fault) {
         for (int i = 0; i < 100; ++i) exchange_in_a_ring(comm);
         if (comm.rank() == 1) throw std::invalid_argument(fault);
         for (int i = 0; i < 100; ++i) exchange_in_a_ring(comm);
       }},
      {"one_throws_others_in_group",
       [](Communicator& comm, const std::string& fault) {
         const auto group = comm.split(comm.rank() == 1 ? 1 : 0);
         if (comm.rank() == 1) throw std::invalid_argument(fault);
         if (comm.rank() == 0) group->barrier();
         comm.barrier();
       }},
      {"one_throws_no_std_exception",
       [](Communicator& comm, const std::string&) {
         if (comm.rank() == 1) throw NoStdException{};
         comm.barrier();
       }},
      {"zero_fails_others_compute",
       [](Communicator& comm, const std::string& fault) {
         if (comm.rank() == 0) comm.fail(fault);
         compute();
       }},
      {"some_fail_others_compute",
       [](Communicator& comm, const std::string& fault) {
         if (comm.rank() >= comm.size() / 2) comm.fail(fault);
         compute();
       }},
      {"one_fails_after_others_ended",
       [](Communicator& comm, const std::string& fault) {
         if (comm.rank() != comm.size() - 1) return;
         pause();
         comm.fail(fault);
       }},
      {"one_ends_others_in_barrier",
       [](Communicator& comm, const std::string&) {
         comm.barrier();
         if (comm.rank() != 1) comm.barrier();
       }},
      {"one_ends_others_in_exchange",
       [](Communicator& comm, const std::string&) {
         exchange_in_a_ring(comm);
         if (comm.rank() != 1) exchange_in_a_ring(comm);
       }},
      {"all_throw_in_exchange",
       [](Communicator& comm, const std::string& fault) {
         // Messages are under way that nobody receives.
         const std::vector<int> to{(comm.rank() + 1) % comm.size()};
         if (comm.size() > 1) comm.exchange(to, std::vector<Bytes>(1, Bytes(64)), {}, {});
         throw std::runtime_error(fault);
       }},
      {"none_fails", [](Communicator& comm, const std::string&) { comm.barrier(); }},
  };
  return all;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string mode = argc > 1 ? argv[1] : "";
  return eprop::comm::run_with_mpi(argc, argv, [&](Communicator& comm) {
    if (!modes().contains(mode)) comm.fail("no mode '" + mode + "'");
    modes().at(mode)(comm, "fault " + mode);
  });
}
