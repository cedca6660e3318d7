#!/usr/bin/env python3
"""Fails if a source file includes what its layer may not know.

Usage: check_layers.py [ROOT]      (default: the repository this script is in)

- A file of a layer includes nothing of a layer to its right. Folders that share a place may include
  one another, but not in a circle.
- Public headers include only public headers, those of comm/ that they show, and the standard library.
- No layer includes a public header that is implemented right of it; of every public header it is
  known which layer that is.
- Examples and the Python module include what a user has: public headers, those of comm/ too, and
  their own files.
- Only comm/ sees <mpi.h>.
- Every header is included once: it has a #pragma once.
"""

import re
import sys
from pathlib import Path, PurePosixPath

# From left to right; a folder of src/ each, apart from comm.
LAYERS = [
    ["core"],
    ["comm"],
    ["network"],
    ["neurons", "synapses", "plasticity"],
    ["exchange"],
    ["devices", "recording", "checkpoint"],
    ["datasets"],
    ["plan"],
    ["state"],
    ["learning"],
    ["reports", "transfer"],
    ["engine"],
    ["training"],
]
PLACE = {layer: place for place, layers in enumerate(LAYERS) for layer in layers}
# All public headers, with the layers that implement what they declare; layers to the left of these
# do not know it.
IMPLEMENTED_BY = {
    "eprop/errors.hpp": "core",
    "eprop/step.hpp": "core",
    "eprop/spike_events.hpp": "core",
    "eprop/connection_rules.hpp": "network",
    "eprop/family.hpp": "network",
    "eprop/inputs.hpp": "network",
    "eprop/network.hpp": "network",
    "eprop/neuron_models.hpp": "network",
    "eprop/parameter.hpp": "network",
    "eprop/synapse_models.hpp": "network",
    "eprop/value.hpp": "network",
    "eprop/weights.hpp": "network",
    "eprop/dataset.hpp": "datasets",
    "eprop/datasets/digits.hpp": "datasets",
    "eprop/datasets/heidelberg.hpp": "datasets",
    "eprop/input_encoding.hpp": "datasets",
    "eprop/sample_reader.hpp": "datasets",
    "eprop/recording.hpp": "recording",
    "eprop/write_lock.hpp": "recording",
    "eprop/simulation.hpp": "engine",
    "eprop/statistics.hpp": "core",
    "eprop/eprop.hpp": "training",
    "eprop/learning_rate_schedule.hpp": "training",
    "eprop/stop_requests.hpp": "training",
    "eprop/task.hpp": "training",
    "eprop/trainer.hpp": "training",
    "eprop/training.hpp": "training",
}
# Public headers of comm/; those of the simulator include only these.
PUBLIC_COMM = "eprop/comm/"
SHOWN_OF_COMM = {PUBLIC_COMM + name for name in ("communicator.hpp", "errors.hpp", "launch.hpp")}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)


def layer_of(path: PurePosixPath) -> str:
    """The layer of a file, given relative to the root: a layer's name, eprop, examples, tests or tools."""
    if path.parts[0] == "src":
        return path.parts[1]
    return "eprop" if path.parts[0] == "include" else path.parts[0]


def included_layer(file: Path, root: Path, quote: str, name: str) -> str | None:
    """The layer an include belongs to; None for the standard library and other projects."""
    beside = file.parent / name
    if quote == '"' and beside.is_file():
        return layer_of(PurePosixPath(beside.resolve().relative_to(root)))
    if name.startswith(PUBLIC_COMM):
        return "comm"
    first = name.split("/")[0]
    return first if "/" in name and (first in PLACE or first == "eprop") else None


def broken_rule(layer: str, target: str | None, name: str) -> str | None:
    """Why a file of `layer` may not include `name` of layer `target`; None if it may."""
    if name == "mpi.h":
        return None if layer == "comm" else "only comm/ sees <mpi.h>"
    if layer == "eprop":
        standard = target is None and re.fullmatch(r"[a-z_]+", name)
        if target == "eprop" or name in SHOWN_OF_COMM or standard:
            return None
        return "a public header includes eprop/, the standard library, " + " and ".join(
            sorted(SHOWN_OF_COMM)
        )
    if target is None or layer in ("tests", "tools"):
        return None
    if layer in ("examples", "python"):
        if target in ("eprop", layer) or name.startswith(PUBLIC_COMM):
            return None
        return "examples and the Python module include public headers, as a user would"
    if target == "eprop":
        if layer == "comm":
            return "comm/ stands alone"
        home = IMPLEMENTED_BY.get(name)
        if home is not None and PLACE[home] > PLACE[layer]:
            return f"{home}, which implements it, stands right of {layer}"
        return None
    if target not in PLACE:
        return f"{target} is no layer that {layer} could see"
    if PLACE[target] > PLACE[layer]:
        return f"{target} stands right of {layer}"
    return None


def find_circle(edges: set[tuple[str, str]]) -> list[str] | None:
    """Folders of which each includes the next and the last the first; None if there are none."""

    def walk(trail: list[str]) -> list[str] | None:
        for source, target in sorted(edges):
            if source == trail[-1]:
                if target in trail:
                    return trail[trail.index(target) :] + [target]
                if circle := walk(trail + [target]):
                    return circle
        return None

    return next((c for start in sorted({s for s, _ in edges}) if (c := walk([start]))), None)


def misplaced_headers(root: Path) -> list[str]:
    """One message per public header without a layer, and per layer without its header."""
    include = root / "include"
    headers = {file.relative_to(include).as_posix() for file in include.rglob("*.hpp")}
    here = "IMPLEMENTED_BY of scripts/check_layers.py"
    return [
        f"include/{header}: no known layer implements it; give it a place in {here}"
        for header in sorted(headers - IMPLEMENTED_BY.keys())
    ] + [
        f"include/{header}: is no public header; take it out of {here}"
        for header in sorted(IMPLEMENTED_BY.keys() - headers)
    ]


def check(root: Path) -> list[str]:
    """One message per broken rule."""
    problems = [
        f"src/{folder.name}: no known layer; give it a place in LAYERS of scripts/check_layers.py"
        for folder in sorted((root / "src").iterdir())
        if folder.is_dir() and folder.name not in PLACE
    ] + misplaced_headers(root)
    between_neighbours = set()
    for top in ("include", "comm", "src", "examples", "python", "tests", "tools"):
        for file in sorted((root / top).rglob("*.[ch]pp")):
            path = PurePosixPath(file.relative_to(root))
            layer = layer_of(path)
            if top == "src" and layer not in PLACE:
                continue
            text = file.read_text(encoding="utf-8")
            if file.suffix == ".hpp" and not re.search(r"^#pragma once$", text, re.MULTILINE):
                problems.append(f"{path}:1: a header without #pragma once")
            for match in INCLUDE.finditer(text):
                quote, name = match.groups()
                target = included_layer(file, root, quote, name)
                if rule := broken_rule(layer, target, name):
                    line = text.count("\n", 0, match.start(1)) + 1
                    problems.append(f"{path}:{line}: includes {name}, but {rule}")
                elif target != layer and PLACE.get(target, -1) == PLACE.get(layer):
                    between_neighbours.add((layer, target))
    if circle := find_circle(between_neighbours):
        problems.append("src: folders include one another in a circle: " + " -> ".join(circle))
    return problems


def main() -> int:
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent).resolve()
    problems = check(root)
    print("\n".join(problems) if problems else "All includes keep to the layers.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
