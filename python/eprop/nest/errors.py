"""The exceptions of PyNEST that this module raises.

A message names the call, the value and what to use instead.
"""

from contextlib import contextmanager
from typing import Iterator

import eprop


class NESTError(Exception):
    """Base of everything that this module raises on purpose."""


_Base = NESTError


class NESTErrors:
    """The errors by name, as in `except nest.NESTErrors.BadProperty`."""

    NESTError = _Base

    class KernelException(_Base):
        """The call does not fit the state of the simulation."""

    class BadProperty(KernelException):
        """A parameter has a value that breaks its rule."""

    class BadParameter(KernelException):
        """An argument has a value that breaks its rule."""

    class TypeMismatch(KernelException):
        """A parameter has a value of the wrong kind."""

    class DictError(KernelException):
        """A dictionary is not as it has to be."""

    class UnaccessedDictionaryEntry(DictError):
        """A dictionary has a key that means nothing there."""

    class IllegalConnection(KernelException):
        """Nodes of these models cannot be connected by this synapse."""

    class BadDelay(KernelException):
        """A delay that a connection cannot have."""

    class UnknownModelName(KernelException):
        """There is no node or synapse model of this name."""

    class NewModelNameExists(KernelException):
        """A model of this name exists already."""

    class UnknownNode(KernelException):
        """There is no node of this id."""

    class NotImplemented(KernelException):
        """PyNEST can do that, eprop cannot."""


@contextmanager
def engine_errors(call: str) -> Iterator[None]:
    """Turns what the engine refuses within into BadProperty, beginning with `call`."""
    try:
        yield
    except eprop.InvalidParameter as error:
        raise NESTErrors.BadProperty(f"{call}: {error}") from None
