#include "recording/lock_owner.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string_view>

namespace eprop::recording {
namespace {

using Member = std::string LockOwner::*;

constexpr std::array<std::pair<std::string_view, Member>, 8> lines{{
    {"host", &LockOwner::host},
    {"boot", &LockOwner::boot},
    {"space", &LockOwner::space},
    {"pid", &LockOwner::pid},
    {"start", &LockOwner::start},
    {"job", &LockOwner::job},
    {"restart", &LockOwner::restart},
    {"since", &LockOwner::since},
}};

std::string first_line(const std::string& path) {
  std::string line;
  std::ifstream file(path);
  std::getline(file, line);
  return line;
}

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

/// When a process of this machine started, in clock ticks; empty if that cannot be read, "ended" if
/// it is over and only waits for its parent to notice. The fields of /proc/PID/stat follow the
/// program's name in parentheses, which may hold anything (man 5 proc).
std::string start_of(const std::string& pid) {
  constexpr int field_of_state = 3, field_of_start = 22;
  const auto stat = first_line("/proc/" + pid + "/stat");
  const auto name_end = stat.rfind(')');
  if (name_end == std::string::npos) return "";
  std::istringstream fields(stat.substr(name_end + 1));
  std::string field, state;
  for (int i = field_of_state; i <= field_of_start; ++i) {
    fields >> field;
    if (i == field_of_state) state = field;
  }
  return state == "Z" || state == "X" ? "ended" : field;
}

/// Processes of other users may be hidden in /proc (hidepid), where they have no start to be read.
bool has_ended(const std::string& pid, const std::string& start) {
  const auto now = start_of(pid);
  if (!now.empty()) return now != start;
  return ::kill(static_cast<pid_t>(std::atol(pid.c_str())), 0) != 0 && errno == ESRCH;
}

}  // namespace

LockOwner this_process() {
  std::error_code unknown;
  const auto pid = std::to_string(::getpid());
  return {.host = host_name(),
          .boot = first_line("/proc/sys/kernel/random/boot_id"),
          .space = std::filesystem::read_symlink("/proc/self/ns/pid", unknown).string(),
          .pid = pid,
          .start = start_of(pid),
          .job = environment("SLURM_JOB_ID"),
          .restart = environment("SLURM_RESTART_COUNT"),
          .since = fmt::format("{:%Y-%m-%d %H:%M:%S}", fmt::localtime(std::time(nullptr)))};
}

std::string to_text(const LockOwner& owner) {
  std::string text;
  for (const auto& [name, member] : lines) text += fmt::format("{} = {}\n", name, owner.*member);
  return text;
}

LockOwner lock_owner(const std::string& text) {
  LockOwner owner;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    const auto equals = line.find(" = ");
    if (equals == std::string::npos) continue;
    for (const auto& [name, member] : lines) {
      if (line.substr(0, equals) == name) owner.*member = line.substr(equals + 3);
    }
  }
  return owner;
}

bool is_dead(const LockOwner& owner, const LockOwner& here) {
  if (!owner.job.empty() && owner.job == here.job && owner.restart != here.restart) return true;
  if (owner.host.empty() || owner.boot.empty() || owner.host != here.host) return false;
  if (owner.boot != here.boot) return true;
  return owner.space == here.space && !owner.start.empty() && has_ended(owner.pid, owner.start);
}

std::string describe(const LockOwner& owner) {
  if (owner.pid.empty()) return "a process that it does not name";
  return fmt::format("process {} on {}{} since {}", owner.pid, owner.host,
                     owner.job.empty() ? "" : fmt::format(" (Slurm job {})", owner.job),
                     owner.since);
}

}  // namespace eprop::recording
