#!/usr/bin/env python3
"""Runs clang-tidy with the checks of .clang-tidy; every warning is an error.

Usage: check_tidy.py [--all] [--build DIR] [--jobs N] [--commits N] [--seconds S]

Checks the C++ sources that differ from origin/main, also those not committed; without origin/main,
or on it, those of the last N commits. For a header, one source that includes it. --all checks every
source of the build. Sources that are as they were when they were last found clean, with all that
they include, are not checked again; DIR/tidy/ has their hashes. After S seconds no further source
is begun, and those that are left out are named. Where git does not tell what changed, as many
sources as fit into S seconds are checked, other ones at each commit.

DIR, by default build-tidy, is configured by the preset tidy, and need not be built: a unity build
does not know the flags of single sources.
"""

import argparse
import hashlib
import json
import re
import shlex
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CONFIG = ROOT / ".clang-tidy"
CLANG_TIDY = "clang-tidy-14"
# Of the time that a source takes, most goes into the headers of libraries: sources with the same
# flags are checked as one.
SOURCES_AT_ONCE = 6
UNIT_OPTIONS = [r"--header-filter=/(include/eprop|comm|src|examples|python|tests)/.*\.[ch]pp$",
                "--checks=-bugprone-suspicious-include"]


def git(*arguments: str) -> list[str] | None:
    """Lines of what git says; None if it fails."""
    done = subprocess.run(["git", "-C", ROOT, *arguments], capture_output=True, text=True)
    return done.stdout.splitlines() if done.returncode == 0 else None


def changed_files(commits: int) -> tuple[list[Path] | None, str]:
    """What changed, the last first, or None if git does not know; and since when."""
    head = git("rev-parse", "HEAD")
    if head is None:
        return None, "no repository"
    base = git("merge-base", "origin/main", "HEAD")
    if base and base != head:
        which, since = [f"{base[0]}..HEAD"], "changed since origin/main"
    else:
        which, since = [f"--max-count={commits}", "HEAD"], "changed in the last {} commits"
    # What the oldest commit of a shallow clone changed is not in it.
    shallow = Path(ROOT, *git("rev-parse", "--git-path", "shallow"))
    boundary = shallow.read_text("ascii").split() if shallow.is_file() else []
    if head[0] in boundary:
        return None, "a clone of a single commit"
    which = ["--no-merges", *which, *(f"^{commit}" for commit in boundary)]
    names = [
        *git("diff", "--name-only", "HEAD"),
        *git("ls-files", "--others", "--exclude-standard"),
        *git("log", "--name-only", "--format=", *which),
    ]
    changed = [ROOT / name for name in dict.fromkeys(names) if (ROOT / name).is_file()]
    return changed, since.format(len(git("rev-list", *which)))


class Source:
    """A source of the build, with its flags and the files of this project that it is made of."""

    def __init__(self, entry: dict[str, str]) -> None:
        self.folder = Path(entry["directory"])
        self.path = Path(self.folder, entry["file"]).resolve()
        words = shlex.split(entry["command"])
        first = next(i for i, word in enumerate(words) if word.startswith("-"))
        self.flags = [word for word, before in zip(words[first:], words[first - 1:])
                      if word not in ("-c", "-o", entry["file"]) and before != "-o"]
        folders = [flag[2:] for flag in self.flags if flag.startswith("-I")]
        self.include_folders = [Path(self.folder, folder) for folder in folders]

    @property
    def name(self) -> str:
        return str(self.path.relative_to(ROOT))

    @cached_property
    def files(self) -> set[Path]:
        """The source and what it includes, directly or not."""
        found, new = set(), [self.path]
        while new:
            file = new.pop()
            if file in found:
                continue
            found.add(file)
            for name in included(file):
                places = [folder / name for folder in (file.parent, *self.include_folders)]
                new += [place.resolve() for place in places if place.is_file()][:1]
        return found

    @cached_property
    def hash(self) -> str:
        all_files = [CONFIG, Path(__file__), *sorted(self.files)]
        parts = [version(), *self.flags, *(content_hash(file) for file in all_files)]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


@cache
def included(file: Path) -> list[str]:
    return re.findall(r'^\s*#\s*include\s*"([^"]+)"', file.read_text("utf-8"), re.MULTILINE)


@cache
def content_hash(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


@cache
def version() -> str:
    return subprocess.run([CLANG_TIDY, "--version"], capture_output=True, text=True,
                          check=True).stdout


def sources_of(changed: list[Path], sources: list[Source]) -> list[Source]:
    """The sources to check for changed files, each once."""
    chosen = [source for file in changed for source in sources if source.path == file]
    for header in changed:
        if header.suffix != ".hpp" or any(header in source.files for source in chosen):
            continue
        users = [source for source in sources if header in source.files]
        users.sort(key=lambda source: source.path != header.with_suffix(".cpp"))
        chosen += users[:1]
    return list({source.path: source for source in chosen}.values())


def together(sources: list[Source]) -> list[list[Source]]:
    """The sources in groups with the same flags."""
    groups, last = [], {}
    for source in sources:
        flags = tuple(source.flags)
        if flags not in last or len(last[flags]) == SOURCES_AT_ONCE:
            last[flags] = []
            groups.append(last[flags])
        last[flags].append(source)
    return groups


class Checker:
    """Checks sources as long as there is time, and remembers which ones are clean."""

    def __init__(self, folder: Path, end: float) -> None:
        self.folder = folder
        self.end = end
        self.checked: list[Source] = []
        self.is_clean = True
        folder.mkdir(exist_ok=True)

    def stamp(self, source: Source) -> Path:
        return self.folder / (source.name.replace("/", "+") + ".clean")

    def is_known_as_clean(self, source: Source) -> bool:
        stamp = self.stamp(source)
        return stamp.is_file() and stamp.read_text("ascii") == source.hash

    def check(self, group: list[Source]) -> None:
        if time.monotonic() > self.end:
            return
        output = self.run(group)
        if len(group) > 1 and "[clang-diagnostic-error" in output:  # the same name in two sources
            for source in group:
                self.check([source])
            return
        self.checked += group
        names = " ".join(source.name for source in group)
        print(f"{'NOT clean' if output else 'clean'}: {names}\n{output}", end="", flush=True)
        if output:
            self.is_clean = False
            return
        for source in group:
            self.stamp(source).write_text(source.hash, "ascii")

    def run(self, group: list[Source]) -> str:
        """What clang-tidy finds in sources."""
        file, options = group[0].path, []
        if len(group) > 1:
            file = self.folder / (group[0].name.replace("/", "+") + ".unit.cpp")
            file.write_text("".join(f'#include "{source.path}"\n' for source in group), "utf-8")
            options = UNIT_OPTIONS
        done = subprocess.run(
            [CLANG_TIDY, "--quiet", f"--config-file={CONFIG}", "--warnings-as-errors=*", *options,
             file, "--", *group[0].flags],
            cwd=group[0].folder, capture_output=True, text=True)
        return done.stdout + done.stderr if done.returncode != 0 else ""


def choose(options: argparse.Namespace, sources: list[Source]) -> tuple[list[Source], str]:
    """The sources to check, and what they are."""
    if options.all:
        return sources, "of the build"
    changed, since = changed_files(options.commits)
    if changed is not None:
        return sources_of(changed, sources), since
    seed = "".join(git("rev-parse", "HEAD") or "")
    return sorted(sources, key=lambda source: hashlib.sha256(
        (seed + source.name).encode()).digest()), f"of the build ({since}: in a random order)"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--build", type=Path, default=ROOT / "build-tidy")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--commits", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=float("inf"))
    options = parser.parse_args()
    begin = time.monotonic()
    commands = options.build / "compile_commands.json"
    if not commands.is_file():
        print(f"There is no {commands}: configure first: cmake --preset tidy")
        return 1
    if not shutil.which(CLANG_TIDY):
        print(f"There is no {CLANG_TIDY}: scripts/install_dependencies.sh test")
        return 1
    built = {source.path: source for source in map(Source, json.loads(commands.read_text()))}
    sources = [built[path] for path in sorted(built) if path.is_file()
               and path.is_relative_to(ROOT) and not path.is_relative_to(options.build.resolve())]

    chosen, what = choose(options, sources)
    checker = Checker(options.build.resolve() / "tidy", begin + options.seconds)
    new = [source for source in chosen if not checker.is_known_as_clean(source)]
    with ThreadPoolExecutor(options.jobs) as pool:
        list(pool.map(checker.check, together(new)))

    print(f"clang-tidy: sources {what}: {len(checker.checked)} checked in "
          f"{time.monotonic() - begin:.0f} s, {len(chosen) - len(new)} clean as they were before, "
          f"{len(new) - len(checker.checked)} left out")
    if left_out := [source.name for source in new if source not in checker.checked]:
        print(f"clang-tidy: left out after {options.seconds:g} s (make check-tidy-all checks all): "
              + " ".join(left_out[:20]) + (" ..." if len(left_out) > 20 else ""))
    return 0 if checker.is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
