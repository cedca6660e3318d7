#include "network_info.hpp"

#include <regex>

namespace eprop::tools {

using nlohmann::ordered_json;

ordered_json network_info(const std::vector<std::string>& description) {
  static const std::regex options("network: dt (.*) ms, seed (.*), update interval .*");
  static const std::regex population("population '(.*)': ([0-9]+) (.*)");
  static const std::regex projection(
      "projection '(.*)': from '(.*)' to '(.*)', ([0-9]+) synapses with checksum [0-9a-f]+, (.*)");
  auto network = ordered_json::object();
  auto populations = ordered_json::array(), projections = ordered_json::array();
  for (const auto& line : description) {
    std::smatch found;
    const auto number = [&](std::size_t i) { return std::stoull(found[i].str()); };
    if (std::regex_match(line, found, options)) {
      network["dt_ms"] = std::stod(found[1].str());
      network["seed"] = number(2);
    } else if (std::regex_match(line, found, population)) {
      populations.push_back(
          {{"name", found[1].str()}, {"size", number(2)}, {"model", found[3].str()}});
    } else if (std::regex_match(line, found, projection)) {
      projections.push_back({{"name", found[1].str()},
                             {"source", found[2].str()},
                             {"target", found[3].str()},
                             {"synapses", number(4)},
                             {"model", found[5].str()}});
    }
  }
  network["populations"] = std::move(populations);
  network["projections"] = std::move(projections);
  return network;
}

}  // namespace eprop::tools
