#include <fmt/format.h>

#include <cmath>

#include "cases.hpp"
#include "support/dataset_task.hpp"
#include "support/learning_options.hpp"
#include "support/options.hpp"

namespace eprop::fuzz {
namespace {

using namespace examples;

std::string odd_text(Dice& dice) {
  switch (dice.below(4)) {
    case 0:
      return fmt::format("{}", dice.odd_number());
    case 1:
      return fmt::format("{}", dice.odd_integer());
    case 2: {
      std::string bytes(dice.below(12), '\0');
      for (char& byte : bytes) byte = static_cast<char>(1 + dice.below(255));
      return bytes;
    }
    default:
      return dice.one_of<std::string>({"", " ", "0x10", "007", "1e3", "+1", "99999999999999999999",
                                       "1e999", "auto", "latest", "--", "-", "\xff\xfe", "1,2",
                                       "%s%n", "[1]", "{}", std::string(5000, '9')});
  }
}

std::string fitting_text(Dice& dice) {
  return dice.one_of<std::string>({"0", "1", "2", "10", "0.5", "0.001", "step", "cosine",
                                   "constant", "exponential", "run.h5", "folder"});
}

std::vector<std::string> random_arguments(Dice& dice) {
  const std::vector<std::string> names{
      "--iterations",     "--batch-size",       "--eta",
      "--eta-decay",      "--lr-schedule",      "--lr-step",
      "--lr-floor",       "--lr-warm-up",       "--initial-weights",
      "--seed",           "--threads",          "--replicas",
      "--output",         "--checkpoint-every", "--checkpoint-minutes",
      "--checkpoint-dir", "--resume",           "--data",
      "--test-iterations"};
  const std::vector<std::string> flags{"--record",  "--no-record", "--overwrite", "--quiet",
                                       "--help",    "-h",          "--nothing",   "--record=1",
                                       "--quiet=x", "name",        "---",         "--eta="};
  std::vector<std::string> arguments{"fuzz"};
  for (auto n = dice.below(7); n > 0; --n) {
    if (dice.chance(0.1)) {
      arguments.push_back(dice.one_of(flags));
      continue;
    }
    const auto& name = dice.one_of(names);
    const auto value = dice.chance(0.15) ? odd_text(dice) : fitting_text(dice);
    if (dice.chance(0.3)) {
      arguments.push_back(name + "=" + value);
    } else {
      arguments.insert(arguments.end(), {name, value});
    }
    if (dice.odd()) arguments.push_back(odd_text(dice));
  }
  return arguments;
}

struct Program {
  Options options{.iterations = 5};
  DataOptions data;
  CLI::App app{"for tests", "fuzz"};

  Program() {
    add_shared_options(app, options);
    add_data_options(app, data, "nothing");
  }
};

/// The first error of a command line, as CLI11 and the rules between options have it.
void refuse_wrong(Transcript& transcript, const std::vector<const char*>& arguments) {
  Program program;
  try {
    program.app.parse(static_cast<int>(arguments.size()), arguments.data());
    check_learning_options(program.app, program.options);
  } catch (const CLI::ParseError& error) {
    transcript.note_refusal("parse", "ParseError", error.what());
  }
}

}  // namespace

void options_case(Case c) {
  const auto texts = random_arguments(c.dice);
  std::vector<const char*> arguments;
  for (const auto& text : texts) arguments.push_back(text.c_str());
  refuse_wrong(c.transcript, arguments);
  Program program;
  const auto status = parse(program.app, program.options, static_cast<int>(arguments.size()),
                            arguments.data(), false);
  if (status && *status != 0 && *status != 2) {
    throw Fault(fmt::format("a command line ends with status {}", *status));
  }
  if (!status && !c.transcript.refusals().empty()) throw Fault("a refused command line is taken");
  if (status) return;
  c.transcript.ran = true;
  const auto schedule = learning_rates(program.options);
  for (const std::int64_t n : {std::int64_t{0}, std::int64_t{3}, program.options.iterations}) {
    const double rate = learning_rate(schedule, n);
    if (!(std::isfinite(rate) && rate >= 0)) {
      throw Fault(fmt::format("the learning rate of iteration {} is {}", n, rate));
    }
  }
}

}  // namespace eprop::fuzz
