"""Distributions as values of parameters: `nest.random.normal(mean=30.0, std=2.0)`.

A distribution is drawn when it is used, once per node or synapse. Draws depend on `rng_seed` and
on how many calls drew before, not on the number of processes or threads. They are other numbers
than those of NEST.
"""

import operator
from typing import Any, Callable

import numpy as np

from .arrays import Reals

__all__ = ["exponential", "lognormal", "normal", "uniform", "uniform_int"]

Draw = Callable[[np.random.Generator, int], Reals]


class Parameter:
    """A value that is drawn; sums, differences, products and quotients of such are, too."""

    def __init__(self, draw: Draw, words: str) -> None:
        self._draw = draw
        self._words = words

    def draw(self, generator: np.random.Generator, count: int) -> Reals:
        """`count` numbers."""
        return self._draw(generator, count)

    def __repr__(self) -> str:
        return self._words

    def __add__(self, other: Any) -> Any:
        return _combined(operator.add, "+", self, other)

    def __radd__(self, other: Any) -> Any:
        return _combined(operator.add, "+", other, self)

    def __sub__(self, other: Any) -> Any:
        return _combined(operator.sub, "-", self, other)

    def __rsub__(self, other: Any) -> Any:
        return _combined(operator.sub, "-", other, self)

    def __mul__(self, other: Any) -> Any:
        return _combined(operator.mul, "*", self, other)

    def __rmul__(self, other: Any) -> Any:
        return _combined(operator.mul, "*", other, self)

    def __truediv__(self, other: Any) -> Any:
        return _combined(operator.truediv, "/", self, other)

    def __rtruediv__(self, other: Any) -> Any:
        return _combined(operator.truediv, "/", other, self)

    def __neg__(self) -> Any:
        return 0.0 - self


def _combined(function: Callable[[Any, Any], Any], sign: str, a: Any, b: Any) -> Any:
    if not all(isinstance(x, (Parameter, int, float, np.number)) for x in (a, b)):
        return NotImplemented

    def draw(generator: np.random.Generator, count: int) -> Reals:
        left, right = (
            x.draw(generator, count) if isinstance(x, Parameter) else x for x in (a, b)
        )
        drawn: Reals = function(left, right)
        return drawn

    return Parameter(draw, f"({a} {sign} {b})")


def _named(words: str, draw: Draw) -> Parameter:
    return Parameter(draw, f"nest.random.{words}")


def uniform(min: float = 0.0, max: float = 1.0) -> Parameter:
    """Uniform in [min, max)."""
    return _named(f"uniform({min}, {max})", lambda g, n: g.uniform(min, max, n))


def uniform_int(max: int) -> Parameter:
    """Whole numbers, uniform in [0, max)."""
    return _named(f"uniform_int({max})", lambda g, n: g.integers(0, max, n).astype(float))


def normal(mean: float = 0.0, std: float = 1.0) -> Parameter:
    """Normal distribution."""
    return _named(f"normal({mean}, {std})", lambda g, n: g.normal(mean, std, n))


def lognormal(mean: float = 0.0, std: float = 1.0) -> Parameter:
    """exp(x) of a normally distributed x of that mean and standard deviation."""
    return _named(f"lognormal({mean}, {std})", lambda g, n: g.lognormal(mean, std, n))


def exponential(beta: float = 1.0) -> Parameter:
    """Exponential distribution of mean beta."""
    return _named(f"exponential({beta})", lambda g, n: g.exponential(beta, n))
