#include <algorithm>

#include "cases.hpp"
#include "damage.hpp"
#include "files.hpp"
#include "scenario.hpp"

namespace eprop::fuzz {
namespace {

using nlohmann::json;

/// The scenarios that tests use, cut short.
const std::vector<json>& scenarios() {
  static const auto all = [] {
    std::vector<json> found;
    std::vector<std::filesystem::path> paths;
    for (const auto& file : std::filesystem::directory_iterator(EPROP_GOLDEN_DIR)) {
      if (file.path().string().ends_with(".scenario.json")) paths.push_back(file.path());
    }
    std::ranges::sort(paths);
    for (const auto& path : paths) {
      found.push_back(scenario::read_scenario(path));
      found.back()["final_spike"] = 60.0;
    }
    return found;
  }();
  return all;
}

/// A value in a document, at any depth.
json& any_value(Dice& dice, json& document) {
  auto* value = &document;
  while (!value->empty() && (value->is_array() || value->is_object()) && !dice.chance(0.1)) {
    auto next = value->begin();
    std::advance(next, static_cast<std::ptrdiff_t>(dice.below(value->size())));
    value = &*next;
  }
  return *value;
}

json odd_json(Dice& dice) {
  switch (dice.below(8)) {
    case 0:
      return nullptr;
    case 1:
      return dice.chance(0.5);
    case 2:
      return dice.odd_integer();
    case 3:
      return json::array({dice.odd_number()});
    case 4:
      return json::object({{"n", 1}});
    case 5:
      return dice.one_of<std::string>({"", "-inf", "NaN", "x", "eprop_iaf", "adam", "1e400"});
    default:
      return dice.odd_number();
  }
}

void change_value(Dice& dice, json& scenario) {
  auto& value = any_value(dice, scenario);
  if (value.is_number() && dice.chance(0.5)) {
    value = value.get<double>() * dice.one_of({0.5, 2.0, -1.0, 1.0, 10.0});
  } else if (value.is_array() && !value.empty() && dice.chance(0.7)) {
    if (dice.chance(0.5))
      value.erase(value.size() - 1);
    else
      value.push_back(value[0]);
  } else {
    value = odd_json(dice);
  }
}

/// Whether it would take long, which is no fault.
bool is_long(const json& scenario) {
  const auto number = [&](const char* name) {
    const auto found = scenario.find(name);
    return found != scenario.end() && found->is_number() ? found->get<double>() : 0.0;
  };
  return number("final_spike") / number("dt") > 2000.0;
}

}  // namespace

void scenario_case(Case c) {
  auto scenario = c.dice.one_of(scenarios());
  const auto changes = c.dice.below(4);
  for (std::uint64_t n = 0; n < changes; ++n) change_value(c.dice, scenario);
  auto text = scenario.dump(-1, ' ', false, json::error_handler_t::replace);
  if (c.dice.chance(0.2)) damage(c.dice, text);
  const std::string path = c.folder / "scenario.json";
  if (c.comm.rank() == 0) write_file(path, text);
  c.comm.barrier();
  json read;
  if (!c.transcript.attempt("read", [&] { read = scenario::read_scenario(path); }).empty()) return;
  if (is_long(read)) return;
  c.transcript.attempt("simulate", [&] {
    const auto result = scenario::simulate(read, c.comm, 1);
    c.transcript.ran = true;
    c.transcript.note_values("spike times", result.spike_times, false);
    for (const auto& [name, rows] : result.final_weights) {
      for (const auto& row : rows) c.transcript.note_values(name, row);
    }
  });
}

}  // namespace eprop::fuzz
