"""The batch kernel against HiGHS on very many programs, with exact arithmetic as the judge.

Run it from the root of the repository::

    python -m benchmarks.verdicts                 # 1,000,000 programs of 20 templates
    python -m benchmarks.verdicts --lps 100000    # fewer

The bars that it is to be held against: no program without a verdict; where kernel and HiGHS
differ in status, or by more than 1e-9 relative in objective, the kernel is right or has deferred
to HiGHS. It ends with 1 unless both hold. Progress goes to standard error; the last line of the
table's output is the same in JSON.
"""

from __future__ import annotations

import argparse
import json
import math
import multiprocessing
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from solve.random_templates import BLOCK, COUNT, kind
from solve.referee import Case, Referee, Tally

LPS, SEED, WORKERS = 1_000_000, 1, 2
CHECKED = 200
"""Programs of each template on which the solvers agree that are proven exactly all the same."""

_SHOWN = 20
_PROGRESS_S = 10.0


@cache
def _referee(seed: int, at: int) -> Referee:
    """Return the solvers of a template, which a process makes once."""
    return Referee(seed, at)


def _examine(seed: int, at: int, block: int, n: int, checks: int) -> Tally:
    return _referee(seed, at).examine(block, checks, n)


def measure(lps: int, templates: int, seed: int, workers: int) -> list[Tally]:
    """Return the tally of each template."""
    each = math.ceil(lps / templates)
    blocks = math.ceil(each / BLOCK)
    checks = math.ceil(CHECKED / blocks)
    tallies = [Tally() for _ in range(templates)]
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=spawn) as pool:
        tasks = {
            pool.submit(_examine, seed, at, block, min(BLOCK, each - block * BLOCK), checks): at
            for at in range(templates)
            for block in range(blocks)
        }
        for done in _with_progress(as_completed(tasks), len(tasks)):
            tallies[tasks[done]].add(done.result())
    return tallies


def _with_progress(items: Iterator[Any], total: int) -> Iterator[Any]:
    began = shown = time.monotonic()
    for count, item in enumerate(items, start=1):
        yield item
        now = time.monotonic()
        if now - shown > _PROGRESS_S or count == total:
            shown = now
            print(f"{count} of {total} blocks, {now - began:.0f} s", file=sys.stderr, flush=True)


_HEAD = (
    f"{'template':16s} {'size':>8s} {'LPs':>8s} {'proven':>8s} {'defer':>7s} {'optimal':>8s} "
    f"{'infeas':>7s} {'unbound':>7s} {'none':>4s} {'differ':>6s} {'WRONG':>5s} {'HiGHS':>6s} "
    f"{'exact':>6s} {'worst':>7s} {'primal':>7s} {'dual':>7s} {'gap':>7s} {'>1e-9':>6s} "
    f"{'pivots':>6s} {'us':>6s} {'HiGHS us':>8s}"
)

_MEANING = """
proven: solved by the kernel and certified; defer: all others; optimal, infeas, unbound: by HiGHS;
none: without any verdict; differ: proven, but HiGHS has another status or objective (by 1e-9);
WRONG: of these and of the checked, those where the kernel's optimum is not the exact one;
HiGHS: where HiGHS's verdict is not; exact: programs decided by exact arithmetic;
worst: the kernel's largest error there, relative to the terms of the objective;
primal, dual, gap: the largest certified residuals; >1e-9: proven programs with a larger one;
us: microseconds a program."""


def row(name: str, size: str, tally: Tally) -> str:
    """Return one line of the table."""
    cases, verdicts = _cases(tally), tally.verdicts
    worst = max((case.error for case in cases), default=0.0)
    residuals = " ".join(f"{value:7.1e}" for value in tally.residual)
    return (
        f"{name:16s} {size:>8s} {tally.programs:8d} {tally.proven:8d} "
        f"{tally.programs - tally.proven:7d} {verdicts['optimal']:8d} "
        f"{verdicts['infeasible']:7d} {verdicts['unbounded']:7d} {tally.without_verdict:4d} "
        f"{len(tally.differing):6d} {len(tally.wrong):5d} "
        f"{sum(case.highs_wrong for case in cases):6d} {len(cases):6d} {worst:7.1e} {residuals} "
        f"{tally.unsigned:6d} {tally.pivots / max(tally.proven, 1):6.1f} "
        f"{1e6 * tally.kernel_s / tally.programs:6.0f} "
        f"{1e6 * tally.highs_s / tally.programs:8.0f}"
    )


def _cases(tally: Tally) -> list[Case]:
    return [*tally.differing, *tally.agreeing, *tally.deferred]


def summary(total: Tally) -> dict[str, Any]:
    """Return all that the table says of all templates together."""
    cases = _cases(total)
    return {
        "programs": total.programs,
        "proven": total.proven,
        "deferred_though_optimal": total.verdicts["optimal"]
        - total.proven
        + sum(case.highs != "optimal" for case in total.differing),
        "highs": total.verdicts,
        "without_verdict": total.without_verdict,
        "differing": len(total.differing),
        "wrong": len(total.wrong),
        "wrong_among_differing": sum(case.wrong for case in total.differing),
        "highs_wrong_among_differing": sum(case.highs_wrong for case in total.differing),
        "agreeing_checked": len(total.agreeing),
        "deferred_checked": len(total.deferred),
        "highs_wrong_among_deferred": sum(case.highs_wrong for case in total.deferred),
        "worst_error": max((case.error for case in cases), default=0.0),
        "residuals": total.residual.tolist(),
        "residuals_above_1e-9": total.unsigned,
        "kernel_s": round(total.kernel_s, 1),
        "highs_s": round(total.highs_s, 1),
        "exact_s": round(total.exact_s, 1),
    }


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lps", type=int, default=LPS)
    parser.add_argument("--templates", type=int, default=COUNT, choices=range(1, COUNT + 1))
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--workers", type=int, default=WORKERS)
    parser.add_argument("--cases", type=Path, help="write the exactly decided programs here (JSON)")
    given = parser.parse_args()
    began = time.monotonic()
    tallies = measure(given.lps, given.templates, given.seed, given.workers)
    print(_HEAD)
    total = Tally()
    for at, tally in enumerate(tallies):
        named = kind(given.seed, at)
        print(row(named.name, named.size, tally))
        total.add(tally)
    print(row("all", "", total))
    print(_MEANING)
    for case in [*total.wrong][:_SHOWN]:
        print(f"WRONG {case}")
    if given.cases:
        given.cases.write_text(json.dumps([asdict(case) for case in _cases(total)], indent=1))
    found = summary(total)
    print(json.dumps(found | {"seed": given.seed, "seconds": round(time.monotonic() - began)}))
    sys.exit(1 if found["wrong"] or found["without_verdict"] else 0)


if __name__ == "__main__":
    _main()
