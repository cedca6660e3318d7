#pragma once

#include <cstdint>

namespace eprop {

/// Discrete time: step t takes the state from t*dt to (t+1)*dt.
using Step = std::int64_t;

}  // namespace eprop
