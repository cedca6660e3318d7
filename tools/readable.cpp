#include "readable.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace eprop::tools {
namespace {

using nlohmann::ordered_json;

std::string words(std::string name) {
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

std::string value(const ordered_json& thing) {
  if (thing.is_string()) return thing.get<std::string>();
  if (thing.is_boolean()) return thing.get<bool>() ? "yes" : "no";
  if (thing.is_number_float()) return fmt::format("{}", thing.get<double>());
  return thing.dump();
}

/// "name 1, size 2"
std::string line(const ordered_json& object) {
  std::string text;
  for (const auto& [name, member] : object.items()) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", words(name), value(member));
  }
  return text;
}

void add(std::string& text, const ordered_json& object, int depth) {
  for (const auto& [name, member] : object.items()) {
    const bool is_list_of_objects = member.is_array() && !member.empty() && member[0].is_object();
    text += fmt::format("{:{}}{}:", "", 2 * depth, words(name));
    if (member.is_object()) {
      text += '\n';
      add(text, member, depth + 1);
    } else if (is_list_of_objects) {
      text += '\n';
      for (const auto& entry : member) {
        text += fmt::format("{:{}}{}\n", "", 2 * (depth + 1), line(entry));
      }
    } else {
      text += fmt::format(" {}\n", member.is_array() && member.empty() ? "none" : value(member));
    }
  }
}

}  // namespace

std::string readable(const ordered_json& object) {
  std::string text;
  add(text, object, 0);
  return text;
}

}  // namespace eprop::tools
