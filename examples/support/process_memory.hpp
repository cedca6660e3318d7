#pragma once

#include <cstdint>

namespace eprop::examples {

/// Memory of this process, in bytes, as Linux counts it in /proc/self/status; 0 elsewhere.
struct ProcessMemory {
  std::uint64_t resident = 0;
  std::uint64_t peak = 0;  ///< the most there was
};

[[nodiscard]] ProcessMemory process_memory();

}  // namespace eprop::examples
