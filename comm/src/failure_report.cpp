#include "failure_report.hpp"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>

namespace eprop::comm {

void print_error(const std::string& message) {
  std::fflush(stdout);
  const std::string line = "eprop: error: " + message + "\n";
  std::fwrite(line.data(), 1, line.size(), stderr);
  std::fflush(stderr);
}

void exit_failed() {
  std::fflush(stdout);
  std::fflush(stderr);
  std::_Exit(EXIT_FAILURE);
}

std::string current_exception_message() {
  try {
    throw;
  } catch (const std::exception& error) {
    const std::string message = error.what();
    return message == std::bad_alloc().what() ? "out of memory" : message;
  } catch (...) {
    return "an exception that is no std::exception";
  }
}

}  // namespace eprop::comm
