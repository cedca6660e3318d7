#include "network/optimizers.hpp"

#include <gtest/gtest.h>

#include <set>

#include "refusal.hpp"

namespace eprop::network {

TEST(Optimizers, HaveNamesOfTheirOwn) {
  std::set<std::string_view> names;
  for (const auto& optimizer : all_optimizers()) names.insert(name(optimizer));
  EXPECT_EQ(names.size(), std::variant_size_v<Optimizer>);
}

TEST(Optimizers, HaveDefaultsThatKeepTheRules) {
  for (const auto& optimizer : all_optimizers()) EXPECT_NO_THROW(check_optimizer("it", optimizer));
}

// Checkpoints of networks that differ must not be taken for one another.
TEST(OptimizerWords, DifferWithEveryParameterButEta) {
  for (const auto& optimizer : all_optimizers()) {
    std::set<std::string> different{words(optimizer)};
    std::visit(
        [&](const auto& o) {
          auto changed = o;
          std::size_t parameters = 0;
          visit_optimizer_parameters(changed, [&](const OptimizerParameter& p, auto& field) {
            const auto before = field;
            field += 1;
            different.insert(words(changed));
            EXPECT_EQ(different.size(), p.name == "eta" ? parameters + 1 : ++parameters + 1)
                << name(optimizer) << ": " << p.name;
            field = before;
          });
        },
        optimizer);
  }
}

TEST(OptimizerWords, AreThoseOfCheckpoints) {
  EXPECT_EQ(words(GradientDescent{.batch_size = 3, .Wmax = 5.5}),
            "gradient descent in batches of 3, weights in [-100, 5.5] pA");
  EXPECT_EQ(words(Adam{}), "adam(0.9, 0.999, 1e-07) in batches of 1, weights in [-100, 100] pA");
  EXPECT_EQ(words(RmsProp{}), "rmsprop(0.9, 1e-07) in batches of 1, weights in [-100, 100] pA");
  EXPECT_EQ(words(Momentum{}), "momentum(0.9) in batches of 1, weights in [-100, 100] pA");
  EXPECT_EQ(words(AdamW{}),
            "adamw(0.9, 0.999, 1e-07, 0.01) in batches of 1, weights in [-100, 100] pA");
}

TEST(OptimizerRules, OfAdamWAreChecked) {
  const auto with = [](double epsilon, double weight_decay) {
    AdamW optimizer;
    optimizer.epsilon = epsilon;
    optimizer.weight_decay = weight_decay;
    return testing::refusal([&] { check_optimizer("it", optimizer); });
  };
  EXPECT_EQ(with(0.0, 0.0), "");
  EXPECT_EQ(with(-1.0, 0.0), "it: epsilon = -1: must be >= 0 and finite");
  EXPECT_EQ(with(0.0, -0.1), "it: weight_decay = -0.1: must be >= 0 and finite");
}

TEST(OptimizerRules, OfMomentumAreChecked) {
  const auto with = [](double mu) {
    return testing::refusal([&] { check_optimizer("it", Momentum{{}, mu}); });
  };
  EXPECT_EQ(with(0.0), "");
  EXPECT_EQ(with(1.0), "it: mu = 1: must be in [0, 1)");
  EXPECT_EQ(with(-0.5), "it: mu = -0.5: must be in [0, 1)");
}

TEST(OptimizerRules, OfRmsPropAreChecked) {
  const auto with = [](double rho, double epsilon) {
    return testing::refusal([&] { check_optimizer("it", RmsProp{{}, rho, epsilon}); });
  };
  EXPECT_EQ(with(0.0, 1e-9), "");
  EXPECT_EQ(with(1.0, 1e-9), "it: rho = 1: must be in [0, 1)");
  EXPECT_EQ(with(0.9, 0.0), "it: epsilon = 0: must be > 0 and finite");
}

}  // namespace eprop::network
