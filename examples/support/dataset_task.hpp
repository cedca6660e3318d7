#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "eprop/sample_reader.hpp"
#include "eprop/task.hpp"
#include "support/options.hpp"

/// What the tasks share that tell the classes of a data set apart.
namespace eprop::examples {

struct DataOptions {
  std::string data = "synthetic";  ///< folder; or a set that is made up
  std::int64_t test_iterations = 5;

  [[nodiscard]] bool synthetic() const { return data == "synthetic"; }
};

/// Adds the options above to `app`; `files` describes what the folder holds.
void add_data_options(CLI::App& app, DataOptions& data, const std::string& files);

/// A word for the user if a test takes more samples than there are.
[[nodiscard]] std::vector<std::string> test_warnings(const Options& options,
                                                     const DataOptions& data, const Dataset& test);

/// Samples with a label each, and what they mean to a network.
struct LabelledInput {
  DatasetSplit dataset;
  InputEncoding encoding;
  std::vector<std::uint32_t> labels;  ///< of all samples, ascending: a readout each
};

/// Shows the samples of a data set, shuffled; the target is 1 at the readout of a sample's label, 0
/// at the others. A task that derives from it sets name and window, and builds the network.
class DatasetTask : public Task {
 public:
  std::vector<Sample> next(Phase phase) override;
  [[nodiscard]] std::vector<std::string> warnings() const override;

 protected:
  DatasetTask(const NetworkOptions& network_options, const Options& options,
              const DataOptions& data, LabelledInput input);

  [[nodiscard]] std::uint32_t inputs() const { return input_.encoding.channels.inputs(); }
  [[nodiscard]] std::uint32_t readouts() const {
    return static_cast<std::uint32_t>(input_.labels.size());
  }

 private:
  [[nodiscard]] std::unique_ptr<SampleReader> reader(const std::shared_ptr<const Dataset>& dataset,
                                                     std::int64_t iterations,
                                                     std::uint64_t seed) const;
  [[nodiscard]] Sample unlabelled(std::vector<std::vector<Step>> spikes) const;
  [[nodiscard]] Sample sample_of(EncodedSample&& encoded) const;

  LabelledInput input_;
  std::unique_ptr<SampleReader> training_, test_;
  std::size_t late_spikes_ = 0, late_samples_ = 0;
};

}  // namespace eprop::examples
