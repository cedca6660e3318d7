#include "eprop/learning_rate_schedule.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/refuse.hpp"

namespace eprop {
namespace {

constexpr auto thing = "learning rate schedule";

double checked_rate(const char* parameter, double rate) {
  if (!(std::isfinite(rate) && rate >= 0.0)) {
    core::refuse(thing, parameter, rate, "", "must be >= 0 and finite");
  }
  return rate;
}

void check_floor(double floor, double eta) {
  if (checked_rate("floor", floor) > eta) {
    core::refuse(thing, "floor", floor, "", fmt::format("must be at most eta = {}", eta));
  }
}

void check_factor(const char* parameter, double factor) {
  if (!(factor > 0.0 && factor <= 1.0)) {
    core::refuse(thing, parameter, factor, "", "must be above 0 and at most 1");
  }
}

void check_iterations(const char* parameter, std::int64_t iterations, std::int64_t least) {
  if (iterations < least) {
    core::refuse(thing, parameter, iterations, "iterations", fmt::format("must be >= {}", least));
  }
}

double rate_of(const ConstantLearningRate& rate, std::int64_t) {
  return checked_rate("eta", rate.eta);
}

double rate_of(const StepLearningRate& rate, std::int64_t n) {
  check_floor(rate.floor, checked_rate("eta", rate.eta));
  check_factor("factor", rate.factor);
  check_iterations("every", rate.every, 1);
  const std::int64_t steps = n / rate.every;
  return std::max(rate.floor, rate.eta * std::pow(rate.factor, static_cast<double>(steps)));
}

double rate_of(const ExponentialLearningRate& rate, std::int64_t n) {
  check_floor(rate.floor, checked_rate("eta", rate.eta));
  check_factor("decay", rate.decay);
  return std::max(rate.floor, rate.eta * std::pow(rate.decay, static_cast<double>(n)));
}

double rate_of(const CosineLearningRate& rate, std::int64_t n) {
  check_floor(rate.floor, checked_rate("eta", rate.eta));
  check_iterations("iterations", rate.iterations, 1);
  if (n >= rate.iterations) return rate.floor;
  const double part = static_cast<double>(n) / static_cast<double>(rate.iterations);
  return rate.floor + (rate.eta - rate.floor) * (1.0 + std::cos(std::numbers::pi * part)) / 2.0;
}

double rate_of(const LearningRateFunction& rate, std::int64_t n) {
  if (!rate) core::refuse(thing, "function", "none", "", "must be one that can be called");
  return checked_rate("value of the function", rate(n));
}

}  // namespace

double learning_rate(const LearningRateSchedule& schedule, std::int64_t n) {
  check_iterations("warm_up", schedule.warm_up, 0);
  const auto since = std::max<std::int64_t>(0, n - schedule.warm_up);
  const double rate = std::visit([&](const auto& r) { return rate_of(r, since); }, schedule.rate);
  if (n >= schedule.warm_up) return rate;
  const auto after = [](std::int64_t iterations) { return static_cast<double>(iterations) + 1.0; };
  return rate * after(n) / after(schedule.warm_up);
}

}  // namespace eprop
