#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cases.hpp"
#include "eprop/errors.hpp"
#include "eprop/simulation.hpp"
#include "random_network.hpp"
#include "random_values.hpp"

namespace eprop::fuzz {
namespace {

template <class T>
std::vector<double> numbers(const std::vector<T>& values) {
  return {values.begin(), values.end()};
}

/// Calls functions of a simulation in random order, with arguments that are mostly right.
class Script {
 public:
  Script(Case& c, const Network& network)
      : dice_(c.dice),
        comm_(c.comm),
        transcript_(c.transcript),
        folder_(c.folder),
        network_(network) {}

  void run() {
    describe();
    start();
    const bool has_output = dice_.chance(0.04);
    if (has_output && simulation_) change("open output", &Script::open_output);
    for (auto n = 1 + dice_.below(4); n > 0 && simulation_; --n) change("record", &Script::record);
    if (simulation_) change("advance", &Script::advance);
    for (auto n = dice_.below(10); n > 0 && simulation_; --n) any_change();
    if (simulation_) change("advance", &Script::advance);
    if (simulation_) change("look", &Script::look_at_everything);
    end();
  }

 private:
  using Change = void (Script::*)();

  void any_change() {
    static constexpr std::pair<const char*, Change> all[] = {
        {"advance", &Script::advance},
        {"advance", &Script::advance},
        {"look", &Script::look_at_everything},
        {"set weights", &Script::set_weights},
        {"set a matrix of weights", &Script::set_matrix},
        {"set a learning rate", &Script::set_learning_rate},
        {"append spikes", &Script::append_spikes},
        {"append rates", &Script::append_rates},
        {"track a loss", &Script::track_loss},
        {"record", &Script::record},
        {"take", &Script::take},
        {"count", &Script::count},
        {"keep transmitted weights", &Script::keep_transmitted_weights},
        {"go on from a checkpoint", &Script::go_on_from_checkpoint},
        {"load weights", &Script::load_weights},
        {"write output", &Script::write_output},
    };
    const auto& [name, f] = all[dice_.below(std::size(all))];
    change(name, f);
  }

  /// After any error but InvalidParameter a simulation can only be destroyed.
  void change(const char* name, Change f) {
    const auto kind = transcript_.attempt(name, [&] { (this->*f)(); });
    if (!kind.empty() && kind != "InvalidParameter") end();
  }

  void end() {
    if (!simulation_) return;
    transcript_.attempt("close", [&] { simulation_->close_output(); });
    transcript_.attempt("end", [&] { simulation_.reset(); });
  }

  [[nodiscard]] std::string path(const std::string& name) const { return folder_ / name; }
  [[nodiscard]] double dt() const { return network_.options().dt; }
  Population any_population() {
    return random_handle<Population>(dice_, network_.populations().size());
  }
  Projection any_projection() {
    return random_handle<Projection>(dice_, network_.projections().size());
  }

  void describe() {
    for (std::uint32_t i = 0; i < network_.populations().size(); ++i) {
      if (!dice_.chance(0.1)) continue;
      transcript_.attempt("sample offset", [&] {
        const double offset = network_.sample_offset({i});
        transcript_.note_values("offset", {&offset, 1});
      });
    }
  }

  void ask_for_replicas() {
    const auto ranks = static_cast<int>(dice_.odd_integer()),
               threads = static_cast<int>(dice_.odd_integer());
    transcript_.attempt("most replicas",
                        [&] { transcript_.note(most_replicas(network_, ranks, threads).reason); });
  }

  /// As many as there may be; one in a network that the simulation is going to refuse.
  [[nodiscard]] int replicas_for(int threads) const {
    try {
      return most_replicas(network_, comm_.size(), threads).replicas;
    } catch (const InvalidParameter&) {
      return 1;
    }
  }

  void start() {
    SimulationOptions options;
    const bool alone = comm_.size() == 1;
    const bool two_threads = dice_.chance(0.03), has_replicas = dice_.chance(0.1);
    if (alone && two_threads) options.threads = 2;
    if (has_replicas) options.replicas = replicas_for(options.threads);
    if (dice_.odd()) ask_for_replicas();
    if (dice_.odd()) options.threads = static_cast<int>(dice_.odd_integer());
    // Of more than one it is told how many ranks there are, which differs.
    if (dice_.odd()) options.replicas = std::min(static_cast<int>(dice_.odd_integer()), 1);
    // Only these may ask for more memory than there is.
    if (options.threads > 4) options.threads += 1024;
    transcript_.attempt("simulation", [&] { simulation_.emplace(network_, comm_, options); });
  }

  void advance() {
    Step steps = static_cast<Step>(dice_.below(70));
    if (dice_.odd()) {
      steps = dice_.one_of<Step>({-1, 0, std::numeric_limits<Step>::min()});
      if (simulation_->step() > 0) steps = std::numeric_limits<Step>::max();
    }
    if (dice_.chance(0.8)) {
      simulation_->run(steps);
    } else {
      const double time = dice_.odd() ? dice_.odd_number() : static_cast<double>(steps) * dt();
      if (!(time / dt() > 1000.0 && time / dt() < 1e16)) simulation_->run_for(time);
    }
    transcript_.ran |= simulation_->step() > 0;
    require_potentials();
  }

  /// run() ends with Diverged otherwise. Potentials are kept relative to E_L: they may be finite
  /// where their sum with a huge E_L is not.
  void require_potentials() {
    for (std::uint32_t i = 0; i < network_.populations().size(); ++i) {
      if (!std::holds_alternative<NeuronModel>(network_.populations()[i].what)) continue;
      const auto potentials = simulation_->state({i}, "V_m");
      if (std::ranges::all_of(potentials, [](double v) { return !std::isnan(v); })) continue;
      throw Fault(fmt::format("run() of {} steps has left a potential that is no number",
                              simulation_->step()));
    }
  }

  void look_at_everything() {
    for (std::uint32_t p = 0; p < network_.projections().size(); ++p) {
      const auto table = simulation_->weights({p});
      if (!std::ranges::all_of(table.weight, [](double w) { return std::isfinite(w); })) {
        throw Fault("weights() has a weight that is not finite");
      }
      transcript_.note_values("weights", table.weight);
      transcript_.note_values("sources", numbers(table.source));
      transcript_.note_values("targets", numbers(table.target));
    }
    for (std::uint32_t i = 0; i < network_.populations().size(); ++i) {
      const auto* model = std::get_if<NeuronModel>(&network_.populations()[i].what);
      if (model == nullptr) continue;
      for (const auto& [variable, unit] : recordable_variables(*model)) {
        transcript_.note_values(variable, simulation_->state({i}, variable));
      }
    }
    for (const auto population : recorded_) take_recorded(population);
  }

  void take_recorded(Population population) {
    const auto& spec = network_.at(population);
    const auto spikes = simulation_->take_spikes(population);
    transcript_.note_values("spike times", spikes.times, false);
    transcript_.note_values("spikes", numbers(spikes.neurons), false);
    if (!std::holds_alternative<NeuronModel>(spec.what)) return;
    const auto traces = simulation_->take_traces(spec.name);
    transcript_.note_values("traces", traces.values, false);
  }

  void set_weights() {
    const auto projection = any_projection();
    const auto n = simulation_->synapse_count(projection);
    std::vector<double> weights(n + (dice_.odd() ? 1 : 0));
    for (double& w : weights) w = dice_.odd() ? dice_.odd_number() : dice_.between(-3.0, 8.0);
    simulation_->set_weights(projection, weights);
  }

  void set_matrix() {
    const auto projection = any_projection();
    const auto& spec = network_.at(projection);
    const auto targets = network_.at(spec.target).size, sources = network_.at(spec.source).size;
    auto matrix = weight_matrix(simulation_->weights(projection), targets, sources);
    if (dice_.odd()) matrix.weights.resize(dice_.below(5));
    if (dice_.odd()) std::swap(matrix.targets, matrix.sources);
    for (double& w : matrix.weights) {
      if (dice_.odd())
        w = dice_.odd_number();
      else
        w *= 0.5;
    }
    simulation_->set_weights(projection, matrix);
  }

  void set_learning_rate() {
    const double eta = dice_.odd() ? dice_.odd_number() : dice_.one_of({0.0, 1e-3, 0.1});
    simulation_->set_learning_rate(
        any_projection(), eta,
        dice_.one_of({RateChange::next_interval, RateChange::running_interval}));
  }

  void append_spikes() {
    const auto population = any_population();
    const auto now = static_cast<double>(simulation_->step());
    simulation_->append_spikes(population,
                               random_trains(dice_, network_.at(population).size, now, 60.0, dt()));
  }

  void append_rates() {
    const auto generator = random_handle<RateGenerator>(dice_, network_.rate_generators().size());
    const auto now = static_cast<double>(simulation_->step() + static_cast<Step>(dice_.below(100)));
    simulation_->append_rates(
        generator,
        random_rates(dice_, network_.at(generator).rates.amplitudes.size(), now, 60.0, dt()));
  }

  void track_loss() {
    const auto population = any_population();
    LossOptions options;
    const auto steps = 1 + dice_.below(30);
    options.interval = random_time(dice_, steps, steps, dt());
    options.offset = random_time(dice_, 0, 10, dt());
    if (dice_.chance(0.5)) options.window = random_time(dice_, 1, steps, dt());
    if (dice_.chance(0.5)) simulation_->track_loss(population, options);
    if (dice_.chance(0.5)) simulation_->run(static_cast<Step>(dice_.below(60)));
    for (const auto& loss : simulation_->take_losses(population)) {
      transcript_.note_values("squared error", loss.squared_error);
      transcript_.note_values("readout", loss.readout);
    }
  }

  RecordingWindow random_window() {
    RecordingWindow window;
    if (dice_.chance(0.2)) window.start = random_time(dice_, 0, 40, dt());
    if (dice_.chance(0.2)) window.stop = random_time(dice_, 20, 80, dt());
    if (dice_.chance(0.2)) window.interval = random_time(dice_, 1, 5, dt());
    return window;
  }

  std::vector<std::uint32_t> some_neurons(std::uint32_t size) {
    std::vector<std::uint32_t> neurons;
    for (std::uint32_t i = 0; i < size; ++i) {
      if (dice_.chance(0.5)) neurons.push_back(dice_.odd() ? dice_.index(size) : i);
    }
    return neurons;
  }

  void record() {
    const auto population = any_population();
    const auto& spec = network_.at(population);
    const auto* model = std::get_if<NeuronModel>(&spec.what);
    const auto kind = dice_.below(6);
    if (kind == 0) {
      WeightRecording weights{.window = random_window()};
      if (dice_.odd()) weights.synapses = dice_.below(2);
      simulation_->record_weights(any_projection(), weights);
      return;
    }
    if (kind == 1) {
      const auto projection = any_projection();
      simulation_->record_transmissions(
          projection, {.sources = some_neurons(network_.at(network_.at(projection).source).size),
                       .window = random_window()});
      return;
    }
    if (model != nullptr && (kind < 4 || model->index() == 2)) {
      TraceRecording traces{.window = random_window()};
      for (const auto& [variable, unit] : recordable_variables(*model)) {
        if (dice_.chance(0.5)) traces.variables.push_back(variable);
      }
      if (dice_.odd()) traces.variables.emplace_back("Z_m");
      if (dice_.chance(0.3)) traces.neurons = some_neurons(spec.size);
      if (dice_.odd()) traces.name = dice_.one_of<std::string>({"a/b", "", "in0", "\n"});
      simulation_->record(population, traces);
    } else {
      simulation_->record_spikes(population, random_window());
    }
    recorded_.push_back(population);
  }

  void take() {
    if (dice_.chance(0.5)) {
      take_recorded(any_population());
      return;
    }
    const auto found = simulation_->take_transmissions(any_projection());
    transcript_.note_values("transmissions", found.times, false);
    transcript_.note_values("transmitted", found.weight, false);
  }

  void count() {
    const auto projection = any_projection();
    const auto note = [&](const char* what, std::uint64_t n) {
      transcript_.note(fmt::format("{}: {}", what, n));
    };
    note("synapses", simulation_->synapse_count(projection));
    note("at bounds", simulation_->synapses_at_bounds(projection));
    note("checksum", simulation_->network_checksum());
    note("has spiked", simulation_->has_spiked(any_population()) ? 1 : 0);
  }

  void keep_transmitted_weights() {
    const auto projection = any_projection();
    if (dice_.chance(0.8)) simulation_->keep_transmitted_weights(projection);
    transcript_.note_values("transmitted weights",
                            simulation_->transmitted_weights(projection).weight, false);
  }

  /// Saves, and goes on in another simulation of the network, or seldom of another one.
  void go_on_from_checkpoint() {
    const auto file = path("network.ckpt");
    simulation_->save_checkpoint(file, dice_.odd() ? std::string(3, '\0') : "user");
    transcript_.note("saved");
    if (dice_.chance(0.3)) return;
    if (dice_.odd()) {
      auto other = random_network(dice_, transcript_);
      if (!other) return;
      Simulation another(*other, comm_, SimulationOptions{});
      transcript_.note(another.load_checkpoint(file));
      return;
    }
    simulation_->close_output();
    has_output_ = false;
    simulation_.reset();
    recorded_.clear();
    simulation_.emplace(network_, comm_, SimulationOptions{});
    try {
      transcript_.note(simulation_->load_checkpoint(file));
    } catch (const CheckpointError& error) {
      throw Fault(fmt::format("a simulation's own checkpoint is refused: {}", error.what()));
    }
  }

  void load_weights() {
    const auto file = path(dice_.one_of<std::string>({"network.ckpt", "network.h5", "nothing"}));
    const std::vector<Projection> projections{any_projection(), any_projection()};
    const auto kind =
        transcript_.attempt("load", [&] { simulation_->load_weights(file, projections); });
    if (kind == "Diverged" || kind == "OutOfMemory") end();
  }

  void open_output() {
    simulation_->open_output(path(dice_.odd() ? "missing/network.h5" : "network.h5"),
                             {.overwrite = dice_.chance(0.9)});
    has_output_ = true;
  }

  void write_output() {
    if (!has_output_ && dice_.chance(0.9)) return;
    const auto name = dice_.one_of<std::string>({"values", "group/values", "values", "/", "a//b"});
    const std::vector<double> values(dice_.below(7), dice_.odd_number());
    if (dice_.chance(0.5)) {
      simulation_->append_output("grows", values);
    } else {
      simulation_->write_output(name, values, dice_.below(3));
    }
    simulation_->write_output_attribute(dice_.one_of<std::string>({"group", "values", "grows"}),
                                        dice_.odd() ? "" : "name", "value");
    simulation_->flush_output();
  }

  Dice& dice_;
  comm::Communicator& comm_;
  Transcript& transcript_;
  const std::filesystem::path& folder_;
  const Network& network_;
  std::optional<Simulation> simulation_;
  std::vector<Population> recorded_;
  bool has_output_ = false;
};

}  // namespace

void network_case(Case c) {
  const auto network = random_network(c.dice, c.transcript);
  if (network) Script(c, *network).run();
}

}  // namespace eprop::fuzz
