#pragma once

#include <cstdint>
#include <exception>
#include <new>
#include <string>
#include <string_view>

#include "eprop/comm/communicator.hpp"
#include "eprop/errors.hpp"

namespace eprop::engine {

/// How something ended on this rank.
struct Outcome {
  enum class Kind : std::uint8_t {
    success,
    invalid_parameter,
    output_error,
    checkpoint_error,
    out_of_memory,
    other_error
  };

  Kind kind = Kind::success;
  std::string message;
};

/// Throws the error of the lowest rank that has one, on all ranks: InvalidParameter, OutputError
/// and CheckpointError with their messages alone, since they are about what all ranks were asked
/// for; else OutOfMemory or std::runtime_error, whose messages begin with "DOING on rank R: ".
void throw_lowest_error(comm::Communicator& comm, std::string_view doing, const Outcome& mine);

/// What `make` returns. It is called on every rank; if it throws on some, throw_lowest_error().
template <class Make>
auto agreed(comm::Communicator& comm, std::string_view doing, Make make) {
  Outcome outcome;
  decltype(make()) result{};
  try {
    result = make();
  } catch (const InvalidParameter& e) {
    outcome = {Outcome::Kind::invalid_parameter, e.what()};
  } catch (const OutputError& e) {
    outcome = {Outcome::Kind::output_error, e.what()};
  } catch (const CheckpointError& e) {
    outcome = {Outcome::Kind::checkpoint_error, e.what()};
  } catch (const std::bad_alloc&) {
    outcome = {Outcome::Kind::out_of_memory, "out of memory"};
  } catch (const std::exception& e) {
    outcome = {Outcome::Kind::other_error, e.what()};
  }
  throw_lowest_error(comm, doing, outcome);
  return result;
}

}  // namespace eprop::engine
