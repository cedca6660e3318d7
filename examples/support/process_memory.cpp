#include "support/process_memory.hpp"

#include <fstream>
#include <string>

namespace eprop::examples {

ProcessMemory process_memory() {
  ProcessMemory memory;
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    const auto kibibytes = [&] { return std::stoull(line.substr(line.find(':') + 1)); };
    if (line.starts_with("VmRSS:")) memory.resident = 1024 * kibibytes();
    if (line.starts_with("VmHWM:")) memory.peak = 1024 * kibibytes();
  }
  return memory;
}

}  // namespace eprop::examples
