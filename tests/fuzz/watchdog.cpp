#include "watchdog.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string>

// Of the sanitizers' runtime, if there is one.
// NOLINTNEXTLINE(bugprone-reserved-identifier, readability-identifier-naming): its name
extern "C" void __sanitizer_set_death_callback(void (*callback)()) __attribute__((weak));

// That of undefined behaviour has no callback that another runtime does not hide.
// NOLINTNEXTLINE(bugprone-reserved-identifier, readability-identifier-naming): its name
extern "C" const char* __ubsan_default_options() { return "abort_on_error=1"; }

namespace eprop::fuzz {
namespace {

constexpr int fatal_signals[] = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL};

std::atomic<std::uint64_t> current_case{0};
unsigned seconds_per_case = 0;
std::string repeat;  // before the first signal
struct sigaction former[NSIG];

void write_text(const char* text) {
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, text, std::strlen(text));
}

/// By functions that signal handlers may call.
void write_case(const char* what) {
  char digits[24] = {};
  std::to_chars(digits, digits + sizeof digits - 1, current_case.load());
  write_text(what);
  write_text(" in case ");
  write_text(digits);
  write_text("; again: ");
  write_text(repeat.c_str());
  write_text(digits);
  write_text("\n");
}

void on_alarm(int /*signal*/) {
  write_case("fuzz: no end");
  ::_exit(EXIT_FAILURE);
}

/// Whatever would have come of the signal comes of it after all.
void on_fatal_signal(int signal) {
  write_case("fuzz: a signal");
  ::sigaction(signal, &former[signal], nullptr);
  ::raise(signal);
}

void on_finding() { write_case("fuzz: a sanitizer's finding"); }

}  // namespace

void watch(unsigned seconds, std::string_view again) {
  seconds_per_case = seconds;
  repeat = again;
  struct sigaction action = {};
  action.sa_handler = on_alarm;
  ::sigaction(SIGALRM, &action, nullptr);
  const bool has_sanitizer = __sanitizer_set_death_callback != nullptr;
  if (has_sanitizer) __sanitizer_set_death_callback(on_finding);
  action.sa_handler = on_fatal_signal;
  for (const int signal : fatal_signals) {
    if (has_sanitizer && signal != SIGABRT) continue;  // that it tells of itself
    ::sigaction(signal, &action, &former[signal]);
  }
}

void watch_case(std::uint64_t number) {
  current_case = number;
  ::alarm(seconds_per_case);
}

}  // namespace eprop::fuzz
