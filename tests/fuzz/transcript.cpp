#include "transcript.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/crc.hpp>
#include <typeinfo>

#include "eprop/errors.hpp"

namespace eprop::fuzz {
namespace {

/// The kind of an error that users may expect; empty for others.
std::string kind_of(const std::exception& error) {
  const auto is = [&]<class E>(const E*) { return dynamic_cast<const E*>(&error) != nullptr; };
  if (is(static_cast<const InvalidParameter*>(nullptr))) return "InvalidParameter";
  if (is(static_cast<const Diverged*>(nullptr))) return "Diverged";
  if (is(static_cast<const OutOfMemory*>(nullptr))) return "OutOfMemory";
  if (is(static_cast<const DamagedOutput*>(nullptr))) return "DamagedOutput";
  if (is(static_cast<const OutputError*>(nullptr))) return "OutputError";
  if (is(static_cast<const DamagedCheckpoint*>(nullptr))) return "DamagedCheckpoint";
  if (is(static_cast<const CheckpointError*>(nullptr))) return "CheckpointError";
  if (is(static_cast<const DatasetError*>(nullptr))) return "DatasetError";
  return "";
}

/// THING: PARAMETER = VALUE: RULE (core/refuse.hpp), or what the JSON library says of a scenario.
bool names_value(const std::string& message) {
  if (message.starts_with("scenario")) return true;
  const auto value = message.find(" = ", message.find(": "));
  return value != std::string::npos && message.find(": ", value) != std::string::npos;
}

}  // namespace

void Transcript::note_values(std::string_view name, std::span<const double> values,
                             bool everywhere) {
  boost::crc_32_type crc;
  crc.process_bytes(values.data(), values.size_bytes());
  lines_.push_back(
      {fmt::format("{}: {} values, {:08x}", name, values.size(), crc.checksum()), everywhere});
}

void Transcript::note_refusal(const std::string& what, const std::string& kind,
                              const std::string& message) {
  if (message.empty()) throw Fault(fmt::format("{}: {} without a message", what, kind));
  if (kind == "InvalidParameter" && !names_value(message)) {
    throw Fault(fmt::format("{}: {} does not name thing, value and rule: {}", what, kind, message));
  }
  ++refusals_[kind];
  // Memory is missed by one rank or another.
  note(fmt::format("{}: {}: {}", what, kind, kind == "OutOfMemory" ? "" : message));
}

std::string Transcript::attempt(const std::string& what, const std::function<void()>& f) {
  try {
    f();
    note(what + ": done");
    return "";
  } catch (const Fault&) {
    throw;
  } catch (const std::exception& error) {
    auto kind = kind_of(error);
    if (kind.empty()) {
      throw Fault(fmt::format("{}: {}: {}", what, typeid(error).name(), error.what()));
    }
    note_refusal(what, kind, error.what());
    return kind;
  }
}

void require_equal(const Transcript& expected, const Transcript& found, int rank) {
  const auto &a = expected.lines(), &b = found.lines();
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    if (a[i].text == b[i].text || (rank > 0 && !a[i].everywhere)) continue;
    throw Fault(fmt::format("line {} is '{}' on rank {}, not '{}' as on one rank alone", i + 1,
                            b[i].text, rank, a[i].text));
  }
  if (a.size() != b.size()) {
    throw Fault(
        fmt::format("{} lines on rank {}, not {} as on one rank alone", b.size(), rank, a.size()));
  }
}

}  // namespace eprop::fuzz
