#pragma once

#include <string>

namespace eprop::comm {

/// Writes "eprop: error: MESSAGE" to stderr in one piece, after all that was printed before.
void print_error(const std::string& message);

/// Ends the process with status 1, without destructors: other threads may still run, and libraries
/// may hold handles that need a transport which is gone.
[[noreturn]] void exit_failed();

/// The message of the exception being handled; for a catch block.
[[nodiscard]] std::string current_exception_message();

}  // namespace eprop::comm
