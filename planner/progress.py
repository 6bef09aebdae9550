"""What a user sees while a run goes on: a preamble, throttled progress, a footer; to stderr."""

from __future__ import annotations

import math
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


class SearchLog:
    """A table of iterations, a line about once a second, and the last one always.

    Parameters
    ----------
    progress : Progress
    """

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._last = 0.0
        self._waiting = ""
        self._begun = False

    def line(self, number: int, seconds: float, bound: float, best: float, gap: float) -> None:
        """Tell of an iteration; dollars in millions, and nothing of what is not known yet."""
        if not self._begun:
            self._begun = True
            self._progress.say("  iteration   seconds   lower bound M$   best cost M$       gap")
        told = (f"{bound / 1e6:,.3f}", f"{best / 1e6:,.3f}", f"{gap:.2e}")
        bound_told, best_told, gap_told = (
            text if math.isfinite(value) else "-"
            for text, value in zip(told, (bound, best, gap), strict=True)
        )
        self._waiting = (
            f"  {number:>9,} {seconds:>9,.1f} {bound_told:>16} {best_told:>14} {gap_told:>9}"
        )
        if number == 1 or seconds - self._last >= _SECONDS_BETWEEN_LINES:
            self._last = seconds
            self.end()

    def end(self) -> None:
        """Tell of the last iteration, if it was not told yet."""
        if self._waiting:
            self._progress.say(self._waiting)
        self._waiting = ""
