"""Numbers that users give, where only numbers make sense."""

from __future__ import annotations

import operator
from typing import Any

from eprop._errors import InvalidParameter


def number(thing: str, parameter: str, given: Any) -> float:
    """A number; InvalidParameter if it is none."""
    try:
        return float(given)
    except (TypeError, ValueError):
        raise InvalidParameter(f"{thing}: {parameter} = {given!r}: must be a number") from None


def optional_number(thing: str, parameter: str, given: Any) -> float | None:
    """A number or None."""
    return None if given is None else number(thing, parameter, given)


def whole_number(thing: str, parameter: str, given: Any) -> int:
    """A whole number; InvalidParameter if it is none."""
    try:
        return operator.index(given)
    except TypeError:
        raise InvalidParameter(
            f"{thing}: {parameter} = {given!r}: must be a whole number"
        ) from None


def seed_number(thing: str, given: Any) -> int:
    """A seed: a whole number from 0 to 2^64 - 1."""
    seed = whole_number(thing, "seed", given)
    if not 0 <= seed < 2**64:
        raise InvalidParameter(f"{thing}: seed = {seed}: must be from 0 to 2^64 - 1")
    return seed
