"""The planner against what one would otherwise write, on the same linear programs in one run.

Run it from the root of the repository, after ``pip install -e '.[bench]'``::

    python -m benchmarks.wait_and_see                    # some twenty minutes
    python -m benchmarks.wait_and_see --quick            # a tenth of the samples, fewer repeats
    python -m benchmarks.wait_and_see --only growth      # one part of it
    python -m benchmarks.wait_and_see --ten-million      # memory of 10,000,000 samples

Every engine has two processes, one thread each. The planner runs from end to end: it loads, checks,
draws, builds, solves, proves, measures and summarises. A peer's clock counts only that the numbers
of a program are handed over and that it is solved; drawing them and making their arrays is free.
The planner and the peers take turns, and a ratio is the median of the turns' ratios.

The last line of standard output is one JSON object; all else is for people.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from benchmarks.comparison import Comparison, compare
from benchmarks.growth import Step, measured, steps, ten_million
from benchmarks.peers import missing
from benchmarks.sizes import SIZES, WORKERS, Effort

_MISSING = 2
"""The exit code when a peer is not installed."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what the command line asks for and return the exit code."""
    given = _parser().parse_args(arguments)
    if absent := missing():
        print(
            f"not installed: {', '.join(absent)}; run: pip install -e '.[bench]'", file=sys.stderr
        )
        return _MISSING
    effort = Effort(
        repeats=given.repeats or (3 if given.quick else 5),
        seconds=given.seconds or (2.0 if given.quick else 4.0),
        quick=given.quick,
        most_samples=given.most_samples,
    )
    found: dict[str, Any] = {}
    if given.ten_million:
        found["ten_million"] = _table(ten_million())
    else:
        for name in [given.only] if given.only else [*SIZES, "growth"]:
            found[name] = _table(steps(effort)) if name == "growth" else _size(name, effort)
    print(json.dumps(found))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.wait_and_see", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--quick", action="store_true", help="a tenth of the samples")
    parser.add_argument("--only", choices=[*SIZES, "growth"], help="one part")
    parser.add_argument(
        "--ten-million", action="store_true", help="only: 1,000,000 and 10,000,000 samples"
    )
    parser.add_argument("--repeats", type=int, help="turns of the planner and its peers")
    parser.add_argument("--seconds", type=float, help="of each peer in each turn")
    parser.add_argument(
        "--most-samples", type=int, default=10**9, help="that the planner solves in any run"
    )
    return parser


def _size(name: str, effort: Effort) -> dict[str, Any]:
    """Measure and print one size, and return its figures."""
    size = SIZES[name]
    print(f"\n{name}: {effort.samples(size):,} samples, {WORKERS} processes", flush=True)
    comparison = compare(size, effort)
    _print_engines(comparison)
    _print_facts(comparison)
    return comparison.as_json()


def _print_engines(comparison: Comparison) -> None:
    figures = comparison.as_json()
    rates = figures["lps_per_second"]
    print(f"  each LP has {figures['rows']} rows and {figures['columns']} columns")
    print(f"  {'engine':12s} {'LPs/s':>10s} {'planner is':>12s} {'cost differs by at most':>25s}")
    print(f"  {'planner':12s} {rates['planner']:10,.0f}")
    for peer, ratio in figures["ratio_to"].items():
        off, samples = figures["rel_diff"][peer], figures["samples_compared"][peer]
        print(
            f"  {peer:12s} {rates[peer]:10,.0f} {ratio:10.1f} x "
            f"{off:25.1e} of it, {samples:,} samples",
            flush=True,
        )


def _print_facts(comparison: Comparison) -> None:
    figures = comparison.as_json()
    print(f"  {figures['median_pivots']:.0f} pivots in the middle of the samples")
    print(f"  {figures['distinct_bases']:,} bases in {figures['samples_of_bases']:,} samples")
    print(f"  {figures['share_to_highs']:.3%} of the samples left to HiGHS")
    print(
        f"  a run takes {figures['seconds']:.2f} s: {figures['draw_multiple']:.1f} x the time to "
        f"draw its inputs ({figures['draw_seconds']:.2f} s), {figures['uniform_multiple']:.1f} x "
        f"that of as many uniform numbers ({figures['uniform_seconds']:.2f} s)"
    )
    print(
        f"  peak memory {figures['peak_memory_mb']:,.0f} MB: of the main process, and "
        f"{WORKERS} x that of the largest worker",
        flush=True,
    )


def _table(rows: Iterable[Step]) -> list[dict[str, Any]]:
    """Measure and print runs of growing size, and return their figures."""
    print(f"\n{'growth':34s} {'samples':>11s} {'LP':>11s} {'s':>8s} {'LPs/s':>9s} {'peak MB':>8s}")
    figures = []
    for step in rows:
        run = measured(step)
        shape = f"{run.rows} x {run.columns}"
        print(
            f"{step.name:34s} {run.samples:11,} {shape:>11s} {run.seconds:8.2f} "
            f"{run.per_second:9,.0f} {run.peak_memory_mb:8,.0f}",
            flush=True,
        )
        figures.append({"name": step.name, **asdict(run), "lps_per_second": run.per_second})
    return figures


if __name__ == "__main__":
    sys.exit(main())
