"""Networks in words: what repr() and notebooks show."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from eprop import _core
from eprop._handles import Population, Projection

#: Bytes of a synapse: its weight, and its target within a tile.
_BYTES = 8 + 2
#: Bytes more of moments, per optimizer.
_MOMENTS = {"Adam": 16, "AdamW": 16, "RmsProp": 8, "Momentum": 8}
#: Bytes more, at most, of the traces of a synapse that learns at transmissions.
_TRACES = 40


@dataclass(frozen=True)
class Connected:
    """How a projection was made; ``synapses`` may be an expected number."""

    rule: str
    synapse: _core.SynapseModel
    synapses: int

    @property
    def bytes(self) -> int:
        """About what its synapses take, on all ranks together."""
        each = _BYTES
        optimizer = getattr(self.synapse, "optimizer", None)
        if optimizer is not None:
            each += _MOMENTS.get(type(optimizer).__name__, 0) + 8 * (optimizer.batch_size > 1)
        if isinstance(self.synapse, _core.EpropSynapse):
            each += _TRACES
        return each * self.synapses


def connected(
    rule: Any, synapse: _core.SynapseModel, source: Population, target: Population
) -> Connected:
    """Of a projection by a rule."""
    pairs = source.size * target.size
    if source == target and not getattr(rule, "autapses", True):
        pairs -= source.size
    counts: dict[str, Callable[[], Any]] = {
        "AllToAll": lambda: pairs,
        "OneToOne": lambda: source.size,
        "FixedIndegree": lambda: rule.indegree * target.size,
        "FixedOutdegree": lambda: rule.outdegree * source.size,
        "PairwiseBernoulli": lambda: round(rule.p * pairs),
        "ExplicitList": lambda: len(rule.source),
    }
    name = type(rule).__name__
    return Connected(name, synapse, int(counts[name]()))


def size(number: float) -> str:
    """A number of bytes."""
    for unit in ("B", "KiB", "MiB", "GiB"):
        if number < 1024:
            return f"{number:.0f} {unit}" if unit == "B" else f"{number:.1f} {unit}"
        number /= 1024
    return f"{number:.1f} TiB"


class Description:
    """The tables of a network: title, and rows under a head."""

    def __init__(
        self,
        core: _core.Network,
        populations: Sequence[Population],
        projections: Sequence[tuple[Projection, Connected]],
    ) -> None:
        total = sum(how.bytes for _, how in projections)
        synapses = sum(how.synapses for _, how in projections)
        self.title = (
            f"Network: {sum(map(len, populations))} neurons and inputs, {synapses} synapses, "
            f"about {size(total)} of synapses"
        )
        self.tables: list[tuple[tuple[str, ...], list[tuple[str, ...]]]] = [
            (
                ("population", "size", "model"),
                [(p.name, str(p.size), core.kind(p.index)) for p in populations],
            ),
            (
                ("projection", "synapses", "rule", "model"),
                [
                    (p.name, str(how.synapses), how.rule, type(how.synapse).__name__)
                    for p, how in projections
                ],
            ),
        ]

    def text(self) -> str:
        """Columns in lines."""
        lines = [self.title]
        for head, rows in self.tables:
            if rows:
                widths = [max(map(len, column)) for column in zip(head, *rows)]
                lines += ["", *(_line(row, widths) for row in (head, *rows))]
        return "\n".join(lines)

    def html(self) -> str:
        """For notebooks."""
        parts = [f"<p>{html.escape(self.title)}</p>"]
        for head, rows in self.tables:
            if rows:
                cells = _row("th", head) + "".join(_row("td", row) for row in rows)
                parts.append(f"<table>{cells}</table>")
        return "".join(parts)


def _line(cells: Iterable[str], widths: Iterable[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths)).rstrip()


def _row(tag: str, cells: Iterable[str]) -> str:
    return "<tr>" + "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in cells) + "</tr>"
