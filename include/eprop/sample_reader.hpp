#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "eprop/dataset.hpp"
#include "eprop/input_encoding.hpp"

namespace eprop {

/// A sample as a network takes it in.
struct EncodedSample {
  std::size_t index;  ///< in the data set
  std::uint32_t label;
  EncodedSpikes input;
};

enum class SampleOrder : std::uint8_t {
  in_sequence,  ///< as in the data set
  shuffled      ///< every epoch in an order of its own, given by seed, size of the set and epoch
};

/// What a SampleReader reads.
struct ReaderOptions {
  std::size_t samples = 0;  ///< in all; more than the set has: epoch after epoch
  std::size_t batch = 1;    ///< samples that are read together, at least 1; the last may be fewer
  SampleOrder order = SampleOrder::shuffled;
  std::uint64_t seed = 1;         ///< of the order
  std::size_t batches_ahead = 2;  ///< finished ones that may wait to be fetched, at least 1
  std::size_t threads = 1;        ///< that read batches, at least 1; they change no result
};

/// Reads batches of samples ahead of whoever fetches them, in threads of its own. Every rank has
/// one, as every rank makes the inputs. One thread at a time may call next(); what comes out does
/// not depend on timing.
class SampleReader {
 public:
  /// Starts to read. InvalidParameter if the data set is missing, has no sample, or has other
  /// channels than the encoding, or if an option breaks its rule.
  SampleReader(std::shared_ptr<const Dataset> dataset, InputEncoding encoding,
               const ReaderOptions& options);
  SampleReader(const SampleReader&) = delete;
  SampleReader& operator=(const SampleReader&) = delete;

  /// Ends the threads after the samples in work.
  ~SampleReader();

  /// The next batch, waited for if need be; empty after the last. What the data set threw for a
  /// sample comes out in place of its batch, and again in every later call.
  [[nodiscard]] std::vector<EncodedSample> next();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace eprop
