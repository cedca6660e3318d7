"""The Python of the documentation runs as it stands there, and prints what stands there.

Of docs/python.md the blocks are run one after the other, in one namespace. A block is followed by what it prints, if anything; as in a notebook, a last line that is an
expression is printed, too.
"""

from __future__ import annotations

import ast
import contextlib
import io
import re
import subprocess
import traceback
from pathlib import Path
from typing import Any

import h5py
import matplotlib
import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "python.md"
BLOCK = re.compile(r"^```python\n(.*?)^```\n(?:\n^```text\n(.*?)^```\n)?", re.M | re.S)


def run(code: str, names: dict[str, Any]) -> str:
    """What a cell of a notebook shows: its output, its last value, or its exception."""
    statements = ast.parse(code).body
    last = [statements.pop()] if isinstance(statements[-1], ast.Expr) else []
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        try:
            exec(compile(ast.Module(statements, []), str(PAGE), "exec"), names)
            exec(compile(ast.Interactive(last), str(PAGE), "single"), names)
        except Exception as error:
            print("".join(traceback.format_exception_only(error)).rstrip())
    return printed.getvalue()


def test_blocks_print_what_the_page_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    matplotlib.use("Agg")
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {"__name__": "__main__"}
    blocks = BLOCK.findall(PAGE.read_text())
    assert len(blocks) > 10
    for code, shown in blocks:
        assert run(code, names) == shown, code


def test_the_network_of_the_readme_is_the_same_in_both_languages(
    build: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = build / "examples" / "own_network"
    if not program.exists():
        pytest.skip("the examples are not built")
    matplotlib.use("Agg")
    monkeypatch.chdir(tmp_path)
    [(code, _)] = BLOCK.findall((ROOT / "README.md").read_text())
    names: dict[str, Any] = {}
    run(code, names)
    assert Path("mine.png").stat().st_size > 10_000
    with h5py.File("mine.h5") as file:
        spikes = file["spikes/rec/timestamps"][:], file["spikes/rec/node_ids"][:]

    done = subprocess.run([program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [f"{loss:g}" for loss in names["losses"]]
    with h5py.File("mine.h5") as file:
        np.testing.assert_array_equal(file["spikes/rec/timestamps"], spikes[0])
        np.testing.assert_array_equal(file["spikes/rec/node_ids"], spikes[1])
