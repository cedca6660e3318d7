#include "core/known_names.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string_view>

namespace eprop::core {
namespace {

constexpr std::array<std::string_view, 7> many{
    "C_m", "E_L", "tau_m", "V_min", "kappa", "kappa_reg", "arctan_derivative"};
constexpr std::array<std::string_view, 2> few{"gradient_descent", "adam"};

std::string nearest(std::string_view name) { return unknown_name(name, many); }
std::string meant(std::string_view name) {
  return "is not known; did you mean " + std::string(name) + "?";
}

TEST(UnknownName, IsNearToAKnownOneByFewLetters) {
  EXPECT_EQ(nearest("taum"), meant("tau_m"));
  EXPECT_EQ(nearest("tua_m"), meant("tau_m"));
  EXPECT_EQ(nearest("kapa"), meant("kappa"));
  EXPECT_EQ(nearest("kapa_reg"), meant("kappa_reg"));
  EXPECT_EQ(nearest("e_l"), meant("E_L"));
}

TEST(UnknownName, IsNearToAKnownOneThatContainsIt) {
  EXPECT_EQ(nearest("arctan"), meant("arctan_derivative"));
  EXPECT_EQ(nearest("my_tau_m_values"), meant("tau_m"));
}

TEST(UnknownName, NearToNoneIsToldAllThereAre) {
  const std::string all =
      "must be one of C_m, E_L, tau_m, V_min, kappa, kappa_reg, arctan_derivative";
  EXPECT_EQ(nearest("weight"), all);
  EXPECT_EQ(nearest(""), all);
  EXPECT_EQ(nearest("x"), all);
}

TEST(UnknownName, IsToldAllThereAreIfTheyAreFew) {
  EXPECT_EQ(unknown_name("Adam", few), "must be one of gradient_descent, adam; did you mean adam?");
  EXPECT_EQ(unknown_name("rmsprop", few), "must be one of gradient_descent, adam");
  EXPECT_EQ(unknown_name("x", std::array<std::string_view, 1>{"y"}), "must be one of y");
}

TEST(UnknownName, ThatWasCalledSoBeforeIsToldItsNewName) {
  constexpr std::array former{FormerName{"tau", "tau_m", "in ms"}, FormerName{"tau", "tau_mem", ""},
                              FormerName{"leak", "E_L", ""},
                              FormerName{"flush", "", "is not needed"}};
  EXPECT_EQ(unknown_name("tau", many, former), "is called tau_m here, in ms");
  EXPECT_EQ(unknown_name("leak", many, former), "is called E_L here");
  EXPECT_EQ(unknown_name("flush", many, former), "is not needed");
  EXPECT_EQ(unknown_name("tau", std::array<std::string_view, 1>{"tau_mem"}, former),
            "is called tau_mem here");
  EXPECT_EQ(unknown_name("tau", few, former), "must be one of gradient_descent, adam");
}

}  // namespace
}  // namespace eprop::core
