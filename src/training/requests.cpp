#include "training/requests.hpp"

#include <chrono>
#include <cstdint>
#include <utility>

#include "eprop/comm/collectives.hpp"
#include "eprop/stop_requests.hpp"

namespace eprop::training {

Requests::Requests(double checkpoint_minutes, comm::Communicator& comm, Clock clock)
    : comm_(comm),
      interval_(60.0 * checkpoint_minutes),
      clock_(std::move(clock)),
      written_at_(clock_()) {}

Step Requests::agree(Step stretch) {
  struct Note {
    Step stretch;
    std::uint32_t checkpoint, stop;  // 1: asked for
  };
  if (take_checkpoint_request()) asked_checkpoint_ = true;
  const bool time_has_come =
      comm_.rank() == 0 && interval_ > 0.0 && clock_() - written_at_ >= interval_;
  const bool checkpoint = asked_checkpoint_.exchange(false) || time_has_come;
  const bool stop = asked_stop_ || stop_is_requested();
  const auto notes = comm::all_gather(comm_, Note{stretch, checkpoint ? 1U : 0U, stop ? 1U : 0U});
  for (const auto& note : notes) {
    checkpoint_is_due_ = checkpoint_is_due_ || note.checkpoint != 0;
    stop_is_due_ = stop_is_due_ || note.stop != 0;
  }
  return notes.front().stretch;
}

void Requests::note_checkpoint() {
  checkpoint_is_due_ = false;
  written_at_ = clock_();
}

double Requests::steady_seconds() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double>(now).count();
}

}  // namespace eprop::training
