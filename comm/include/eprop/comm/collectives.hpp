#pragma once

#include <cstring>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "eprop/comm/communicator.hpp"
#include "eprop/comm/errors.hpp"

/// Typed operations over a Communicator, for trivially copyable element types.
namespace eprop::comm {

template <class T>
concept Wire = std::is_trivially_copyable_v<T>;

/// The elements of a message; throws CommError if its size is no multiple of sizeof(T).
template <Wire T>
[[nodiscard]] std::vector<T> unpack(const Bytes& bytes) {
  if (bytes.size() % sizeof(T) != 0) {
    throw CommError("message of " + std::to_string(bytes.size()) +
                    " bytes does not hold whole elements of " + std::to_string(sizeof(T)) +
                    " bytes");
  }
  std::vector<T> values(bytes.size() / sizeof(T));
  if (!bytes.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
  return values;
}

template <Wire T>
[[nodiscard]] Bytes pack(std::span<const T> values) {
  const auto bytes = std::as_bytes(values);
  return {bytes.begin(), bytes.end()};
}

/// The value of every rank, in rank order.
template <Wire T>
[[nodiscard]] std::vector<T> all_gather(Communicator& comm, const T& mine) {
  std::vector<T> all(static_cast<std::size_t>(comm.size()));
  comm.all_gather(std::as_bytes(std::span(&mine, 1)), std::as_writable_bytes(std::span(all)));
  return all;
}

/// A rank's part of something that all ranks have parts of, in rank order.
struct Share {
  std::size_t all = 0;    ///< over all ranks
  std::size_t first = 0;  ///< what the ranks before this one have
  std::size_t own = 0;
};

[[nodiscard]] inline Share share_of(Communicator& comm, std::size_t own) {
  Share share{0, 0, own};
  const auto counts = all_gather(comm, own);
  for (std::size_t r = 0; r < counts.size(); ++r) {
    if (static_cast<int>(r) < comm.rank()) share.first += counts[r];
    share.all += counts[r];
  }
  return share;
}

/// Per rank what it passed; empty on all ranks but root.
template <Wire T>
[[nodiscard]] std::vector<std::vector<T>> gather(Communicator& comm, const std::vector<T>& mine,
                                                 int root) {
  std::vector<std::vector<T>> all;
  for (const Bytes& bytes : comm.gather(std::as_bytes(std::span(mine)), root)) {
    all.push_back(unpack<T>(bytes));
  }
  return all;
}

/// What all ranks passed, concatenated in rank order; empty on all ranks but root.
template <Wire T>
[[nodiscard]] std::vector<T> gather_all(Communicator& comm, const std::vector<T>& mine, int root) {
  std::vector<T> all;
  for (const auto& part : gather(comm, mine, root)) all.insert(all.end(), part.begin(), part.end());
  return all;
}

/// to[r] goes to rank r; returns per rank what it sent here.
template <Wire T>
[[nodiscard]] std::vector<std::vector<T>> all_to_all(Communicator& comm,
                                                     const std::vector<std::vector<T>>& to) {
  std::vector<Bytes> out;
  out.reserve(to.size());
  for (const auto& values : to) out.push_back(pack<T>(std::span<const T>(values)));
  std::vector<std::vector<T>> in;
  for (const Bytes& bytes : comm.all_to_all(out)) in.push_back(unpack<T>(bytes));
  return in;
}

/// Gives every rank root's value and size of `values`.
template <Wire T>
void broadcast(Communicator& comm, std::vector<T>& values, int root) {
  std::size_t n = values.size();
  comm.broadcast(std::as_writable_bytes(std::span(&n, 1)), root);
  values.resize(n);
  if (n > 0) comm.broadcast(std::as_writable_bytes(std::span(values)), root);
}

/// The same for text.
inline void broadcast(Communicator& comm, std::string& text, int root) {
  std::vector<char> characters(text.begin(), text.end());
  broadcast(comm, characters, root);
  text.assign(characters.begin(), characters.end());
}

/// What all ranks passed, concatenated in rank order, on every rank.
template <Wire T>
[[nodiscard]] std::vector<T> all_gather_all(Communicator& comm, const std::vector<T>& mine) {
  auto all = gather_all(comm, mine, 0);
  broadcast(comm, all, 0);
  return all;
}

}  // namespace eprop::comm
