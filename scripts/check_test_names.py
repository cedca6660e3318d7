#!/usr/bin/env python3
"""Fails if a source file of the rooms below has no tests under its name.

Usage: check_test_names.py [ROOT]      (default: the repository this script is in)

- src/ROOM/NAME.cpp, NAME.hpp or both have tests in tests/ROOM/NAME_test.cpp.
- The CMakeLists.txt beside that file names it, or nobody would run it.
"""

import re
import sys
from pathlib import Path

ROOMS = ["datasets", "plan", "state", "reports", "plasticity"]
# Headers of data alone: there is nothing that a test could call.
DATA = {"state/worker"}

TEST = re.compile(r"^(DISTRIBUTED_)?TEST(_[FP])?\(", re.MULTILINE)


def problem_with(test: Path) -> str | None:
    """What is wrong with a file of tests; None if nothing is."""
    if not test.is_file():
        return "is missing"
    if not TEST.search(test.read_text(encoding="utf-8")):
        return "has no tests"
    cmake = (test.parent / "CMakeLists.txt").read_text(encoding="utf-8")
    if test.name not in re.split(r"[\s()]+", cmake):
        return "is not named in the CMakeLists.txt beside it"
    return None


def check(root: Path) -> list[str]:
    """One message per file without tests."""
    problems = []
    unused = set(DATA)
    for room in ROOMS:
        for name in sorted({file.stem for file in (root / "src" / room).glob("*.[ch]pp")}):
            if f"{room}/{name}" in DATA:
                unused.discard(f"{room}/{name}")
                continue
            if problem := problem_with(root / "tests" / room / f"{name}_test.cpp"):
                problems.append(f"src/{room}/{name}: tests/{room}/{name}_test.cpp {problem}")
    problems += [f"src/{name}: is in DATA, but not there" for name in sorted(unused)]
    return problems


def main() -> int:
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent).resolve()
    problems = check(root)
    print("\n".join(problems) if problems else "All files of these rooms have tests of their name.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
