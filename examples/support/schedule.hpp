#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace eprop::examples {

/// What an iteration serves.
enum class Phase : std::uint8_t { training, validation, test };

[[nodiscard]] std::string to_string(Phase phase);

/// How training proceeds.
struct Plan {
  std::int64_t iterations = 1;      ///< training iterations, at most
  std::int64_t validate_every = 0;  ///< training iterations between validations; 0: none
  double stop_error = 0.0;          ///< training ends once validation falls below it; 0: never
  std::int64_t stop_batches = 8;    ///< validation iterations over which it has to, on average
  std::int64_t test_iterations = 0;
};

/// The sequence of phases. After every `validate_every` training iterations comes a validation;
/// while it stays below the stop error it goes on, up to `stop_batches` iterations, and if their
/// mean error is below it too, training ends. Test iterations come last.
class Schedule {
 public:
  explicit Schedule(const Plan& plan);

  [[nodiscard]] bool finished() const { return finished_; }
  /// Of the iteration to come.
  [[nodiscard]] Phase phase() const { return phase_; }
  /// Of the iteration after that, as far as can be known before: training might end earlier.
  [[nodiscard]] Phase phase_after() const;
  /// Training iterations done.
  [[nodiscard]] std::int64_t trained() const { return trained_; }
  /// Whether the iteration to come is the last, as far as can be known before.
  [[nodiscard]] bool last() const;
  /// The iterations that will have been done if training goes on to the end.
  [[nodiscard]] std::int64_t planned() const;

  /// Takes the error (fraction of samples) of the iteration done.
  void advance(double error);

 private:
  void choose();

  Plan plan_;
  Phase phase_ = Phase::training;
  bool finished_ = false, stopped_ = false;
  std::int64_t trained_ = 0, tested_ = 0, validated_ = 0;
  std::vector<double> validation_errors_;  ///< of the validation going on
  bool validation_is_due_ = false;
};

}  // namespace eprop::examples
