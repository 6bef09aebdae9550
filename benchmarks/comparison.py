"""The planner and its peers on the samples of one config."""

from __future__ import annotations

import statistics
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.arrays import Floats
from benchmarks.drawing import drawing_seconds, uniform_seconds
from benchmarks.peer_runs import PeerRuns
from benchmarks.peers import PEERS
from benchmarks.planner_runs import Found, Run, alone, planner_optima, planner_run
from benchmarks.sizes import Effort, Size


@dataclass(frozen=True)
class Comparison:
    """What was measured on one config.

    Attributes
    ----------
    runs : list of Run
        The planner's, one each repeat.
    rates : mapping of str to list of float
        By peer, linear programs a second in each repeat.
    differences : mapping of str to float
        By peer, largest difference of a sample's least cost from the planner's, relative to it.
    compared : mapping of str to int
        By peer, of how many samples.
    """

    size: Size
    runs: list[Run]
    rates: dict[str, list[float]]
    differences: dict[str, float]
    compared: dict[str, int]
    found: Found
    drawing_seconds: float
    uniform_seconds: float

    def median_seconds(self) -> float:
        """Return the time of a run in the middle of the repeats."""
        return statistics.median(run.seconds for run in self.runs)

    def ratio(self, peer: str) -> float:
        """Return how many times as many the planner solves, in the middle of the repeats."""
        pairs = zip(self.runs, self.rates[peer], strict=True)
        return statistics.median(run.per_second / rate for run, rate in pairs)

    def as_json(self) -> dict[str, Any]:
        """Return the figures for the last line."""
        planner = statistics.median(run.per_second for run in self.runs)
        peers = {peer: statistics.median(rates) for peer, rates in self.rates.items()}
        return {
            "rows": self.runs[0].rows,
            "columns": self.runs[0].columns,
            "samples": self.runs[0].samples,
            "lps_per_second": {**peers, "planner": planner},
            "ratio_to": {peer: self.ratio(peer) for peer in self.rates},
            "max_rel_diff": max(self.differences.values()),
            "rel_diff": self.differences,
            "samples_compared": self.compared,
            "median_pivots": self.found.pivots,
            "distinct_bases": self.found.bases,
            "samples_of_bases": self.found.cost_usd.size,
            "share_to_highs": self.runs[0].share_to_highs,
            "seconds": self.median_seconds(),
            "draw_seconds": self.drawing_seconds,
            "draw_multiple": self.median_seconds() / self.drawing_seconds,
            "uniform_seconds": self.uniform_seconds,
            "uniform_multiple": self.median_seconds() / self.uniform_seconds,
            "peak_memory_mb": max(run.peak_memory_mb for run in self.runs),
        }


def compare(size: Size, effort: Effort) -> Comparison:
    """Measure the planner and its peers in turns."""
    samples, compared = effort.samples(size), effort.compared(size)
    found = alone(planner_optima, size.config, compared)
    runs: list[Run] = []
    rates: dict[str, list[float]] = {name: [] for name in PEERS}
    with ExitStack() as stack:
        peers = {name: stack.enter_context(PeerRuns(name, size.config, compared)) for name in PEERS}
        for _ in range(effort.repeats):
            runs.append(alone(planner_run, size.config, samples))
            for name, peer in peers.items():
                rates[name].append(peer.per_second(effort.seconds))
        optima = {name: peer.optima() for name, peer in peers.items()}
    return Comparison(
        size=size,
        runs=runs,
        rates=rates,
        differences={name: _difference(found.cost_usd, cost) for name, cost in optima.items()},
        compared={name: int(np.isfinite(cost).sum()) for name, cost in optima.items()},
        found=found,
        drawing_seconds=drawing_seconds(size.config, samples),
        uniform_seconds=uniform_seconds(size.config, samples),
    )


def _difference(ours: Floats, theirs: Floats) -> float:
    sought = np.isfinite(theirs)
    off = np.abs(ours[sought] - theirs[sought]) / np.maximum(1.0, np.abs(theirs[sought]))
    return float(off.max())
