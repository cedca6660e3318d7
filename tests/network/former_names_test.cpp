#include "network/former_names.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <span>
#include <string>

#include "eprop/neuron_models.hpp"
#include "network/parameters.hpp"

namespace eprop::network {
namespace {

using Table = std::map<std::string, std::string>;

/// The texts in backticks of a part of a line.
std::vector<std::string> quoted(const std::string& text) {
  static const std::regex code("`([^`]+)`");
  std::vector<std::string> found;
  for (std::sregex_iterator i(text.begin(), text.end(), code), end; i != end; ++i) {
    found.push_back((*i)[1]);
  }
  return found;
}

/// The rows "| `old`, `old` | `new` ... |" below a heading of the page of conventions: the first
/// name of the second column for each of the first, empty if it has none.
Table documented(const std::string& heading) {
  std::ifstream page(EPROP_MODEL_DOCS "/conventions.md");
  Table table;
  bool below = false;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("#")) below = line.find(heading) != std::string::npos;
    if (!below || !line.starts_with("| `")) continue;
    const auto column = line.find('|', 1);
    const auto instead = quoted(line.substr(column, line.find('|', column + 1) - column));
    for (const auto& name : quoted(line.substr(0, column))) {
      table[name] = instead.empty() ? "" : instead.front();
    }
  }
  return table;
}

Table known(std::initializer_list<std::span<const core::FormerName>> lists) {
  Table table;
  for (const auto& list : lists) {
    for (const auto& former : list) table[std::string(former.name)] = former.now;
  }
  return table;
}

TEST(FormerNames, OfParametersAndWordsAreDocumented) {
  const auto table = documented("Former names");
  EXPECT_FALSE(table.empty());
  EXPECT_EQ(table, known({former_parameters, former_surrogate_gradients, former_losses,
                          former_recordables}));
}

TEST(FormerNames, OfModelsAreDocumented) {
  const auto table = documented("For users of PyNEST");
  for (const auto& former : former_models) {
    const std::string name(former.name);
    ASSERT_TRUE(table.contains(name)) << name;
    EXPECT_NE(former.note.find(table.at(name)), std::string_view::npos) << name;
  }
}

TEST(FormerNames, LeadToNamesThatThereAre) {
  std::set<std::string_view> names;
  for (const char* model : {"eprop_iaf_adapt_bsshslm_2020", "eprop_iaf_psc_delta_adapt"}) {
    std::visit(
        [&](const auto& m) {
          visit_parameters(
              m, [&](const ParameterInfo& info, const Value&) { names.insert(info.name); });
          visit_words(m,
                      [&](std::string_view name, const auto&, const auto&) { names.insert(name); });
        },
        neuron_model(model));
  }
  for (const auto& former : former_parameters) {
    EXPECT_TRUE(former.now.empty() || names.contains(former.now)) << former.name;
    EXPECT_FALSE(names.contains(former.name)) << former.name;
  }
  const std::set<std::string_view> words(surrogate_gradient_words.begin(),
                                         surrogate_gradient_words.end());
  for (const auto& former : former_surrogate_gradients) {
    EXPECT_TRUE(words.contains(former.now)) << former.name;
  }
}

}  // namespace
}  // namespace eprop::network
