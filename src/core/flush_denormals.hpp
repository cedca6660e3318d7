#pragma once

#if defined(__SSE2__)
#include <immintrin.h>
#endif

namespace eprop::core {

/// While it lives, this thread rounds numbers below 2^-1022 to zero. Traces of long silent neurons
/// decay into that range, where processors take a hundred times as long, and mean nothing there.
class FlushDenormals {
 public:
#if defined(__SSE2__)
  FlushDenormals() : before_(_mm_getcsr()) { _mm_setcsr(before_ | flush_to_zero); }
  ~FlushDenormals() { _mm_setcsr(before_); }
#else
  FlushDenormals() = default;
#endif
  FlushDenormals(const FlushDenormals&) = delete;
  FlushDenormals& operator=(const FlushDenormals&) = delete;

 private:
#if defined(__SSE2__)
  static constexpr unsigned flush_to_zero = 0x8040;  // results and operands
  unsigned before_;
#endif
};

}  // namespace eprop::core
