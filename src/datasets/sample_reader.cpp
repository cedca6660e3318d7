#include "eprop/sample_reader.hpp"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <map>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

#include "core/refuse.hpp"
#include "datasets/sample_order.hpp"

namespace eprop {
namespace {

void require_positive(std::string_view parameter, std::size_t value) {
  if (value == 0) core::refuse("sample reader", parameter, value, "", "must be at least 1");
}

void check(const Dataset* dataset, const InputEncoding& encoding, const ReaderOptions& options) {
  if (dataset == nullptr) core::refuse("sample reader", "dataset", "none", "", "must be given");
  require_positive("dataset.size()", dataset->size());
  encoding.check();
  if (const auto channels = encoding.channels.channels(); channels != dataset->channels()) {
    core::refuse("sample reader", "channels of the encoding", channels, "",
                 fmt::format("must be those of the data set, {}", dataset->channels()));
  }
  require_positive("batch", options.batch);
  require_positive("batches_ahead", options.batches_ahead);
  require_positive("threads", options.threads);
}

}  // namespace

/// Threads take the batches in turn; each batch waits in a slot of its own.
class SampleReader::Impl {
 public:
  Impl(std::shared_ptr<const Dataset> dataset, InputEncoding encoding, const ReaderOptions& options)
      : dataset_(std::move(dataset)), encoding_(std::move(encoding)), options_(options) {
    check(dataset_.get(), encoding_, options_);
    order_ =
        datasets::sample_order(options.order, options.seed, dataset_->size(), 0, options.samples);
    for (std::size_t i = 0; i < options.threads; ++i) {
      threads_.emplace_back([this](const std::stop_token& stop) { work(stop); });
    }
  }

  std::vector<EncodedSample> next() {
    std::unique_lock lock(mutex_);
    if (fetched_ == batches()) return {};
    changed_.wait(lock, [this] { return finished_.contains(fetched_); });
    const auto slot = finished_.find(fetched_);
    if (slot->second.error) std::rethrow_exception(slot->second.error);
    std::vector<EncodedSample> batch = std::move(slot->second.batch);
    finished_.erase(slot);
    ++fetched_;
    changed_.notify_all();
    return batch;
  }

 private:
  /// What has become of a batch.
  struct Slot {
    std::vector<EncodedSample> batch;
    std::exception_ptr error;
  };

  [[nodiscard]] std::size_t batches() const {
    return order_.size() / options_.batch + (order_.size() % options_.batch == 0 ? 0 : 1);
  }

  void work(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    const auto has_room = [this] { return started_ < fetched_ + options_.batches_ahead; };
    while (started_ < batches() && changed_.wait(lock, stop, has_room) && started_ < batches()) {
      const std::size_t number = started_++;
      lock.unlock();
      Slot slot = read(number, stop);
      lock.lock();
      finished_.emplace(number, std::move(slot));
      changed_.notify_all();
    }
  }

  [[nodiscard]] Slot read(std::size_t number, const std::stop_token& stop) const {
    const std::size_t first = number * options_.batch;
    const std::size_t count = std::min(options_.batch, order_.size() - first);
    Slot slot;
    try {
      slot.batch.reserve(count);
      for (std::size_t i = first; i < first + count && !stop.stop_requested(); ++i) {
        const std::size_t index = order_[i];
        slot.batch.push_back({.index = index,
                              .label = dataset_->label(index),
                              .input = encoding_.encode(dataset_->spikes(index))});
      }
    } catch (...) {
      slot.error = std::current_exception();
    }
    return slot;
  }

  const std::shared_ptr<const Dataset> dataset_;
  const InputEncoding encoding_;
  const ReaderOptions options_;
  std::vector<std::size_t> order_;

  std::mutex mutex_;  ///< guards what stands below, up to the threads
  std::condition_variable_any changed_;
  std::map<std::size_t, Slot> finished_;  ///< by number of the batch
  std::size_t started_ = 0, fetched_ = 0;

  std::vector<std::jthread> threads_;  ///< last, so that they are joined before what they use goes
};

SampleReader::SampleReader(std::shared_ptr<const Dataset> dataset, InputEncoding encoding,
                           const ReaderOptions& options)
    : impl_(std::make_unique<Impl>(std::move(dataset), std::move(encoding), options)) {}

SampleReader::~SampleReader() = default;

std::vector<EncodedSample> SampleReader::next() { return impl_->next(); }

}  // namespace eprop
