#pragma once

#include <cstdint>
#include <string_view>

namespace eprop::fuzz {

/// Says on stderr, before the process dies of it, in which case a signal, a sanitizer's finding or
/// the end of `seconds` per case has come. `again` is a command that repeats a case but for its
/// number.
void watch(unsigned seconds, std::string_view again);

/// The case that begins now, and has its seconds from now on.
void watch_case(std::uint64_t number);

}  // namespace eprop::fuzz
