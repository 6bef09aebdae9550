"""How many fewer samples even coverage needs for the same standard error of the mean cost.

Run it from the root of the repository::

    python -m benchmarks.sampling                       # some five minutes on two cores
    python -m benchmarks.sampling --replications 20     # a look

Each method draws and solves independent replicates of the quickstart; the variance of a
replicate's mean cost, against that of as many independent samples, is how many times fewer samples
a run of such replicates needs. Limits are of a bootstrap over replicates.

The last line of standard output is one JSON object; all else is for people.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.arrays import Floats
from benchmarks.planner_runs import workbench
from benchmarks.sizes import WORKERS
from planner.uncertainty.sampling import Method, Sampler

QUICKSTART = Path(__file__).resolve().parents[1] / "configs" / "quickstart.yaml"

LEADING = (
    "workloads.inference.demand.times",
    "workloads.pretraining.demand.times",
    "platforms.nvidia-b200.utilisation.inference",
    "platforms.google-tpu-v6e.utilisation.pretraining",
)
"""What moves the quickstart's cost most, as its report says: first in a net."""

METHODS: tuple[tuple[str, Method, tuple[str, ...]], ...] = (
    ("random", "random", ()),
    ("latin-hypercube", "latin-hypercube", ()),
    ("sobol", "sobol", ()),
    ("sobol, leading inputs named", "sobol", LEADING),
)
_RESAMPLED = 4000


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sampling")
    parser.add_argument("--replications", type=int, default=200, help="of each method")
    parser.add_argument("--samples", type=int, default=1024, help="of a replicate")
    given = parser.parse_args(arguments)
    costs = {
        words: _costs(method, leading, given.samples, given.replications)
        for words, method, leading in METHODS
    }
    print(f"{given.replications} replicates of {given.samples:,} samples of the quickstart")
    print(f"  {'method':28s} {'mean cost, M$':>14s} {'its error':>10s} {'fewer samples':>28s}")
    found = {}
    for words, means in costs.items():
        ratio = efficiency(costs["random"], means)
        found[words] = ratio
        print(
            f"  {words:28s} {means.mean() / 1e6:14.2f} "
            f"{means.std(ddof=1) / np.sqrt(means.size) / 1e6:10.2f} "
            f"{ratio['ratio']:9.1f} x, 95 %: {ratio['low']:.1f} to {ratio['high']:.1f}"
        )
    print(json.dumps({"samples": given.samples, "replications": given.replications, **found}))
    return 0


def efficiency(random: Floats, even: Floats) -> dict[str, float]:
    """Return the ratio of variances of replicates' means, with a bootstrap's 95 % limits."""
    generator = np.random.default_rng(1)
    one, other = (
        means[generator.integers(0, means.size, (_RESAMPLED, means.size))].var(axis=1, ddof=1)
        for means in (random, even)
    )
    low, high = np.quantile(one / other, [0.025, 0.975])
    ratio = random.var(ddof=1) / even.var(ddof=1)
    return {"ratio": float(ratio), "low": float(low), "high": float(high)}


def _costs(method: Method, leading: tuple[str, ...], size: int, replications: int) -> Floats:
    """Return the mean cost of each replicate, (replicate,)."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(WORKERS, mp_context=spawn) as pool:
        parts = np.array_split(np.arange(replications), WORKERS)
        work = partial(_means, method, leading, size)
        return np.concatenate(list(pool.map(work, parts)))


def _means(method: Method, leading: tuple[str, ...], size: int, numbers: Any) -> Floats:
    bench = workbench(QUICKSTART)
    names = [item.name for item in bench.inputs]
    order = list(dict.fromkeys([*leading, *names]))
    sampler: Sampler = replace(
        bench.sampler,
        method=method,
        replicate=1 if method == "random" else size,
        dimensions=tuple(order.index(name) for name in names),
    )
    means = []
    for number in numbers.tolist():
        draws = sampler.draw(number * size, size)
        programs = bench.model.programs(bench.model.coefficients(draws))
        solved = bench.solve(programs, break_ties=False).solutions
        means.append(solved.objective.mean())
    return np.array(means)


if __name__ == "__main__":
    sys.exit(main())
