"""How long the random numbers of a run take when nothing else is done."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np

from benchmarks.planner_runs import workbench
from benchmarks.sizes import WORKERS


def drawing_seconds(config: Path, samples: int) -> float:
    """Return the time to draw every uncertain input, uniforms and quantile functions."""
    return _on_all(_draw, config, samples)


def uniform_seconds(config: Path, samples: int) -> float:
    """Return the time that NumPy takes for as many uniform numbers."""
    return _on_all(_uniforms, config, samples)


def _on_all(work: Callable[[Path, int, int], float], config: Path, samples: int) -> float:
    """Return the longest time of all processes, each with its part of the samples."""
    spawn = multiprocessing.get_context("spawn")
    part = -(-samples // WORKERS)
    with ProcessPoolExecutor(WORKERS, mp_context=spawn) as pool:
        # Both have imported everything before either is timed.
        list(pool.map(time.sleep, [0.2] * WORKERS))
        waiting = [pool.submit(work, config, k * part, part) for k in range(WORKERS)]
        return max(answer.result() for answer in waiting)


def _draw(config: Path, first: int, n: int) -> float:
    bench = workbench(config)
    size = bench.block_size
    begin = time.perf_counter()
    for start in range(first, first + n, size):
        bench.sampler.draw(start, min(size, first + n - start))
    return time.perf_counter() - begin


def _uniforms(config: Path, first: int, n: int) -> float:
    bench = workbench(config)
    size, generator = bench.block_size, np.random.default_rng([bench.sampler.seed, first])
    begin = time.perf_counter()
    for start in range(0, n, size):
        generator.random((min(size, n - start), len(bench.inputs)))
    return time.perf_counter() - begin
