#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "eprop/training.hpp"
#include "support/options.hpp"

namespace eprop::examples {

/// An example program.
struct Example {
  std::string name;
  std::string description;  ///< for --help
  Options options;          ///< with the example's defaults
  std::function<void(CLI::App&)> add_options = [](CLI::App&) {};
  /// Called on rank 0 once the options are parsed: looks through the files they name, so that what
  /// is wrong is found before the training starts. Throws what ends the program, returns what the
  /// user is to be told.
  std::function<std::vector<std::string>(const Options&)> check_input = [](const Options&) {
    return std::vector<std::string>{};
  };
  /// Called on all ranks thereafter. The plan gets the learning rates of the options.
  std::function<std::unique_ptr<Task>(const Options&)> make_task;
};

/// main() of an example: parses the options, trains the task, writes the output file. Returns the
/// exit status.
int run_example(Example& example, int argc, char** argv);

}  // namespace eprop::examples
