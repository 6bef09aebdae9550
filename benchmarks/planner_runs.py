"""The planner measured in processes of its own: whole runs, and what it finds in each sample."""

from __future__ import annotations

import multiprocessing
import resource
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import ParamSpec, TypeVar

import numpy as np

from benchmarks.arrays import Floats
from benchmarks.sizes import WORKERS
from planner.analysis.workbench import SolveBlock, SolvedBlock, Workbench, build_workbench
from planner.catalog.resolve import load_scenario
from planner.model.template import LinearPrograms
from planner.progress import Progress
from planner.run import run

_TIGHT = 1e-7

_Given = ParamSpec("_Given")
_Found = TypeVar("_Found")


def alone(work: Callable[_Given, _Found], *args: _Given.args, **kwargs: _Given.kwargs) -> _Found:
    """Return what a function finds in a fresh process, which may start others."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, *args, **kwargs).result()


@dataclass(frozen=True)
class Run:
    """One run of the planner from its config to its results, without a report.

    Attributes
    ----------
    peak_memory_mb : float
        Largest resident memory of the main process plus, for each worker, that of the largest
        worker.
    share_to_highs : float
        Of the samples, those that the planner's own kernel left to HiGHS.
    stages : mapping of str to float
        Seconds of each stage of the run.
    """

    samples: int
    rows: int
    columns: int
    seconds: float
    peak_memory_mb: float
    share_to_highs: float
    stages: dict[str, float]

    @property
    def per_second(self) -> float:
        """Linear programs a second, all else included."""
        return self.samples / self.seconds


def planner_run(config: Path, samples: int) -> Run:
    """Measure one run; in a fresh process, or its memory is that of what went before."""
    begin, progress = time.perf_counter(), Progress(quiet=True)
    overrides = [f"samples={samples}"]
    outcome = run(
        config,
        overrides,
        workers=WORKERS,
        keep="summary",
        mode="wait-and-see",
        progress=progress,
    )
    seconds = time.perf_counter() - begin
    peak = sum(
        count * resource.getrusage(who).ru_maxrss / 1024
        for who, count in ((resource.RUSAGE_SELF, 1), (resource.RUSAGE_CHILDREN, WORKERS))
    )
    template, results = workbench(config).model.template, outcome.results
    return Run(
        samples=results.samples_done,
        rows=len(template.rows),
        columns=len(template.columns),
        seconds=seconds,
        peak_memory_mb=peak,
        share_to_highs=results.solves.left_to_highs / results.samples_done
        if results.solves.engine == "kernel"
        else 1.0,
        stages=dict(progress.seconds),
    )


def workbench(config: Path) -> Workbench:
    """Return a worker's model and solver."""
    scenario = load_scenario(config).scenario
    return build_workbench(scenario)


def programs_of(bench: Workbench, first: int, n: int) -> LinearPrograms:
    """Return the linear programs of some samples."""
    return bench.model.programs(bench.draw(first, n)[1])


@dataclass(frozen=True)
class Found:
    """What the planner finds in the first samples.

    Attributes
    ----------
    cost_usd : ndarray, (sample,)
    pivots : float
        Of the simplex method, in the middle of the samples.
    bases : int
        Different sets of columns above zero and rows that are tight.
    """

    cost_usd: Floats
    pivots: float
    bases: int


def planner_optima(config: Path, samples: int) -> Found:
    """Return the planner's optima of the first samples."""
    bench = workbench(config)
    costs, pivots, bases = [], [], set()
    for first in range(0, samples, bench.block_size):
        n = min(bench.block_size, samples - first)
        solved = SolveBlock(first, n).run(bench)
        costs.append(solved.cost_usd)
        pivots.append(solved.iterations)
        bases |= _bases(programs_of(bench, first, n), solved)
    return Found(
        cost_usd=np.concatenate(costs),
        pivots=float(np.median(np.concatenate(pivots))),
        bases=len(bases),
    )


def _bases(programs: LinearPrograms, solved: SolvedBlock) -> set[bytes]:
    template, rhs = programs.template, programs.rhs
    column_of = np.repeat(np.arange(len(template.columns)), np.diff(template.starts))
    left = np.zeros_like(rhs)
    np.add.at(left.T, template.row_of, (programs.matrix * solved.x[:, column_of]).T)
    tight = np.abs(left - rhs) <= _TIGHT * (1 + np.abs(rhs))
    return {sample.tobytes() for sample in np.hstack([solved.x > _TIGHT, tight])}
