#include "damaged_checkpoint.hpp"

#include <algorithm>
#include <boost/crc.hpp>
#include <cstring>

#include "checkpoint/snapshot.hpp"
#include "damage.hpp"
#include "files.hpp"

namespace eprop::fuzz {
namespace {

/// Where the header of a checkpoint has them (checkpoint/snapshot.cpp).
constexpr std::size_t checksum_at = 12, size_at = 16, archive_at = 24;

/// Damages the archive, and has the header fit it.
void damage_archive(Dice& dice, const std::string& path) {
  const auto whole = read_file(path);
  auto archive = whole.substr(archive_at);
  damage(dice, archive);
  boost::crc_32_type crc;
  crc.process_bytes(archive.data(), archive.size());
  const std::uint32_t checksum = crc.checksum();
  const std::uint64_t size = archive.size();
  auto header = whole.substr(0, archive_at);
  std::memcpy(&header[checksum_at], &checksum, sizeof checksum);
  std::memcpy(&header[size_at], &size, sizeof size);
  write_file(path, header + archive);
}

template <class T>
void damage_column(Dice& dice, std::map<std::string, std::vector<T>>& columns, T odd) {
  if (columns.empty()) return;
  const auto nth = [&] {
    return std::next(columns.begin(), static_cast<std::ptrdiff_t>(dice.below(columns.size())));
  };
  const auto column = nth();
  auto& values = column->second;
  switch (dice.below(8)) {
    case 0:
      columns.erase(column);
      break;
    case 1:
      values.resize(dice.below(values.size() + 1));
      break;
    case 2:
      values.insert(values.end(), 1 + dice.below(5), odd);
      break;
    case 3:
      std::swap(values, nth()->second);
      break;
    default:
      if (!values.empty()) values[dice.below(values.size())] = odd;
  }
}

void damage_snapshot(Dice& dice, const std::string& path) {
  auto snapshot = checkpoint::read(path);
  for (auto n = 1 + dice.below(3); n > 0; --n) {
    const bool is_small = dice.chance(0.5);
    if (dice.chance(0.6)) {
      const auto small = static_cast<std::int64_t>(dice.below(200)) - 20;
      damage_column(dice, snapshot.integers, is_small ? small : dice.odd_integer());
    } else {
      damage_column(dice, snapshot.numbers, dice.odd_number());
    }
  }
  if (dice.chance(0.3)) damage(dice, snapshot.user_data);
  if (dice.chance(0.05)) damage(dice, snapshot.network[dice.below(snapshot.network.size())]);
  if (dice.chance(0.05)) snapshot.tables["/spikes\n/x"] = dice.odd_integer();
  checkpoint::write(path, snapshot);
}

}  // namespace

void damage_checkpoint(Dice& dice, const std::string& path) {
  if (dice.chance(0.2)) {
    damage_archive(dice, path);
  } else {
    damage_snapshot(dice, path);
  }
}

}  // namespace eprop::fuzz
