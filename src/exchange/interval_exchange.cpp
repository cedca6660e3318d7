#include "exchange/interval_exchange.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

#include "eprop/comm/collectives.hpp"

namespace eprop::exchange {
namespace {

template <class T>
void write(comm::Bytes& message, std::span<const T> values) {
  const auto bytes = std::as_bytes(values);
  message.insert(message.end(), bytes.begin(), bytes.end());
}

/// Reads a message front to back; what does not fit is an error, never read.
class Reader {
 public:
  Reader(const comm::Bytes& message, int rank) : message_(message), rank_(rank) {}

  template <class T>
  std::span<const T> read(std::size_t count) {
    const std::size_t bytes = count * sizeof(T);
    if (bytes > message_.size() - position_) {
      throw comm::CommError(
          fmt::format("message of rank {}: {} bytes where {} more than {} were expected", rank_,
                      message_.size(), bytes, position_));
    }
    const auto* data = reinterpret_cast<const T*>(message_.data() + position_);
    position_ += bytes;
    return {data, count};
  }

  [[nodiscard]] std::size_t position() const { return position_; }

  void expect_end() const {
    if (position_ != message_.size()) {
      throw comm::CommError(fmt::format("message of rank {}: {} bytes, of which {} were expected",
                                        rank_, message_.size(), position_));
    }
  }

 private:
  const comm::Bytes& message_;
  std::size_t position_ = 0;
  int rank_;
};

/// In a dry run ranks ask for what this one asks of them, which may have a neuron more than it.
void drop_missing(std::vector<std::vector<std::uint32_t>>& asked, std::uint32_t neurons) {
  for (auto& sources : asked) {
    std::erase_if(sources, [&](std::uint32_t source) { return source >= neurons; });
  }
}

}  // namespace

IntervalExchange::IntervalExchange(comm::Communicator& comm, const core::Layout& layout,
                                   std::vector<SpikeChannel> spikes,
                                   std::vector<SignalChannel> signals)
    : comm_(comm), layout_(layout), spikes_(std::move(spikes)), signals_(std::move(signals)) {
  if (layout_.ranks == 1) return;
  find_routes();
  find_peers();
}

void IntervalExchange::find_routes() {
  const auto ranks = static_cast<std::size_t>(layout_.ranks);
  receives_.assign(ranks, false);
  for (auto& channel : spikes_) {
    std::vector<std::vector<std::uint32_t>> wanted(ranks);
    for (const auto source : channel.needed) {
      const int owner = layout_.rank_of(channel.size, source);
      const auto r = static_cast<std::size_t>(owner);
      wanted[r].push_back(source - layout_.of_rank(channel.size, owner).begin);
      receives_[r] = true;
    }
    channel.needed = {};
    auto asked = comm::all_to_all(comm_, wanted);
    const auto own = layout_.of_this_rank(channel.size);
    if (comm_.is_dry_run()) drop_missing(asked, own.size());
    Routes routes;
    routes.begin.assign(own.size() + std::size_t{1}, 0);
    std::vector<bool> sends(ranks, false);
    for (std::size_t r = 0; r < ranks; ++r) {
      if (static_cast<int>(r) == layout_.rank) continue;
      sends[r] = !asked[r].empty();
      for (const auto source : asked[r]) ++routes.begin[source + std::size_t{1}];
    }
    for (std::size_t i = 1; i < routes.begin.size(); ++i) routes.begin[i] += routes.begin[i - 1];
    routes.peer.resize(routes.begin.back());
    auto next = routes.begin;
    for (std::size_t r = 0; r < ranks; ++r) {
      if (!sends[r]) continue;
      for (const auto source : asked[r]) {
        routes.peer[next[source]++] = static_cast<std::uint32_t>(r);
      }
    }
    routes_.push_back(std::move(routes));
    sends_.push_back(std::move(sends));
  }
}

void IntervalExchange::find_peers() {
  const auto ranks = static_cast<std::size_t>(layout_.ranks);
  std::vector<std::uint8_t> to(ranks, 0);
  for (const auto& sends : sends_) {
    for (std::size_t r = 0; r < ranks; ++r) {
      if (sends[r]) to[r] = 1;
    }
  }
  const auto me = static_cast<std::size_t>(layout_.rank);
  for (const auto& signal : signals_) {
    const bool sends = layout_.of_this_rank(signal.size).size() > 0;
    for (std::size_t r = 0; r < ranks; ++r) {
      if (sends && signal.readers[r]) to[r] = 1;
      if (signal.readers[me] && layout_.of_rank(signal.size, static_cast<int>(r)).size() > 0) {
        receives_[r] = true;
      }
    }
  }
  to[me] = 0;
  receives_[me] = false;
  std::vector<std::uint32_t> position(ranks, 0);
  for (std::size_t r = 0; r < ranks; ++r) {
    if (to[r] != 0) {
      position[r] = static_cast<std::uint32_t>(to_.size());
      to_.push_back(static_cast<int>(r));
    }
    if (receives_[r]) from_.push_back(static_cast<int>(r));
  }
  for (auto& routes : routes_) {
    for (auto& peer : routes.peer) peer = position[peer];
  }
  out_.resize(to_.size());
  outgoing_.resize(to_.size());
  in_.resize(from_.size());
  received_.resize(from_.size());
}

void IntervalExchange::pack(Step first, Step last) {
  for (auto& message : out_) message.clear();
  for (std::size_t c = 0; c < spikes_.size(); ++c) {
    const auto begin = layout_.of_this_rank(spikes_[c].size).begin;
    for (Step t = first; t < last; ++t) {
      for (auto& sources : outgoing_) sources.clear();
      for (const auto source : spikes_[c].own->step(static_cast<std::size_t>(t - first))) {
        const auto i = source - begin;
        for (auto k = routes_[c].begin[i]; k < routes_[c].begin[i + 1]; ++k) {
          outgoing_[routes_[c].peer[k]].push_back(i);
        }
      }
      for (std::size_t p = 0; p < out_.size(); ++p) {
        const auto count = static_cast<std::uint32_t>(outgoing_[p].size());
        write(out_[p], std::span<const std::uint32_t>(&count, 1));
        write(out_[p], std::span<const std::uint32_t>(outgoing_[p]));
      }
    }
  }
  for (const auto& signal : signals_) {
    const auto own = layout_.of_this_rank(signal.size);
    for (std::size_t p = 0; p < to_.size(); ++p) {
      if (!signal.readers[static_cast<std::size_t>(to_[p])]) continue;
      for (Step t = first; t < last; ++t) {
        write(out_[p], std::span<const double>(signal.ring->row(t) + own.begin, own.size()));
      }
    }
  }
}

/// A dry run's message has the spikes that rank `from` is taken to send, or nothing. The signals
/// become those of its readouts, zeros.
void IntervalExchange::imitate_signals(comm::Bytes& message, int from, Step steps) const {
  const auto lists = spikes_.size() * static_cast<std::size_t>(steps);
  if (message.empty()) message.resize(lists * sizeof(std::uint32_t));
  Reader spikes(message, from);
  for (std::size_t i = 0; i < lists; ++i) {
    (void)spikes.read<std::uint32_t>(spikes.read<std::uint32_t>(1)[0]);
  }
  std::size_t readouts = 0;
  for (const auto& signal : signals_) {
    const bool reads = signal.readers[static_cast<std::size_t>(layout_.rank)];
    if (reads) readouts += layout_.of_rank(signal.size, from).size();
  }
  message.resize(spikes.position());
  message.resize(spikes.position() + readouts * static_cast<std::size_t>(steps) * sizeof(double));
}

void IntervalExchange::unpack(Step first, Step last) {
  for (std::size_t p = 0; p < from_.size(); ++p) {
    Reader reader(in_[p], from_[p]);
    received_[p].clear();
    for (std::size_t c = 0; c < spikes_.size(); ++c) {
      for (Step t = first; t < last; ++t) {
        const auto count = reader.read<std::uint32_t>(1)[0];
        received_[p].push_back(reader.read<std::uint32_t>(count));
      }
    }
    for (const auto& signal : signals_) {
      if (!signal.readers[static_cast<std::size_t>(layout_.rank)]) continue;
      const auto theirs = layout_.of_rank(signal.size, from_[p]);
      for (Step t = first; t < last; ++t) {
        // Counts before may leave doubles unaligned: copied as bytes.
        const auto bytes = reader.read<std::byte>(theirs.size() * sizeof(double));
        std::copy(bytes.begin(), bytes.end(),
                  reinterpret_cast<std::byte*>(signal.ring->row(t) + theirs.begin));
      }
    }
    reader.expect_end();
  }
}

std::uint64_t IntervalExchange::bytes() const {
  using core::bytes_of;
  std::uint64_t sum = 0;
  for (const auto& routes : routes_) sum += bytes_of(routes.begin) + bytes_of(routes.peer);
  for (const auto* messages : {&out_, &in_}) {
    for (const auto& message : *messages) sum += bytes_of(message);
  }
  for (const auto& sources : outgoing_) sum += bytes_of(sources);
  for (const auto& lists : received_) sum += bytes_of(lists);
  return sum;
}

void IntervalExchange::run(Step first, Step last) {
  if (layout_.ranks > 1) {
    pack(first, last);
    traffic_.messages += out_.size();
    for (const auto& message : out_) traffic_.bytes += message.size();
    comm_.exchange(to_, out_, from_, in_);
    if (comm_.is_dry_run()) {
      for (std::size_t p = 0; p < in_.size(); ++p) imitate_signals(in_[p], from_[p], last - first);
    }
    unpack(first, last);
  }
  const auto steps = static_cast<std::size_t>(last - first);
  for (std::size_t c = 0; c < spikes_.size(); ++c) {
    auto& history = *spikes_[c].history;
    for (std::size_t i = 0; i < steps; ++i) {
      const auto append = [&](std::size_t p) {
        history.append(received_[p][c * steps + i],
                       layout_.of_rank(spikes_[c].size, from_[p]).begin);
      };
      std::size_t p = 0;
      for (; p < from_.size() && from_[p] < layout_.rank; ++p) append(p);
      history.append(spikes_[c].own->step(i));
      for (; p < from_.size(); ++p) append(p);
      history.end_step();
    }
    traffic_.spikes += spikes_[c].own->sources.size();
    spikes_[c].own->clear();
  }
}

}  // namespace eprop::exchange
