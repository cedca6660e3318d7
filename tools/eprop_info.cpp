// eprop-info FILE: tells what is in an output file or a checkpoint, once all of it has been read.

#include <fmt/format.h>
#include <hdf5.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <stdexcept>
#include <string>

#include "checkpoint/snapshot.hpp"
#include "checkpoint_info.hpp"
#include "output_info.hpp"
#include "readable.hpp"
#include "recording/hdf5_call.hpp"

namespace {

using nlohmann::ordered_json;

bool is_hdf5(const std::string& path) {
  const eprop::recording::Hdf5Session session;
  return H5Fis_hdf5(path.c_str()) > 0;
}

ordered_json info_of(const std::string& path) {
  if (!std::filesystem::is_regular_file(path)) {
    throw std::runtime_error(fmt::format("file '{}': is not there, or is no file", path));
  }
  if (eprop::checkpoint::is_snapshot(path)) return eprop::tools::checkpoint_info(path);
  if (is_hdf5(path)) return eprop::tools::output_info(path);
  throw std::runtime_error(
      fmt::format("file '{}': is neither an output file nor a checkpoint, or it is damaged", path));
}

/// Without what HDF5 says at length when the process ends, if it does not succeed in ending itself
/// after a damaged file.
int tell(const std::string& path, bool as_json) {
  H5dont_atexit();
  try {
    const auto info = info_of(path);
    fmt::print("{}", as_json ? info.dump(2) + "\n" : eprop::tools::readable(info));
    return EXIT_SUCCESS;
  } catch (const std::exception& error) {
    fmt::print(stderr, "eprop-info: error: {}\n", error.what());
    return EXIT_FAILURE;
  }
}

/// In a process of its own: HDF5 trusts the texts in a file, which have no checksum, and where they
/// are damaged it may end by a signal or never.
int tell_safely(const std::string& path, bool as_json) {
  const pid_t teller = ::fork();
  if (teller < 0) return tell(path, as_json);
  if (teller == 0) std::exit(tell(path, as_json));
  int status = 0;
  while (::waitpid(teller, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status)) return WEXITSTATUS(status);
  fmt::print(stderr, "eprop-info: error: file '{}': its texts are damaged\n", path);
  return EXIT_FAILURE;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app(
      "Tells what is in an output file or a checkpoint; it fails unless all of it can be read\nand "
      "is as it was written.");
  std::string path;
  bool as_json = false;
  app.add_option("file", path, "output file or checkpoint")->required();
  app.add_flag("--json", as_json, "for programs");
  CLI11_PARSE(app, argc, argv);
  return tell_safely(path, as_json);
}
