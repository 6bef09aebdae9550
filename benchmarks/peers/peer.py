"""What every peer can do, and how the fastest way to drive one is found."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterable
from typing import Protocol

TRIALS = 24
"""Programs on which the ways to drive one peer are compared."""


class Peer(Protocol):
    """Solves programs of one pattern, one at a time, on one thread."""

    def solve(self, k: int) -> float:
        """Return the least cost of program `k` in dollars.

        Raises
        ------
        RuntimeError
            If it is not solved to optimality.
        """
        ...


def fastest(ways: Iterable[Peer], programs: int) -> Peer:
    """Return the way whose middle time over the first programs is the shortest."""
    return min(ways, key=lambda way: _middle_seconds(way, min(programs, TRIALS)))


def _middle_seconds(way: Peer, programs: int) -> float:
    way.solve(0)
    seconds = []
    for k in range(programs):
        begin = time.perf_counter()
        way.solve(k)
        seconds.append(time.perf_counter() - begin)
    return statistics.median(seconds)
