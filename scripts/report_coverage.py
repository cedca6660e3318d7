#!/usr/bin/env python3
"""Reports which lines of src/ and comm/ ran in a build with the preset coverage.

Usage: report_coverage.py BUILD

Writes BUILD/coverage/: index.html, by file and line, and folders.txt, by folder, which it prints too.
"""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def table(files: list[dict]) -> str:
    """Lines, those that ran and their share, by folder."""
    lines, ran = Counter(), Counter()
    for file in files:
        for folder in (str(Path(file["filename"]).parent), "all"):
            lines[folder] += file["line_total"]
            ran[folder] += file["line_covered"]
    folders = sorted(lines.keys() - {"all"}) + ["all"]
    rows = [f"{folder:24}{lines[folder]:8}{ran[folder]:8}{100 * ran[folder] / lines[folder]:8.1f} %"
            for folder in folders if lines[folder]]
    return "\n".join([f"{'folder':24}{'lines':>8}{'ran':>8}{'share':>8}", *rows]) + "\n"


def main() -> int:
    build = Path(sys.argv[1]).resolve()
    folder = build / "coverage"
    folder.mkdir(exist_ok=True)
    summary = folder / "summary.json"
    subprocess.run(
        ["gcovr", "--root", ROOT, "--object-directory", build, "-j", "2",
         "--filter", f"{ROOT}/(src|comm|include)/", "--html-details", folder / "index.html",
         "--html-title", "Lines that the tests of eprop run", "--json-summary", summary, build],
        check=True, stdout=subprocess.DEVNULL)
    text = table(json.loads(summary.read_text("utf-8"))["files"])
    (folder / "folders.txt").write_text(text, "utf-8")
    print(text + f"By file and line: {(folder / 'index.html').relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
