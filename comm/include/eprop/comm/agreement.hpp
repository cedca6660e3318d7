#pragma once

#include <concepts>
#include <cstdint>
#include <exception>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "eprop/comm/collectives.hpp"
#include "eprop/comm/communicator.hpp"
#include "eprop/comm/errors.hpp"

/// Ranks that agree on how something has ended: where one fails, all throw the same.
///
/// `Errors` are the types that travel between ranks, the most derived first, each made of a
/// message. An error is thrown on all ranks as the first of them that it is, with its message
/// alone: it is about what all ranks were asked for. Others become OutOfMemory or
/// std::runtime_error, with messages that begin with "DOING on rank R: ".
namespace eprop::comm {

/// How something ended on a rank.
struct Ending {
  std::uint8_t kind = 0;  ///< 0: well; else 1 + the position in Errors, out of memory, others
  std::string message;
};

template <class... Errors>
[[nodiscard]] Ending ending_with(const std::exception& error) {
  std::uint8_t kind = 0;
  if ((... || (++kind, dynamic_cast<const Errors*>(&error) != nullptr))) {
    return {kind, error.what()};
  }
  ++kind;
  if (dynamic_cast<const OutOfMemory*>(&error) != nullptr) return {kind, error.what()};
  if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr) return {kind, "out of memory"};
  return {++kind, error.what()};
}

template <class... Errors, std::invocable F>
[[nodiscard]] Ending ending_of(F&& f) {
  try {
    f();
  } catch (const std::exception& error) {
    return ending_with<Errors...>(error);
  }
  return {};
}

/// What ending_of() told of `rank`, as an exception again.
template <class... Errors>
[[noreturn]] void throw_again(const Ending& ending, std::string_view doing, int rank) {
  std::uint8_t kind = 0;
  ((++kind == ending.kind ? throw Errors(ending.message) : void()), ...);
  const auto text = std::string(doing) + " on rank " + std::to_string(rank) + ": " + ending.message;
  if (++kind == ending.kind) throw OutOfMemory(text);
  throw std::runtime_error(text);
}

/// What `make` returns. It is called on every rank; if it throws on some, all throw the error of
/// the lowest of them.
template <class... Errors, std::invocable Make>
auto agreed(Communicator& comm, std::string_view doing, Make&& make) {
  using Result = std::invoke_result_t<Make>;
  std::optional<std::conditional_t<std::is_void_v<Result>, bool, Result>> result;
  Ending mine = ending_of<Errors...>([&] {
    if constexpr (std::is_void_v<Result>) {
      make();
    } else {
      result.emplace(make());
    }
  });
  const auto kinds = all_gather(comm, mine.kind);
  for (int rank = 0; rank < comm.size(); ++rank) {
    const auto kind = kinds[static_cast<std::size_t>(rank)];
    if (kind == 0) continue;
    broadcast(comm, mine.message, rank);
    throw_again<Errors...>({kind, mine.message}, doing, rank);
  }
  if constexpr (!std::is_void_v<Result>) return std::move(*result);
}

/// Calls f() on rank 0; if it throws, all ranks do.
template <class... Errors, std::invocable F>
void on_first_rank(Communicator& comm, std::string_view doing, F&& f) {
  Ending ending;
  if (comm.rank() == 0) ending = ending_of<Errors...>(f);
  comm.broadcast(std::as_writable_bytes(std::span(&ending.kind, 1)), 0);
  if (ending.kind == 0) return;
  broadcast(comm, ending.message, 0);
  throw_again<Errors...>(ending, doing, 0);
}

}  // namespace eprop::comm
