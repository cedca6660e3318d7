#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "eprop/comm/collectives.hpp"
#include "eprop/comm/launch.hpp"
#include "eprop/eprop.hpp"
#include "support/describe.hpp"
#include "support/options.hpp"
#include "support/process_memory.hpp"
#include "support/program.hpp"

/// Measures memory and speed of a large sparse network: neurons that spike at one rate whatever
/// they receive, each with as many plastic synapses from one another, and ten readouts whose error
/// they learn from.
namespace eprop::examples {
namespace {

constexpr const char* program = "sparse_network";
constexpr Step interval = 1000;         ///< steps of 1 ms from one update to the next
constexpr Step warm_up = 2 * interval;  ///< after which archives are full and memory is allocated

struct Settings {
  std::uint32_t neurons = 2000;
  std::uint32_t indegree = 500;
  std::string family = "bsshslm_2020";
  std::string optimizer = "gradient_descent";
  std::int32_t duration = 1000;  ///< ms
  double rate = 5.0;             ///< spikes/s
  std::uint32_t seed = 1;
  int threads = 1;
  int dry_ranks = 0;  ///< of a dry run; 0: it is none
  int dry_rank = 0;
  bool json = false;
  bool describe = false;

  [[nodiscard]] double period() const { return 1000.0 / rate; }  ///< ms
};

void add_dry_run_options(CLI::App& app, Settings& settings) {
  constexpr int most_ranks = 1'000'000;
  app.add_option("--dry-run", settings.dry_ranks,
                 "be one rank of a job of so many, without the others, which are taken to do as it "
                 "does: its memory and time, but for the time that messages are under way")
      ->type_name("RANKS")
      ->transform(whole_number(1, most_ranks));
  add_whole_number(app, "--rank", settings.dry_rank, "which one, with --dry-run", "RANK", 0);
}

/// `ranks`: those that the program has been started on.
void check_dry_run(const CLI::App& app, const Settings& settings, int ranks) {
  const bool dry = app.count("--dry-run") > 0;
  if (dry && ranks > 1) {
    throw CLI::ValidationError("--dry-run",
                               fmt::format("must be started on one rank, not on {}", ranks));
  }
  if (!dry && app.count("--rank") > 0) throw CLI::ValidationError("--rank", "needs --dry-run");
  if (dry && settings.dry_rank >= settings.dry_ranks) {
    throw CLI::ValidationError(
        "--rank", fmt::format("must be below the {} ranks of --dry-run, not {}", settings.dry_ranks,
                              settings.dry_rank));
  }
}

std::optional<int> read_settings(Settings& settings, int argc, char** argv,
                                 const comm::Communicator& comm) {
  CLI::App app(
      "Builds and simulates a sparse network of neurons that all spike at one rate, and "
      "says what it takes.\nMeasured after two update intervals of 1000 ms.",
      program);
  add_whole_number(app, "--neurons", settings.neurons, "recurrent neurons", "NEURONS", 2);
  add_whole_number(app, "--indegree", settings.indegree, "plastic synapses onto each", "SYNAPSES",
                   1);
  add_option(app, "--family", settings.family, "bsshslm_2020 or plus", "FAMILY")
      ->check(CLI::IsMember({"bsshslm_2020", "plus"}));
  add_option(app, "--optimizer", settings.optimizer, "gradient_descent or adam", "OPTIMIZER")
      ->check(CLI::IsMember({"gradient_descent", "adam"}));
  add_whole_number(app, "--duration", settings.duration, "model time that is measured, ms", "MS",
                   1);
  add_option(app, "--rate", settings.rate, "spikes/s of each neuron", "RATE")
      ->transform(number(
          [](double rate) {
            const double period = 1000.0 / rate;
            return rate > 0.0 && period >= 1.0 && period <= 1e6 && period == std::rint(period);
          },
          "of which 1000 ms, in whole ms, are a multiple"));
  add_whole_number(app, "--seed", settings.seed, "seed of all random numbers", "NUMBER", 0);
  add_threads_option(app, settings.threads);
  add_dry_run_options(app, settings);
  app.add_flag("--json", settings.json, "print one JSON object [default: lines of text]");
  add_describe_option(app, settings.describe);
  return parse_command_line(app, settings.threads, argc, argv, comm.rank() == 0,
                            [&] { check_dry_run(app, settings, comm.size()); });
}

template <class M>
M unit_membrane(M m) {
  m.C_m = 1.0;
  m.E_L = 0.0;
  m.tau_m = 30.0;
  return m;
}

template <class M>
M spiking_neuron(const Settings& settings, M m) {
  m = unit_membrane(m);
  m.t_ref = 0.0;
  m.V_th = 0.6;
  m.surrogate_gradient_height = 0.5;
  m.surrogate_gradient_width = 0.588;
  m.c_reg = 0.002;
  m.ignore_and_spike = true;
  m.ignore_and_spike_interval = settings.period();
  const auto period = static_cast<std::uint32_t>(settings.period());
  Value::Array offsets;
  offsets.reserve(settings.neurons);
  for (std::uint32_t i = 0; i < settings.neurons; ++i) offsets.push_back(1.0 + i % period);
  m.ignore_and_spike_offset = std::move(offsets);
  return m;
}

Optimizer optimizer(const Settings& settings) {
  if (settings.optimizer == "adam") {
    Adam adam;
    adam.eta = 1e-6;
    return adam;
  }
  return GradientDescent{.eta = 1e-6};
}

struct SparseNetwork {
  Network network;
  Projection plastic;
};

template <class M, class R, class S>
SparseNetwork make_network(const Settings& settings, const M& neuron, const R& readout, S synapse) {
  SparseNetwork sparse{Network(NetworkOptions{.seed = settings.seed, .update_interval = interval}),
                       {}};
  auto& network = sparse.network;
  const auto rec = network.add("rec", settings.neurons, spiking_neuron(settings, neuron));
  const auto out = network.add("out", 10, unit_membrane(readout));
  synapse.weight = Normal{0.0, 1.0 / std::sqrt(settings.indegree)};
  synapse.optimizer = optimizer(settings);
  sparse.plastic = network.connect(
      rec, rec, FixedIndegree{.indegree = settings.indegree, .autapses = false}, synapse);
  const auto of_readout = std::min(settings.neurons, 1000U);
  network.connect(rec, out, FixedIndegree{.indegree = of_readout, .multapses = false},
                  StaticSynapse{.weight = 0.01});
  network.connect_learning_signal(out, rec, AllToAll{}, 0.1);
  network.connect_rate(network.add("target", StepRates{{4.0}, {{1.0}}}), out,
                       RateReceptor::target_signal);
  if constexpr (R::family == Family::plus) {
    network.connect_rate(network.add("window", StepRates{{2.0}, {{1.0}}}), out,
                         RateReceptor::learning_window);
  }
  return sparse;
}

SparseNetwork make_network(const Settings& settings) {
  if (settings.family == "plus") {
    EpropIaf neuron;
    neuron.eprop_isi_trace_cutoff = 100.0;
    return make_network(settings, neuron, EpropReadout{},
                        EpropSynapse{.optimize_each_step = false});
  }
  return make_network(settings, EpropIafBsshslm2020{}, EpropReadoutBsshslm2020{},
                      EpropSynapseBsshslm2020{});
}

class Clock {
 public:
  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// Says on stderr what goes on, once it has taken some seconds, and then now and then.
class Log {
 public:
  explicit Log(bool quiet) : quiet_(quiet) {}

  void say(const std::string& what, bool at_once = false) {
    constexpr double seconds_between = 5.0;
    const double now = clock_.seconds();
    if (quiet_ || (!at_once && now - said_ < seconds_between)) return;
    fmt::print(stderr, "{}  {:.0f} s  {}\n", program, now, what);
    said_ = now;
  }

 private:
  bool quiet_;
  Clock clock_;
  double said_ = 0.0;
};

/// Seconds that `steps` steps take.
double run(Simulation& simulation, Step steps, const std::string& what, Log& log) {
  constexpr Step piece = 100;
  const Clock clock;
  for (Step done = 0; done < steps; done += piece) {
    log.say(fmt::format("{}: {} of {} ms", what, done, steps));
    simulation.run(std::min(piece, steps - done));
  }
  return clock.seconds();
}

/// What each rank says, as a list.
template <class T>
nlohmann::ordered_json of_ranks(comm::Communicator& comm, T mine) {
  return comm::all_gather(comm, mine);
}

/// In the measured time, of all ranks.
nlohmann::ordered_json traffic(comm::Communicator& comm, const RankStatistics& before,
                               const RankStatistics& after) {
  nlohmann::ordered_json all;
  all["spikes"] = of_ranks(comm, after.spikes - before.spikes);
  all["messages_sent"] = of_ranks(comm, after.messages_sent - before.messages_sent);
  all["bytes_sent"] = of_ranks(comm, after.bytes_sent - before.bytes_sent);
  all["steps_of_one_thread"] =
      of_ranks(comm, after.steps_of_one_thread - before.steps_of_one_thread);
  for (std::size_t i = 0; i < after.phase_seconds.size(); ++i) {
    const auto& [phase, seconds] = after.phase_seconds[i];
    all["phase_s"][phase] = of_ranks(comm, seconds - before.phase_seconds[i].second);
  }
  return all;
}

nlohmann::ordered_json memory(comm::Communicator& comm, const MemoryUse& bytes) {
  nlohmann::ordered_json all;
  all["synapses"] = of_ranks(comm, bytes.synapses);
  all["rows"] = of_ranks(comm, bytes.rows);
  all["clocks"] = of_ranks(comm, bytes.clocks);
  all["neurons"] = of_ranks(comm, bytes.neurons);
  all["archives"] = of_ranks(comm, bytes.archives);
  all["spikes"] = of_ranks(comm, bytes.spikes);
  all["exchange"] = of_ranks(comm, bytes.exchange);
  return all;
}

template <class T>
T sum(const nlohmann::ordered_json& list) {
  T total{};
  for (const auto& value : list) total += value.get<T>();
  return total;
}

nlohmann::ordered_json measure(const Settings& settings, comm::Communicator& comm) {
  Log log(comm.rank() != 0 && !comm.is_dry_run());
  const auto expected = std::uint64_t{settings.neurons} * settings.indegree;
  constexpr std::uint64_t takes_seconds = 10'000'000;
  log.say(fmt::format("builds {} synapses", expected), expected >= takes_seconds);
  const Clock clock;
  auto description = std::make_optional(make_network(settings));
  const auto plastic = description->plastic;
  Simulation simulation(description->network, comm, settings.threads);
  description.reset();
  comm.barrier();
  const double build_s = clock.seconds();
  const double warm_up_s = run(simulation, warm_up, "warm-up", log);
  const auto before = simulation.statistics();
  const double simulate_s = run(simulation, settings.duration, "measures", log);
  const auto after = simulation.statistics();

  const auto synapses = simulation.synapse_count(plastic);
  auto done = traffic(comm, before, after);
  const auto bytes = memory(comm, after.bytes);
  const auto events = sum<std::uint64_t>(done["spikes"]) * settings.indegree;
  double synapse_bytes = 0.0;
  for (const auto* part : {"synapses", "rows", "clocks"}) synapse_bytes += sum<double>(bytes[part]);
  const auto process = process_memory();
  nlohmann::ordered_json all{
      {"neurons", settings.neurons},
      {"indegree", settings.indegree},
      {"family", settings.family},
      {"optimizer", settings.optimizer},
      {"rate", settings.rate},
      {"seed", settings.seed},
      {"ranks", comm.size()},
      {"dry_run", comm.is_dry_run()},
      {"threads", settings.threads},
      {"duration_ms", settings.duration},
      {"synapses", synapses},
      {"build_s", build_s},
      {"warm_up_s", warm_up_s},
      {"simulate_s", simulate_s},
      {"simulate_s_per_model_s", simulate_s / settings.duration * 1000.0},
      {"synaptic_events", events},
      {"ns_per_synaptic_event",
       simulate_s * 1e9 / static_cast<double>(std::max<std::uint64_t>(events, 1))},
      {"bytes_per_synapse", synapse_bytes / static_cast<double>(synapses)},
      {"bytes", bytes},
      {"resident_bytes", of_ranks(comm, process.resident)},
      {"peak_bytes", of_ranks(comm, process.peak)}};
  all.update(done);
  return all;
}

/// Lists of a dry run hold the same for each rank: once is enough.
void print_line(const std::string& name, const nlohmann::ordered_json& value, bool dry_run) {
  fmt::print("{:24} {}\n", name, (dry_run && value.is_array() ? value.front() : value).dump());
}

void print(const nlohmann::ordered_json& all, bool json) {
  if (json) {
    fmt::print("{}\n", all.dump());
    return;
  }
  const bool dry_run = all["dry_run"];
  for (const auto& [name, value] : all.items()) {
    if (!value.is_object()) {
      print_line(name, value, dry_run);
      continue;
    }
    for (const auto& [part, of_part] : value.items()) {
      print_line(name + ' ' + part, of_part, dry_run);
    }
  }
}

int measure_or_describe(const Settings& settings, comm::Communicator& comm) {
  const bool prints = comm.rank() == 0 || comm.is_dry_run();
  if (settings.describe) {
    const auto text = describe(make_network(settings).network, {.threads = settings.threads}, comm);
    if (prints) fmt::print("{}\n\n{}", program, text);
    return EXIT_SUCCESS;
  }
  const auto all = measure(settings, comm);
  if (prints) print(all, settings.json);
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace eprop::examples

int main(int argc, char** argv) {
  using namespace eprop::examples;
  Settings settings;
  return run_program(
      argc, argv,
      [&](eprop::comm::Communicator& comm) { return read_settings(settings, argc, argv, comm); },
      [&](eprop::comm::Communicator& comm) {
        if (settings.dry_ranks == 0) return measure_or_describe(settings, comm);
        return measure_or_describe(
            settings, *eprop::comm::make_dry_run(settings.dry_rank, settings.dry_ranks));
      });
}
