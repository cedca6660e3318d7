"""Distributions as values of parameters: `nest.random.normal(mean=30.0, std=2.0)`.

A distribution is drawn when it is used, once per node or synapse. Draws depend on `rng_seed` and
on how many calls drew before, not on the number of processes or threads. They are other numbers
than those of NEST.
"""

import operator
from typing import Any, Callable

import numpy as np

__all__ = ["exponential", "lognormal", "normal", "uniform", "uniform_int"]


class Parameter:
    """A value that is drawn; sums, differences, products and quotients of such are, too."""

    def __init__(self, draw: Callable[[np.random.Generator, int], np.ndarray], words: str) -> None:
        self._draw = draw
        self._words = words

    def draw(self, generator: np.random.Generator, count: int) -> np.ndarray:
        """`count` numbers."""
        return self._draw(generator, count)

    def __repr__(self) -> str:
        return self._words

    def _combine(self, function: Callable[[Any, Any], Any], sign: str, a: Any, b: Any) -> Any:
        if not all(isinstance(x, (Parameter, int, float, np.number)) for x in (a, b)):
            return NotImplemented

        def draw(generator: np.random.Generator, count: int) -> np.ndarray:
            left, right = (x.draw(generator, count) if isinstance(x, Parameter) else x
                           for x in (a, b))
            return function(left, right)

        return Parameter(draw, f"({a} {sign} {b})")

    def __add__(self, other: Any) -> "Parameter":
        return self._combine(operator.add, "+", self, other)

    def __radd__(self, other: Any) -> "Parameter":
        return self._combine(operator.add, "+", other, self)

    def __sub__(self, other: Any) -> "Parameter":
        return self._combine(operator.sub, "-", self, other)

    def __rsub__(self, other: Any) -> "Parameter":
        return self._combine(operator.sub, "-", other, self)

    def __mul__(self, other: Any) -> "Parameter":
        return self._combine(operator.mul, "*", self, other)

    def __rmul__(self, other: Any) -> "Parameter":
        return self._combine(operator.mul, "*", other, self)

    def __truediv__(self, other: Any) -> "Parameter":
        return self._combine(operator.truediv, "/", self, other)

    def __rtruediv__(self, other: Any) -> "Parameter":
        return self._combine(operator.truediv, "/", other, self)

    def __neg__(self) -> "Parameter":
        return 0.0 - self


def _named(words: str, draw: Callable[[np.random.Generator, int], np.ndarray]) -> Parameter:
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
