#pragma once

#include <functional>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace eprop::fuzz {

/// The program has done what it must never do, whatever it was asked for.
struct Fault : std::logic_error {
  using std::logic_error::logic_error;
};

/// What a case has asked for, and what came of it, line by line: the same on every layout.
class Transcript {
 public:
  struct Line {
    std::string text;
    bool everywhere = true;  ///< false: on rank 0 alone, as other ranks get no results
  };

  void note(std::string text) { lines_.push_back({std::move(text)}); }
  /// Values to the bit; those that `everywhere` is not said of are empty on all ranks but 0.
  void note_values(std::string_view name, std::span<const double> values, bool everywhere = true);
  /// An error that the interface promises, with its kind. Fault if it says nothing.
  void note_refusal(const std::string& what, const std::string& kind, const std::string& message);

  /// Calls f(). Returns nothing if it has done so, otherwise the kind of error that it was refused
  /// with. Fault if that is none of the errors that the public headers promise.
  std::string attempt(const std::string& what, const std::function<void()>& f);

  [[nodiscard]] const std::vector<Line>& lines() const { return lines_; }
  /// Numbers of errors by kind.
  [[nodiscard]] const std::map<std::string, int>& refusals() const { return refusals_; }

  bool ran = false;  ///< whether the case has come to what it was about

 private:
  std::vector<Line> lines_;
  std::map<std::string, int> refusals_;
};

/// Throws Fault if `rank` has noted something else than it should have.
void require_equal(const Transcript& expected, const Transcript& found, int rank);

}  // namespace eprop::fuzz
