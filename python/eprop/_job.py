"""How a job of several ranks ends: in order, or with one message and no rank left waiting."""

from __future__ import annotations

import atexit
import itertools
import os
import sys
import time
import traceback
import weakref
from types import TracebackType
from typing import Protocol

from eprop import _core


class Ends(Protocol):
    """Something that has to end before MPI does."""

    def _end(self) -> None: ...


#: Seconds by which ranks may differ in how fast they import their modules.
_START_SKEW = 3.0

_counter = itertools.count()
_to_end: weakref.WeakValueDictionary[int, Ends] = weakref.WeakValueDictionary()
_communicators: list[weakref.ref[_core.Communicator]] = []


def end_in_time(thing: Ends) -> None:
    """Ends ``thing`` when the interpreter does, if it still exists: on all ranks in one order."""
    _to_end[next(_counter)] = thing


def of_job(communicator: _core.Communicator) -> _core.Communicator:
    """Takes ``communicator`` for one by which the ranks learn of failures."""
    _communicators.append(weakref.ref(communicator))
    return communicator


def fail(message: str) -> None:
    """Ends a job of several ranks, with the message on stderr once; else does nothing.

    Before the ranks are connected the lowest that fails is to print, and the launcher ends the
    others as soon as it has gone.
    """
    sys.stdout.flush()
    for reference in _communicators:
        communicator = reference()
        if communicator is not None and communicator.size > 1:
            communicator.fail(message)
    rank = _core.launched_rank()
    if rank is None:
        return
    if rank > 0:
        time.sleep(_START_SKEW + 0.01 * rank)
    sys.stderr.write(f"eprop: error: rank {rank}: {message}\n")
    sys.stderr.flush()
    os._exit(1)


def _fail_with_traceback(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    text = "".join(traceback.format_exception(kind, error, trace)).rstrip()
    fail(f"uncaught exception\n{text}")


_usual_hook = sys.excepthook


def _hook(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    _fail_with_traceback(kind, error, trace)
    _usual_hook(kind, error, trace)


def _leave() -> None:
    """The end of the interpreter."""
    try:
        for _, thing in sorted(_to_end.items()):
            thing._end()
        in_order = _core.leave_mpi()
    except BaseException as error:
        _fail_with_traceback(type(error), error, error.__traceback__)
        raise
    if not in_order:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(1)


def install() -> None:
    """Lets the end of the interpreter, and exceptions that nobody catches, end the job."""
    sys.excepthook = _hook
    atexit.register(_leave)
