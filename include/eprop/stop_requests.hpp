#pragma once

/// Signals that ask trainings for checkpoints.
namespace eprop {

/// The exit status of a program whose training a signal has stopped, for whoever is to start it
/// again: EX_TEMPFAIL of sysexits.h.
inline constexpr int stopped_exit_status = 75;

/// While it lives, signals to this process ask its trainings for checkpoints, on all ranks if they
/// reach one: SIGUSR1 for one with which training goes on; SIGTERM, SIGUSR2 and SIGINT for one with
/// which it stops, as Trainer::request_stop() does. A second SIGINT ends the process at once, with
/// exit status 130. The handlers do nothing but set a flag.
///
/// One in a process at a time: std::logic_error otherwise.
class SignalRequests {
 public:
  SignalRequests();
  SignalRequests(const SignalRequests&) = delete;
  SignalRequests& operator=(const SignalRequests&) = delete;
  /// Forgets what was asked for, and brings back what the signals did before.
  ~SignalRequests();
};

/// For a loop without a Trainer, whose ranks have to agree themselves: whether a signal has asked
/// this process to stop, and whether one has asked for a checkpoint since the last call.
[[nodiscard]] bool stop_is_requested();
[[nodiscard]] bool take_checkpoint_request();

}  // namespace eprop
