"""What a user sees while a run goes on: a preamble, throttled progress, a footer; to stderr."""

from __future__ import annotations

import sys
import time
from typing import TextIO

_SECONDS_BETWEEN_LINES = 1.0


class Progress:
    """Writes progress lines, at most about one a second.

    Parameters
    ----------
    quiet : bool
        Write nothing.
    stream : text file, optional
        Standard error unless given.
    """

    def __init__(self, *, quiet: bool = False, stream: TextIO | None = None) -> None:
        self._quiet = quiet
        self._stream = stream
        self._started = time.monotonic()
        self._last = self._started
        self.seconds: dict[str, float] = {}

    def say(self, text: str) -> None:
        """Write a line."""
        if not self._quiet:
            print(text, file=self._stream or sys.stderr, flush=True)

    def samples(self, done: int, of: int) -> None:
        """Report that `done` of `of` samples are solved."""
        now = time.monotonic()
        if done < of and now - self._last < _SECONDS_BETWEEN_LINES:
            return
        self._last = now
        rate = done / max(now - self._started, 1e-9)
        self.say(f"  {done:,} of {of:,} samples solved, {rate:,.0f} a second")

    def stage(self, name: str) -> Stage:
        """Return a context manager that books its time under `name`."""
        return Stage(self, name)


class Stage:
    """Times a part of a run."""

    def __init__(self, progress: Progress, name: str) -> None:
        self._progress, self._name = progress, name
        self._started = 0.0

    def __enter__(self) -> None:
        self._started = time.monotonic()

    def __exit__(self, *_: object) -> None:
        spent = time.monotonic() - self._started
        booked = self._progress.seconds.get(self._name, 0.0)
        self._progress.seconds[self._name] = booked + spent
