#include "engine/agreed.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "eprop/comm/collectives.hpp"

namespace eprop::engine {
namespace {

[[noreturn]] void throw_error(Outcome::Kind kind, const std::string& where,
                              const std::string& message) {
  using Kind = Outcome::Kind;
  if (kind == Kind::invalid_parameter) throw InvalidParameter(message);
  if (kind == Kind::output_error) throw OutputError(message);
  if (kind == Kind::checkpoint_error) throw CheckpointError(message);
  const auto text = fmt::format("{}: {}", where, message);
  if (kind == Kind::out_of_memory) throw OutOfMemory(text);
  throw std::runtime_error(text);
}

}  // namespace

void throw_lowest_error(comm::Communicator& comm, std::string_view doing, const Outcome& mine) {
  const auto kinds = comm::all_gather(comm, mine.kind);
  for (std::size_t r = 0; r < kinds.size(); ++r) {
    if (kinds[r] == Outcome::Kind::success) continue;
    std::string text = mine.message;
    comm::broadcast(comm, text, static_cast<int>(r));
    throw_error(kinds[r], fmt::format("{} on rank {}", doing, r), text);
  }
}

}  // namespace eprop::engine
