#!/usr/bin/env python3
"""Writes the type stubs of the classes that the module eprop._core makes from the C++ tables.

Usage: write_stubs.py TEMPLATE FOLDER, with the package eprop to be imported

FOLDER gets _core.pyi, which is TEMPLATE and these classes, and _models.pyi, which names them.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from eprop import _core
from eprop._models import __all__

#: Classes whose numbers may be arrays and distributions.
OF_MANY = (_core.NeuronModel, _core.SynapseModel)
#: Parameters that are one number for all, and optional ones.
KINDS = {"delay": "float | None", "V_m": "_Value | None"}


def kind(described: Any, name: str, default: Any) -> str:
    """The type of a parameter."""
    if name in KINDS:
        return KINDS[name]
    if isinstance(default, _core.Optimizer):
        return "Optimizer"
    if issubclass(described, _core.ExplicitList):
        return "ArrayLike"
    of_many = issubclass(described, _core.NeuronModel) or name == "weight"
    if of_many and type(default) is float:
        return "_Value"
    return type(default).__name__


def stub(described: Any) -> str:
    """The class with its parameters."""
    kinds = {
        name: kind(described, name, default)
        for name, (_, default, _) in described.parameters().items()
    }
    base = described.__mro__[1].__name__
    lines = [f"class {described.__name__}({base}):"]
    lines += [f"    {name}: {of}" for name, of in kinds.items()]
    if kinds:
        keywords = "".join(f"        {name}: {of} = ...,\n" for name, of in kinds.items())
        lines.append(f"    def __init__(\n        self,\n        *,\n{keywords}    ) -> None: ...")
    else:
        lines.append("    def __init__(self) -> None: ...")
    return "\n".join(lines)


def main() -> None:
    template, folder = map(Path, sys.argv[1:])
    made = [getattr(_core, name) for name in __all__]
    classes = [c for c in made if hasattr(c, "parameters")]
    text = template.read_text(encoding="utf-8") + "\n" + "\n\n".join(map(stub, classes)) + "\n"
    (folder / "_core.pyi").write_text(text, encoding="utf-8")
    names = "".join(f"    {name},\n" for name in sorted(__all__))
    listed = "".join(f'    "{name}",\n' for name in sorted(__all__))
    (folder / "_models.pyi").write_text(
        f"from eprop._core import (\n{names})\n\n__all__ = [\n{listed}]\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
