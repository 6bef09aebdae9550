"""The committed plan by the planner and by what one would otherwise write, on the same numbers.

Run it from the root of the repository, after ``pip install -e '.[bench]'``::

    python -m benchmarks.committed_plan                           # some hours, by its peers' limits
    python -m benchmarks.committed_plan --quick                   # 100 samples, a minute each
    python -m benchmarks.committed_plan --only neutral 1000 planner linopy

Every engine has a process of its own, with a limit of time and of memory, and two processors as far
as it can use them. A peer's clock counts that its model is written from arrays of all samples and
solved; that they are drawn is free, and so is the flat matrix that PuLP and highspy are given. The
planner's clock counts drawing, too. No clock counts that code is loaded. Whoever has such an option
stops at a relative gap of 1e-4; simplex methods have none, and go to the end. Past its limits in
one size, an engine is not tried in larger ones. Beyond 10,000 samples the planner is alone.

Peak memory is that of an engine's largest process, its numbers and libraries included.

The last line of standard output is one JSON object; all else is for people.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.committed_engines import ENGINES, HIGHS, PLANNER, RISKS
from benchmarks.limited import Limits, Outcome, run_limited

SIZES = (100, 1_000, 10_000, 100_000, 1_000_000)
QUICK_SIZES = (100,)
_PEERS_UP_TO = 10_000
_LIMIT_S, _QUICK_LIMIT_S = 600.0, 60.0
_MEMORY_GB = 12.0

HIGHS_FASTEST = "highs_fastest"
"""Whichever of HiGHS's methods is the first."""


@dataclass(frozen=True)
class Chosen:
    """What is measured."""

    risks: tuple[str, ...]
    sizes: tuple[int, ...]
    engines: tuple[str, ...]

    @classmethod
    def of(cls, words: Sequence[str], quick: bool) -> Chosen:
        """Return what the words name; of a kind that none names, all.

        Raises
        ------
        ValueError
            If a word is neither a risk, a number of samples nor an engine.
        """
        unknown = [w for w in words if not w.isdecimal() and w not in (*RISKS, *ENGINES)]
        if unknown:
            raise ValueError(
                f"unknown: {', '.join(unknown)}; known: a number of samples, "
                f"{', '.join((*RISKS, *ENGINES))}"
            )
        sizes = tuple(int(w) for w in words if w.isdecimal())
        return cls(
            risks=tuple(r for r in RISKS if r in words) or tuple(RISKS),
            sizes=sizes or (QUICK_SIZES if quick else SIZES),
            engines=tuple(e for e in ENGINES if e in words) or tuple(ENGINES),
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what the command line asks for and return the exit code."""
    parser = _parser()
    given = parser.parse_args(arguments)
    try:
        chosen = Chosen.of(given.only, given.quick)
    except ValueError as error:
        parser.error(str(error))
    limits = Limits(
        seconds=given.limit or (_QUICK_LIMIT_S if given.quick else _LIMIT_S),
        memory_gb=given.memory_gb,
    )
    print(json.dumps({risk: _risk(risk, chosen, limits) for risk in chosen.risks}))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.committed_plan", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--quick", action="store_true", help="100 samples, limits of 60 s")
    parser.add_argument(
        "--only", nargs="+", default=[], metavar="WORD", help="risks, engines, numbers of samples"
    )
    parser.add_argument("--limit", type=float, help="seconds of each engine in each size")
    parser.add_argument(
        "--memory-gb", type=float, default=_MEMORY_GB, help="of each engine's processes"
    )
    return parser


def _risk(risk: str, chosen: Chosen, limits: Limits) -> dict[str, Any]:
    """Measure and print all sizes under a measure of risk, and return their figures."""
    found: dict[str, Any] = {}
    broke: dict[str, str] = {}
    for samples in chosen.sizes:
        outcomes: dict[str, Outcome] = {}
        print(f"\n{risk}, {samples:,} samples", flush=True)
        print(f"  {'engine':20s} {'s':>9s} {'planner is':>12s} {'peak MB':>9s}  cost differs")
        for engine in chosen.engines:
            if engine != PLANNER and samples > _PEERS_UP_TO:
                continue
            if engine in broke:
                outcomes[engine] = Outcome(broke=f"not tried: {broke[engine]}")
            else:
                ours = outcomes.get(PLANNER)
                reference = ours.objective if ours and not ours.broke else None
                outcomes[engine] = run_limited(engine, samples, risk, limits, reference)
            if outcomes[engine].broke and not outcomes[engine].broke.startswith("not"):
                broke[engine] = f"with {samples:,} samples, {outcomes[engine].broke}"
            _print(engine, outcomes)
        found[str(samples)] = figures(outcomes)
    return found


def _print(engine: str, outcomes: dict[str, Outcome]) -> None:
    own, table = outcomes[engine], figures(outcomes)
    ratio, least = table["ratio_to"].get(engine), table["ratio_at_least"].get(engine)
    faster = f"{ratio:.1f} x" if ratio else f"> {least:.1f} x" if least else ""
    off = table["relative_difference"].get(engine)
    seconds = "" if own.broke else f"{own.seconds:.2f}"
    peak = f"{own.peak_mb:,.0f}" if own.peak_mb else ""
    says = own.broke or ("" if off is None else f"{off:+.1e}")
    print(f"  {engine:20s} {seconds:>9s} {faster:>12s} {peak:>9s}  {says}", flush=True)


def figures(outcomes: dict[str, Outcome]) -> dict[str, Any]:
    """Return what the last line says of a size.

    ``ratio_to`` is a peer's seconds over the planner's, ``ratio_at_least`` that of a peer that was
    stopped at its limit of time, and ``relative_difference`` a peer's objective less the planner's,
    relative to it.
    """
    done = {name: one for name, one in outcomes.items() if not one.broke}
    found: dict[str, Any] = {
        "seconds": {name: one.seconds for name, one in done.items()},
        "cpu_seconds": {name: one.cpu_seconds for name, one in done.items()},
        "peak_mb": {name: one.peak_mb for name, one in outcomes.items() if one.peak_mb},
        "relative_difference": {},
        "ratio_to": {},
        "ratio_at_least": {},
        "broke": {name: one.broke for name, one in outcomes.items() if one.broke},
    }
    if PLANNER not in done:
        return found
    ours = done[PLANNER]
    found["gap"], found["iterations"] = ours.gap, ours.iterations
    peers = {name: one for name, one in done.items() if name != PLANNER}
    found["relative_difference"] = {
        name: (one.objective - ours.objective) / abs(ours.objective) for name, one in peers.items()
    }
    ratios = {name: one.seconds / ours.seconds for name, one in peers.items()}
    fastest = min((ratio for name, ratio in ratios.items() if name in HIGHS), default=None)
    found["ratio_to"] = ratios if fastest is None else {**ratios, HIGHS_FASTEST: fastest}
    found["ratio_at_least"] = {
        name: one.stopped_after_s / ours.seconds
        for name, one in outcomes.items()
        if one.stopped_after_s
    }
    return found


if __name__ == "__main__":
    sys.exit(main())
