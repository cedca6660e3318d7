#include "training/identity.hpp"

#include <fmt/format.h>

#include <boost/crc.hpp>

namespace eprop::training {

std::string identity(const Task& task, const TrainingOptions& options, std::uint32_t network,
                     std::uint32_t samples) {
  const auto& plan = task.plan;
  const auto rate = [&](std::int64_t n) {
    return plan.iterations > 0 ? learning_rate(plan.learning_rate, n) : 0.0;
  };
  const auto words =
      fmt::format("{}\n{}\n{}\n{} {} {} {} {} {} {} {} {:a} {:a} {:a}", task.name,
                  options.initial_weights, options.record, network, samples, task.batch_size,
                  task.sequence, plan.iterations, plan.validate_every, plan.stop_batches,
                  plan.test_iterations, plan.stop_error, rate(0), rate(plan.iterations - 1));
  boost::crc_32_type crc;
  crc.process_bytes(words.data(), words.size());
  return fmt::format("{:08x}", crc.checksum());
}

double identity_number(const std::string& identity) {
  return static_cast<double>(std::stoul(identity, nullptr, 16));
}

}  // namespace eprop::training
