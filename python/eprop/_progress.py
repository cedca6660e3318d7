"""Progress bars, on rank 0."""

from __future__ import annotations

import sys
import time
from typing import Any

#: Seconds after which a run gets a bar.
PATIENCE = 2.0


class Progress:
    """A bar of ``total`` units, which appears once the work has taken some seconds.

    ``wanted``: None as said, True at once, and to stay; False never. Where stderr is no terminal it
    is printed seldom. Without tqdm there is none.
    """

    def __init__(self, wanted: bool | None, total: float, unit: str) -> None:
        self._wanted = wanted
        self.total = total
        self._unit = unit
        self._begin = time.monotonic()
        self._bar: Any = None

    def update(self, done: float, **facts: str) -> None:
        """``done`` of the units so far, and what else to show."""
        if self._bar is None and self._is_due():
            self._bar = self._make()
        if self._bar is None:
            return
        self._bar.total = self.total
        self._bar.set_postfix(facts, refresh=False)
        self._bar.update(done - self._bar.n)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()

    def _is_due(self) -> bool:
        if self._wanted is None:
            return time.monotonic() - self._begin > PATIENCE
        return self._wanted

    def _make(self) -> Any:
        try:
            from tqdm.auto import tqdm
        except ImportError:
            self._wanted = False
            return None
        return tqdm(
            total=self.total,
            unit=self._unit,
            leave=self._wanted is True,
            mininterval=0.1 if sys.stderr.isatty() else 10.0,
        )
