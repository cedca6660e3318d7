#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace eprop::fuzz {

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline void write_file(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

}  // namespace eprop::fuzz
