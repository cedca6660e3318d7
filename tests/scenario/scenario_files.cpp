#include <fmt/format.h>

#include <cmath>
#include <fstream>
#include <regex>
#include <sstream>

#include "eprop/errors.hpp"
#include "scenario.hpp"

namespace eprop::scenario {
namespace {

void write(std::ostream& out, double x) {
  // JSON has no word for these; Python's reader knows NaN and Infinity.
  out << (std::isnan(x)   ? "NaN"
          : std::isinf(x) ? (x > 0 ? "Infinity" : "-Infinity")
                          : fmt::format("{:.17g}", x));
}
void write(std::ostream& out, std::int64_t x) { out << x; }

template <class T>
void write(std::ostream& out, const std::vector<T>& values) {
  out << '[';
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) out << ", ";
    write(out, values[i]);
  }
  out << ']';
}

void write(std::ostream& out, const PopulationResult& population) {
  out << "{\"times\": ";
  write(out, population.times);
  for (const auto& [name, rows] : population.variables) {
    out << ",\n\"" << name << "\": ";
    write(out, rows);
  }
  out << '}';
}

}  // namespace

nlohmann::json read_scenario(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw InvalidParameter(fmt::format("scenario '{}': cannot be read", path));
  std::stringstream text;
  text << file.rdbuf();
  try {
    // Python writes these words, which JSON does not know, for numbers that are none.
    static const std::regex words(R"((-?Infinity|NaN)(?=\s*[,\]\}]))");
    return nlohmann::json::parse(std::regex_replace(text.str(), words, "\"$1\""));
  } catch (const nlohmann::json::exception& e) {
    throw InvalidParameter(fmt::format("scenario '{}': {}", path, e.what()));
  }
}

void write_result(const Result& result, const std::string& path) {
  std::ofstream out(path);
  out << "{\"recurrent\": [";
  for (std::size_t i = 0; i < result.recurrent.size(); ++i) {
    if (i > 0) out << ",\n";
    write(out, result.recurrent[i]);
  }
  out << "],\n\"readout\": ";
  write(out, result.readout);
  out << ",\n\"spikes\": {\"times\": ";
  write(out, result.spike_times);
  out << ", \"neurons\": ";
  write(out, result.spike_neurons);
  out << "},\n\"final_weights\": {";
  for (std::size_t i = 0; i < result.final_weights.size(); ++i) {
    if (i > 0) out << ",\n";
    out << '"' << result.final_weights[i].first << "\": ";
    write(out, result.final_weights[i].second);
  }
  out << "}}\n";
  out.flush();
  if (!out) throw OutputError(fmt::format("result '{}': cannot be written", path));
}

}  // namespace eprop::scenario
