"""The code of docs/python.md runs as it stands there, block after block, and prints what it shows.

A block is followed by what it prints, if anything; as in a notebook, a last line that is an
expression is printed, too.
"""

from __future__ import annotations

import ast
import contextlib
import io
import re
import traceback
from pathlib import Path
from typing import Any

import matplotlib
import pytest

PAGE = Path(__file__).parents[2] / "docs" / "python.md"
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
