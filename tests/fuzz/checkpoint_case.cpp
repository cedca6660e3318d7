#include "cases.hpp"
#include "damaged_checkpoint.hpp"
#include "eprop/simulation.hpp"
#include "random_network.hpp"

namespace eprop::fuzz {
namespace {

/// Simulates a little, so that there is something to save. Empty if that was refused.
bool save(Case& c, const Network& network, const std::string& path) {
  const auto kind = c.transcript.attempt("save", [&] {
    Simulation simulation(network, c.comm, SimulationOptions{});
    for (std::uint32_t i = 0; i < network.populations().size(); ++i) {
      if (!c.dice.chance(0.5)) continue;
      c.transcript.attempt(
          "track", [&] { simulation.track_loss({i}, {.interval = 7.0 * network.options().dt}); });
    }
    simulation.run(static_cast<Step>(c.dice.below(80)));
    while (!simulation.checkpoint_is_possible()) simulation.run(1);
    simulation.save_checkpoint(path);
  });
  return kind.empty();
}

void load(Case& c, const Network& network, const std::string& path) {
  c.transcript.attempt("read", [&] { static_cast<void>(read_user_data(path)); });
  c.transcript.attempt("load", [&] {
    Simulation simulation(network, c.comm, SimulationOptions{});
    c.transcript.note(simulation.load_checkpoint(path));
    c.transcript.ran = true;
    simulation.run(static_cast<Step>(c.dice.below(80)));
    for (std::uint32_t p = 0; p < network.projections().size(); ++p) {
      c.transcript.note_values("weights", simulation.weights({p}).weight);
    }
    while (!simulation.checkpoint_is_possible()) simulation.run(1);
    simulation.save_checkpoint(path);
  });
  c.transcript.attempt("load weights", [&] {
    Simulation simulation(network, c.comm, SimulationOptions{});
    std::vector<Projection> all;
    for (std::uint32_t p = 0; p < network.projections().size(); ++p) all.push_back({p});
    simulation.load_weights(path, all);
  });
}

}  // namespace

void checkpoint_case(Case c) {
  const auto network = random_network(c.dice, c.transcript);
  const std::string path = c.folder / "damaged.ckpt";
  if (!network || !save(c, *network, path)) return;
  Dice damages(c.dice.word(), 0);
  if (c.comm.rank() == 0) damage_checkpoint(damages, path);
  c.comm.barrier();
  load(c, *network, path);
}

}  // namespace eprop::fuzz
