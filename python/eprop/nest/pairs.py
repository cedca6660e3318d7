"""Which nodes a rule of Connect() connects, and which weights and delays belong to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Callable, Optional

import numpy as np

from .arrays import Integers, Truths
from .errors import NESTErrors

Generator = Callable[[], np.random.Generator]


@dataclass(frozen=True)
class Pairs:
    """Connection i goes from `sources[source[i]]` to `targets[target[i]]`, indices of the lists.

    An array of weights has the shape `shape`, and `place[i]` is where connection i has its own in
    the array laid flat. `shape` is None where the rule takes no arrays.
    """

    source: Integers
    target: Integers
    shape: Optional[tuple[int, ...]]
    place: Integers

    def where(self, mask: Truths) -> Pairs:
        """Those connections only; the others are passed over."""
        return Pairs(self.source[mask], self.target[mask], self.shape, self.place[mask])


def _all_to_all(sources: Integers, targets: Integers, spec: _Spec, random: Generator) -> Pairs:
    shape = (len(targets), len(sources))
    target, source = (index.ravel() for index in np.indices(shape))
    return Pairs(source, target, shape, np.arange(target.size))


def _one_to_one(sources: Integers, targets: Integers, spec: _Spec, random: Generator) -> Pairs:
    if len(sources) != len(targets):
        raise NESTErrors.BadProperty(
            f"Connect: one_to_one of {len(sources)} sources and {len(targets)} targets: must be "
            "as many"
        )
    index = np.arange(len(sources))
    return Pairs(index, index, (len(sources),), index)


def _bernoulli(sources: Integers, targets: Integers, spec: _Spec, random: Generator) -> Pairs:
    p = spec.number("p")
    if not 0.0 <= p <= 1.0:
        raise NESTErrors.BadProperty(f"Connect: p = {p}: must be in [0, 1]")
    all_pairs = _all_to_all(sources, targets, spec, random)
    drawn = all_pairs.where(random().random(all_pairs.source.size) < p)
    return Pairs(drawn.source, drawn.target, None, drawn.place)


def _fixed_total(sources: Integers, targets: Integers, spec: _Spec, random: Generator) -> Pairs:
    count, draw = spec.count("N"), random()
    if not spec.multapses:
        return _fixed_total_distinct(sources, targets, spec, draw, count)
    source, target = (draw.integers(0, len(n), count) for n in (sources, targets))
    while not spec.autapses and np.any(same := sources[source] == targets[target]):
        if len(sources) == len(targets) == 1:
            raise NESTErrors.BadProperty("Connect: fixed_total_number: no pair without autapse")
        source[same] = draw.integers(0, len(sources), same.sum())
        target[same] = draw.integers(0, len(targets), same.sum())
    return Pairs(source, target, None, np.arange(count))


def _fixed_total_distinct(sources: Integers, targets: Integers, spec: _Spec,
                          draw: np.random.Generator, count: int) -> Pairs:
    target, source = (i.ravel() for i in np.indices((len(targets), len(sources))))
    if not spec.autapses:
        other = sources[source] != targets[target]
        source, target = source[other], target[other]
    if count > source.size:
        raise NESTErrors.BadProperty(
            f"Connect: fixed_total_number: N = {count}: without multapses there are only "
            f"{source.size} pairs"
        )
    chosen = np.sort(draw.choice(source.size, count, replace=False))
    return Pairs(source[chosen], target[chosen], None, np.arange(count))


def _fixed_degree(many: Integers, ones: Integers, degree: int, spec: _Spec,
                  draw: np.random.Generator) -> tuple[Integers, Integers]:
    """For each of `ones`, `degree` indices of `many`: (index of many, index of one)."""
    drawn = np.empty((len(ones), degree), dtype=np.int64)
    for row, node in zip(drawn, ones):
        choice = np.arange(len(many))
        if not spec.autapses:
            choice = choice[many != node]
        if not len(choice) or (not spec.multapses and degree > len(choice)):
            raise NESTErrors.BadProperty(
                f"Connect: {spec.rule}: {degree} of {len(choice)} nodes: there are not as many "
                "to choose from"
            )
        row[:] = draw.choice(choice, degree, replace=spec.multapses)
    return drawn.ravel(), np.repeat(np.arange(len(ones)), degree)


def _fixed_indegree(sources: Integers, targets: Integers, spec: _Spec,
                    random: Generator) -> Pairs:
    degree = spec.count("indegree")
    source, target = _fixed_degree(sources, targets, degree, spec, random())
    return Pairs(source, target, (len(targets), degree), np.arange(source.size))


def _fixed_outdegree(sources: Integers, targets: Integers, spec: _Spec,
                     random: Generator) -> Pairs:
    degree = spec.count("outdegree")
    target, source = _fixed_degree(targets, sources, degree, spec, random())
    return Pairs(source, target, (len(sources), degree), np.arange(source.size))


_RULES: dict[str, tuple[Callable[..., Pairs], tuple[str, ...]]] = {
    "all_to_all": (_all_to_all, ()),
    "one_to_one": (_one_to_one, ()),
    "pairwise_bernoulli": (_bernoulli, ("p",)),
    "fixed_indegree": (_fixed_indegree, ("indegree",)),
    "fixed_outdegree": (_fixed_outdegree, ("outdegree",)),
    "fixed_total_number": (_fixed_total, ("N",)),
}


class _Spec:
    """A connection rule with its parameters."""

    def __init__(self, given: Any) -> None:
        values = {"rule": given or "all_to_all"} if not isinstance(given, Mapping) else dict(given)
        self.rule = values.pop("rule", "all_to_all")
        if self.rule not in _RULES:
            raise NESTErrors.NotImplemented(
                f"Connect: rule = {self.rule!r}: must be one of {', '.join(_RULES)}"
            )
        self.autapses = bool(values.pop("allow_autapses", True))
        self.multapses = bool(values.pop("allow_multapses", True))
        self._own = {name: values.pop(name) for name in _RULES[self.rule][1] if name in values}
        if values.pop("make_symmetric", False):
            raise NESTErrors.NotImplemented("Connect: make_symmetric: call Connect() both ways")
        if values:
            raise NESTErrors.UnaccessedDictionaryEntry(
                f"Connect: {self.rule} has no parameter {next(iter(values))!r}"
            )

    def number(self, name: str) -> float:
        """A parameter of the rule."""
        if name not in self._own:
            raise NESTErrors.BadProperty(f"Connect: {self.rule} needs {name}")
        value: Any = self._own[name]
        if not isinstance(value, (int, float, np.number)):
            raise NESTErrors.NotImplemented(f"Connect: {name} = {value!r}: must be a number")
        return float(value)

    def count(self, name: str) -> int:
        """A parameter that is a whole number, at least 0."""
        value = self.number(name)
        if value < 0 or int(value) != value:
            raise NESTErrors.BadProperty(
                f"Connect: {name} = {value}: must be a whole number, at least 0"
            )
        return int(value)


def make_pairs(sources: Integers, targets: Integers, spec: Any, random: Generator) -> Pairs:
    """The pairs of a rule: a name, or a dictionary with `rule` and its parameters."""
    parsed = _Spec(spec)
    pairs = _RULES[parsed.rule][0](sources, targets, parsed, random)
    if not parsed.autapses:
        pairs = pairs.where(sources[pairs.source] != targets[pairs.target])
    return pairs
