#!/usr/bin/env python3
"""Runs clang-tidy with the checks of .clang-tidy; every warning is an error.

Usage: check_tidy.py [--all] [--build DIR] [--jobs N] [--seconds S]

Checks the C++ files that differ from origin/main, also those not committed; where nothing does, or
there is no origin/main, those of the last commit. For a header it checks one source: that of its
name, or else the first that includes it. --all checks every source of the build. After S seconds no
further file is begun, and the ones that are left out are counted.
"""

import argparse
import json
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("include", "comm", "src", "examples", "tests")


def git(*arguments: str) -> list[str] | None:
    """Lines of what git says; None if it fails."""
    done = subprocess.run(["git", "-C", ROOT, *arguments], capture_output=True, text=True)
    return done.stdout.splitlines() if done.returncode == 0 else None


def changed_files() -> tuple[list[str], str]:
    """Paths of changed files, and what they are changed against."""
    base = git("merge-base", "origin/main", "HEAD")
    if base and (changed := git("diff", "--name-only", "--diff-filter=d", base[0])):
        return changed, "origin/main"
    changed = git("diff-tree", "--root", "-r", "-m", "--no-commit-id", "--name-only",
                  "--diff-filter=d", "HEAD")
    return changed or [], "the commit before"


def includes(source: Path, header: str) -> bool:
    """Whether a source names a header in an #include."""
    names = re.findall(r'^\s*#\s*include\s*"([^"]+)"', source.read_text("utf-8"), re.MULTILINE)
    return any(("/" + header).endswith("/" + name.removeprefix("../")) for name in names)


def sources_of(changed: list[str], sources: list[Path]) -> list[Path]:
    """The sources to check for changed files, each once."""
    chosen = []
    for path in changed:
        if not path.startswith(FOLDERS):
            continue
        file = ROOT / path
        if file.suffix == ".cpp" and file in sources:
            chosen.append(file)
        elif file.suffix == ".hpp":
            twin = [s for s in sources if s == file.with_suffix(".cpp")]
            users = twin or [s for s in sources if includes(s, path)]
            chosen += users[:1]
    return list(dict.fromkeys(chosen))


def tidy(source: Path, build: Path, end: float) -> str | None:
    """What clang-tidy finds in a source; None if the time is over."""
    if time.monotonic() > end:
        return None
    done = subprocess.run(
        ["clang-tidy-14", "--quiet", "-p", build, "--warnings-as-errors=*", source],
        capture_output=True, text=True)
    return done.stdout + done.stderr if done.returncode != 0 else ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--build", type=Path, default=ROOT / "build")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=180.0)
    options = parser.parse_args()
    commands = options.build / "compile_commands.json"
    if not commands.is_file():
        print(f"There is no {commands}: configure first, for example by cmake --preset release.")
        return 1
    built = [Path(c["directory"], c["file"]).resolve() for c in json.loads(commands.read_text())]
    sources = sorted({s for s in built if s.is_file() and s.is_relative_to(ROOT)})
    if options.all:
        chosen, what = sources, "all sources of the build"
        end = float("inf")
    else:
        changed, base = changed_files()
        chosen, what = sources_of(changed, sources), f"sources of what differs from {base}"
        end = time.monotonic() + options.seconds
    with ThreadPoolExecutor(options.jobs) as pool:
        found = list(pool.map(lambda source: tidy(source, options.build, end), chosen))
    print("\n".join(text for text in found if text), end="")
    left_out = found.count(None)
    print(f"clang-tidy: {len(found) - left_out} of {len(found)} {what} checked"
          + (f", the time was over after {options.seconds:g} s" if left_out else ""))
    return 1 if any(found) else 0


if __name__ == "__main__":
    sys.exit(main())
