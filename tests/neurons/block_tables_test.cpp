#include <gtest/gtest.h>

#include <string>

#include "every_model.hpp"
#include "network/model_traits.hpp"
#include "neurons/readout_block.hpp"
#include "neurons/recurrent_block.hpp"

namespace eprop::neurons {
namespace {

/// Gives all columns of the state another number and expects reset() to set those with a reset
/// value to it, and no others.
template <class State, class Block>
void expect_reset(Block& block, std::span<const StateColumn<State>> table) {
  for (const auto& column : table) {
    for (double& value : block.*column.member) value = 3.5;
  }
  block.reset();
  for (const auto& column : table) {
    for (const double value : block.*column.member) {
      EXPECT_EQ(value, column.reset.value_or(3.5)) << column.name;
    }
  }
}

TEST(BlockTables, ResetSetsTheColumnsThatHaveAResetValue) {
  for (const auto& model : testing::every_model()) {
    SCOPED_TRACE(network::name(model));
    if (network::is_readout(model)) {
      ReadoutBlock block(model, 0, {0, 3}, 1.0, 1);
      expect_reset<ReadoutColumns>(block, readout_state);
    } else {
      RecurrentBlock block(model, 0, {0, 3}, 1.0, 1);
      expect_reset<RecurrentColumns>(block, recurrent_state);
    }
  }
}

TEST(BlockTables, ResetSetsPotentialsSpikesRefractorinessAndAdaptationToZero) {
  RecurrentBlock block(EpropIafAdaptBsshslm2020{}, 0, {0, 1}, 1.0, 1);
  for (auto* column : {&block.v, &block.z, &block.refractory, &block.a, &block.current}) {
    (*column)[0] = 2.0;
  }
  block.reset();
  EXPECT_EQ(block.v[0] + block.z[0] + block.refractory[0] + block.a[0], 0.0);
  EXPECT_EQ(block.current[0], 2.0);
}

}  // namespace
}  // namespace eprop::neurons
