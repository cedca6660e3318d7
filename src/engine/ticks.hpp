#pragma once

#include <chrono>
#include <cstdint>

namespace eprop::engine {

/// A clock that takes little to read; its unit is a nanosecond or, on x86, some 0.4 of one.
inline std::uint64_t ticks() {
#if defined(__x86_64__)
  return __builtin_ia32_rdtsc();
#else
  return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
#endif
}

}  // namespace eprop::engine
