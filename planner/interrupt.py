"""Ctrl-C, asked for politely: the first one is noted, the second one stops at once."""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType
from typing import Any, Self

_AGAIN_AFTER_S = 0.02

_CALLBACKS = "llvmlite"
"""Calls back from C while compiled code is loaded: what is raised there is printed and dropped."""


class Interrupt:
    """While entered, the first interrupt only sets ``asked``, so that no step is left half done.

    The second raises KeyboardInterrupt, also out of code that turns it into another error.
    """

    def __init__(self, message: str) -> None:
        self.asked = False
        self._insisted = False
        self._message = message
        self._before: Any = None

    def __enter__(self) -> Self:
        # Only the main thread may install handlers; a notebook's worker thread goes without.
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGINT, self._note)
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)
        # Some libraries, and class bodies at import, wrap whatever is raised inside them.
        if self._insisted and isinstance(error, Exception):
            raise KeyboardInterrupt from error

    def _note(self, number: int, frame: FrameType | None) -> None:
        if self.asked:
            self._insisted = True
            if _is_swallowed(frame):
                # The signal comes again as soon as the callback has returned.
                threading.Timer(_AGAIN_AFTER_S, signal.raise_signal, [number]).start()
                return
            raise KeyboardInterrupt
        self.asked = True
        import sys

        print(self._message, file=sys.stderr, flush=True)


def _is_swallowed(frame: FrameType | None) -> bool:
    """Return whether an error raised here would never reach the caller."""
    while frame is not None:
        if _CALLBACKS in frame.f_code.co_filename:
            return True
        frame = frame.f_back
    return False
