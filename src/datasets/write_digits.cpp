#include <fmt/format.h>

#include <cmath>
#include <fstream>
#include <span>

#include "datasets/event_file.hpp"
#include "eprop/datasets/digits.hpp"
#include "eprop/errors.hpp"

namespace eprop::datasets {
namespace {

Event event_of(const ChannelSpike& spike) {
  constexpr std::uint32_t pixels = sensor_size * sensor_size;
  const auto pixel = spike.channel % pixels;
  return {.x = static_cast<std::uint8_t>(pixel % sensor_size),
          .y = static_cast<std::uint8_t>(pixel / sensor_size),
          .on = spike.channel >= pixels,
          .time_us = static_cast<std::uint32_t>(std::lround(spike.time * 1000.0))};
}

[[noreturn]] void refuse_to_write(const std::filesystem::path& path, const std::string& problem) {
  throw DatasetError(fmt::format("'{}': {}", path.string(), problem));
}

void write_file(const std::filesystem::path& path, std::span<const ChannelSpike> spikes) {
  std::vector<Event> events;
  for (const auto& spike : spikes) events.push_back(event_of(spike));
  const auto bytes = event_bytes(events);
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
  if (!file.flush()) refuse_to_write(path, "cannot be written");
}

}  // namespace

void write_digits(const Dataset& digits, std::size_t samples, const std::filesystem::path& folder) {
  if (digits.channels() != event_channels) {
    throw InvalidParameter(fmt::format("digits to write: channels = {}: must be {}",
                                       digits.channels(), event_channels));
  }
  std::error_code error;
  if (std::filesystem::exists(folder, error) && !std::filesystem::is_empty(folder, error)) {
    refuse_to_write(folder, "must not exist yet, or be an empty folder");
  }
  for (std::size_t i = 0; i < samples; ++i) {
    const auto label_folder = folder / std::to_string(digits.label(i));
    std::filesystem::create_directories(label_folder, error);
    if (error) refuse_to_write(label_folder, "cannot be created: " + error.message());
    write_file(label_folder / fmt::format("{:05}.bin", i + 1), digits.spikes(i));
  }
}

}  // namespace eprop::datasets
