"""Peers in processes of their own, each of which solves a part of the samples."""

from __future__ import annotations

import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from benchmarks.arrays import Floats
from benchmarks.peers import PEERS
from benchmarks.peers.peer import Peer
from benchmarks.planner_runs import programs_of, workbench
from benchmarks.sizes import WORKERS


class PeerRuns:
    """One peer in as many processes as the planner has workers.

    Parameters
    ----------
    name : str
        Of `PEERS`.
    config : Path
    samples : int
        First samples, which the processes divide among them.
    """

    def __init__(self, name: str, config: Path, samples: int) -> None:
        spawn = multiprocessing.get_context("spawn")
        self._pools = [ProcessPoolExecutor(1, mp_context=spawn) for _ in range(WORKERS)]
        parts = [part.tolist() for part in np.array_split(np.arange(samples), WORKERS)]
        self._on_all(_prepare, [(name, config, part[0], len(part)) for part in parts])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for pool in self._pools:
            pool.shutdown()

    def _on_all(self, work: Any, arguments: list[tuple[Any, ...]]) -> list[Any]:
        pairs = zip(self._pools, arguments, strict=True)
        waiting = [pool.submit(work, *given) for pool, given in pairs]
        return [answer.result() for answer in waiting]

    def per_second(self, seconds: float) -> float:
        """Return how many programs all processes solve in a second, when each has some seconds."""
        return float(sum(self._on_all(_rate, [(seconds,)] * WORKERS)))

    def optima(self) -> Floats:
        """Return the least costs found so far in dollars, (sample,); NaN where none was sought."""
        return np.concatenate(self._on_all(_optima, [()] * WORKERS))


@dataclass
class _Part:
    """A process's peer, its samples' optima so far, and the sample that is next."""

    peer: Peer
    cost_usd: Floats
    next: int = 0


_part: _Part | None = None


def _prepare(name: str, config: Path, first: int, n: int) -> None:
    global _part
    peer = PEERS[name](programs_of(workbench(config), first, n))
    peer.solve(0)
    _part = _Part(peer, np.full(n, np.nan))


def _rate(seconds: float) -> float:
    """Solve for some seconds, again from the first sample after the last one."""
    assert _part is not None
    solved, begin = 0, time.perf_counter()
    while (spent := time.perf_counter() - begin) < seconds:
        _part.cost_usd[_part.next] = _part.peer.solve(_part.next)
        _part.next = (_part.next + 1) % _part.cost_usd.size
        solved += 1
    return solved / spent


def _optima() -> Floats:
    assert _part is not None
    return _part.cost_usd
