#include "eprop/trainer.hpp"

#include <utility>

#include "training/training_run.hpp"

namespace eprop {

struct Trainer::Impl : training::TrainingRun {
  using TrainingRun::TrainingRun;
};

Trainer::Trainer(Task& task, const TrainingOptions& options, comm::Communicator& comm)
    : impl_(std::make_unique<Impl>(task, options, comm)) {}
Trainer::~Trainer() = default;
Trainer::Trainer(Trainer&&) noexcept = default;
Trainer& Trainer::operator=(Trainer&&) noexcept = default;

void Trainer::on_iteration(std::function<void(const IterationReport&)> call) {
  impl_->on_iteration = std::move(call);
}

void Trainer::on_phase(std::function<void(const PhaseReport&)> call) {
  impl_->on_phase = std::move(call);
}

void Trainer::run() { impl_->run(); }

void Trainer::stop() { impl_->stopping = true; }

void Trainer::request_checkpoint() { impl_->requests().checkpoint(); }

void Trainer::request_stop() { impl_->requests().stop(); }

bool Trainer::finished() const { return impl_->finished(); }

std::string Trainer::latest_checkpoint() const { return impl_->latest_checkpoint(); }

void Trainer::scale_learning_rate(double factor) { impl_->scale_learning_rate(factor); }

Simulation& Trainer::simulation() { return impl_->simulation(); }

std::int64_t Trainer::iterations() const { return impl_->state().iterations(); }

const std::vector<double>& Trainer::losses() const { return impl_->state().losses; }

const std::vector<double>& Trainer::errors() const { return impl_->state().errors; }

std::vector<Phase> Trainer::phases() const {
  std::vector<Phase> phases;
  for (const auto phase : impl_->state().phases) phases.push_back(static_cast<Phase>(phase));
  return phases;
}

const ReplicaChoice& Trainer::replicas() const { return impl_->replicas(); }
const std::vector<std::int64_t>& Trainer::confusion() const { return impl_->state().confusion; }

std::optional<BestIteration> Trainer::best() const {
  const auto& best = impl_->state().best;
  if (best.iteration == 0) return std::nullopt;
  return BestIteration{best.iteration, best.loss};
}

void Trainer::write_best_weights(const std::string& path, OutputOptions options) {
  impl_->write_best_weights(path, options.overwrite);
}

}  // namespace eprop
