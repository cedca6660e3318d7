#include "eprop/stop_requests.hpp"

#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <cstddef>
#include <stdexcept>

namespace eprop {
namespace {

constexpr std::array signals{SIGUSR1, SIGTERM, SIGUSR2, SIGINT};
constexpr int killed_by_interrupt = 128 + SIGINT;

// Signals may reach any thread.
std::atomic<bool> checkpoint_requested{false}, stop_requested{false}, interrupted{false},
    installed{false};
static_assert(std::atomic<bool>::is_always_lock_free, "what a signal handler may use");

std::array<struct sigaction, signals.size()> before;

void note(int signal) {
  if (signal == SIGUSR1) {
    checkpoint_requested = true;
    return;
  }
  if (signal == SIGINT && interrupted.exchange(true)) _exit(killed_by_interrupt);
  stop_requested = true;
}

}  // namespace

SignalRequests::SignalRequests() {
  if (installed.exchange(true)) throw std::logic_error("SignalRequests: there is one already");
  struct sigaction action {};
  action.sa_handler = note;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  for (std::size_t i = 0; i < signals.size(); ++i) sigaction(signals[i], &action, &before[i]);
}

SignalRequests::~SignalRequests() {
  for (std::size_t i = 0; i < signals.size(); ++i) sigaction(signals[i], &before[i], nullptr);
  checkpoint_requested = stop_requested = interrupted = installed = false;
}

bool stop_is_requested() { return stop_requested; }

bool take_checkpoint_request() { return checkpoint_requested.exchange(false); }

}  // namespace eprop
