"""Ctrl-C while the engine runs."""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType


class InterruptWatch:
    """While it is entered, Ctrl-C sets ``seen`` instead of raising KeyboardInterrupt somewhere.

    Only in the main thread, and only if the program has no handler of its own.
    """

    def __init__(self) -> None:
        self.seen = False
        self._watches = False

    def __enter__(self) -> InterruptWatch:
        self._watches = (
            threading.current_thread() is threading.main_thread()
            and signal.getsignal(signal.SIGINT) is signal.default_int_handler
        )
        if self._watches:
            signal.signal(signal.SIGINT, self._note)
        return self

    def _note(self, signal_number: int, frame: FrameType | None) -> None:
        self.seen = True

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._watches:
            signal.signal(signal.SIGINT, signal.default_int_handler)
