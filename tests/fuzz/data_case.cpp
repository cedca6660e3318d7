#include <fmt/format.h>

#include <array>
#include <cmath>
#include <sstream>
#include <typeinfo>

#include "cases.hpp"
#include "damage.hpp"
#include "eprop/datasets/digits.hpp"
#include "eprop/datasets/heidelberg.hpp"
#include "eprop/errors.hpp"
#include "event_bytes.hpp"
#include "files.hpp"
#include "idx_bytes.hpp"
#include "scratch_folder.hpp"
#include "spike_file.hpp"
#include "support/handwriting_target.hpp"

namespace eprop::fuzz {
namespace {

std::string text_of(const std::vector<std::byte>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// All that a data set has, within the limits that it gives itself.
void look_through(Transcript& transcript, const Dataset& dataset) {
  for (std::size_t i = 0; i < dataset.size(); ++i) {
    if (dataset.label(i) >= dataset.classes()) throw Fault("a label beyond the classes");
    for (const auto& spike : dataset.spikes(i)) {
      if (spike.channel >= dataset.channels()) throw Fault("a channel beyond the channels");
      if (!(std::isfinite(spike.time) && spike.time >= 0)) throw Fault("a time that is none");
    }
  }
  transcript.ran = true;
}

/// Files of the Spiking Heidelberg Digits in either of the forms that HDF5 has.
const std::vector<std::string>& spike_files() {
  static const auto all = [] {
    std::vector<std::string> files;
    const testing::ScratchFolder folder;
    for (const hsize_t chunk : {0, 2}) {
      auto what = testing::small_spike_file();
      what.chunk = chunk;
      testing::write_spike_file(folder.path() / "whole.h5", what);
      files.push_back(read_file(folder.path() / "whole.h5"));
    }
    return files;
  }();
  return all;
}

void read_spike_file(Case& c) {
  auto bytes = c.dice.one_of(spike_files());
  damage(c.dice, bytes);
  const auto path = c.folder / "damaged.h5";
  write_file(path, bytes);
  c.transcript.attempt("spike file", [&] {
    look_through(c.transcript, *datasets::read_heidelberg_file(path, datasets::shd_classes));
  });
}

void read_digits(Case& c) {
  std::vector<std::uint8_t> pixels(std::size_t{2} * 28 * 28);
  for (auto& pixel : pixels) pixel = static_cast<std::uint8_t>(c.dice.below(256));
  const std::array<std::uint8_t, 2> labels{3, 7};
  std::array files{
      std::pair{"train-images-idx3-ubyte", text_of(testing::idx_bytes({2, 28, 28}, pixels))},
      std::pair{"train-labels-idx1-ubyte", text_of(testing::idx_bytes({2}, labels))},
      std::pair{"t10k-images-idx3-ubyte", text_of(testing::idx_bytes({2, 28, 28}, pixels))},
      std::pair{"t10k-labels-idx1-ubyte", text_of(testing::idx_bytes({2}, labels))}};
  auto& damaged = files[c.dice.below(files.size())].second;
  // Where it says what it holds.
  auto begin = damaged.substr(0, 16);
  damage(c.dice, begin);
  damaged.replace(0, 16, begin);
  for (const auto& [name, bytes] : files) write_file(c.folder / name, bytes);
  c.transcript.attempt("IDX files", [&] {
    look_through(c.transcript, *datasets::read_digits(c.folder, 1).training);
  });
}

void read_events(Case& c) {
  for (const char* set : {"Train", "Test"}) {
    for (const char* digit : {"0", "1"}) {
      std::vector<datasets::Event> events(c.dice.below(20));
      for (auto& event : events) {
        event.x = static_cast<std::uint8_t>(c.dice.below(34));
        event.y = static_cast<std::uint8_t>(c.dice.below(34));
        event.time_us = static_cast<std::uint32_t>(c.dice.below(300000));
      }
      auto bytes = text_of(testing::bytes_of(events));
      if (c.dice.chance(0.3)) damage(c.dice, bytes);
      std::filesystem::create_directories(c.folder / set / digit);
      write_file(c.folder / set / digit / "00001.bin", bytes);
    }
  }
  c.transcript.attempt("N-MNIST", [&] {
    static_cast<void>(datasets::check_digits(c.folder, {0, 1}));
    look_through(c.transcript, *datasets::read_digits(c.folder, 1, {0, 1}).training);
  });
}

void read_strokes(Case& c) {
  std::string text = "# pen\n";
  for (auto n = c.dice.below(10); n > 0; --n) {
    text += fmt::format("{} {}\n", c.dice.odd() ? c.dice.odd_number() : c.dice.between(-3.0, 3.0),
                        c.dice.between(-3.0, 3.0));
  }
  if (c.dice.chance(0.5)) damage(c.dice, text);
  try {
    std::istringstream stream(text);
    const auto target = examples::handwriting_target(examples::read_strokes(stream, "strokes"), 3);
    for (const double x : target.x) {
      if (!std::isfinite(x)) throw Fault("a stroke file has led to a target that is not finite");
    }
    c.transcript.ran = true;
  } catch (const Fault&) {
    throw;
  } catch (const std::exception& error) {
    const bool promised = typeid(error) == typeid(std::runtime_error) ||
                          typeid(error) == typeid(std::invalid_argument);
    if (!promised) throw;
    c.transcript.note_refusal("strokes", "runtime_error", error.what());
  }
}

}  // namespace

void data_case(Case c) {
  switch (c.dice.below(4)) {
    case 0:
      return read_spike_file(c);
    case 1:
      return read_digits(c);
    case 2:
      return read_events(c);
    default:
      return read_strokes(c);
  }
}

}  // namespace eprop::fuzz
