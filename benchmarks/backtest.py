"""How well fitted processes foretold prices: bands for the quarters after each split.

Run it from the root of the repository, on a history with the columns ``date``, ``cloud``,
``region``, ``instance_type``, ``accelerator``, ``usd_per_accelerator_hour`` and ``pricing``::

    python -m benchmarks.backtest HISTORY.csv                       # splits inside the history
    python -m benchmarks.backtest HISTORY.csv LATER.csv             # and what came after it
    python -m benchmarks.backtest HISTORY.csv --split 2024-09 --split 2025-03

A split is the first month that is not known. The process is fitted to each accelerator's GCP spot
prices of the months before (the last price of each; series of at least seven months that reach the
split are scored), and its paths are drawn as a run draws them, with a fixed seed. Bands go from P10
to P90 one to four quarters after the last known month. Series with identical paths count once. What
is reported are averages over regions, and then equally over (split, horizon, accelerator).

The interval score is of logarithms of price, and so free of scale. The last line of standard output
is one JSON object; all else is for people.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.backtest_forecasts import (
    METHODS,
    PROCESS,
    SERIES_WALK,
    all_forecasts,
    split_name,
)
from benchmarks.backtest_scores import Scored, average, figures
from planner.errors import InputError, PlannerError, Problem
from planner.uncertainty.fitting.series import (
    QUARTER,
    Series,
    changes,
    distinct,
    month_ends,
    month_name,
)
from planner.uncertainty.fitting.table import Observations, Wanted, read_observations

SPLITS = ("2024-06", "2025-01", "2025-06")
LIST_PRICES = ("on_demand", "reserved_1y", "reserved_3y")

_BY = ("accelerator", "region", "instance_type")
_SEPARATOR = " / "


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the backtest and return the exit code."""
    given = _parser().parse_args(arguments)
    try:
        found = backtest(given.history, given.later, given.split or SPLITS)
    except PlannerError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    print(json.dumps(found))
    return 0


def backtest(history: Path, later: Path | None, splits: Sequence[str]) -> dict[str, Any]:
    """Print all for people, and return the figures of the last line.

    Raises
    ------
    InputError
        If a file cannot be used, or there is nothing to score.
    """
    spot = read_series(history, "spot")
    last = max(int(one.months[-1]) for one in _flat(spot))
    print(
        f"{len(_flat(spot))} GCP spot series of {len(spot)} accelerators, up to {month_name(last)}"
    )
    bases = [(split_name(base), base) for base in _bases(splits, spot)]
    inside = all_forecasts(bases, spot)
    _refuse_nothing(inside, history, "--split earlier months, seven or more after the first")
    found = _report(inside, "splits " + ", ".join(name for name, _ in bases))
    _list_prices(history)
    if later is not None:
        joined = _joined(spot, read_series(later, "spot"), last)
        after = all_forecasts([(split_name(last), last)], joined)
        _refuse_nothing(after, later, f"it needs a month {QUARTER}, 6, 9 or 12 after the history")
        found["later"] = _report(after, f"fitted on all of the history, scored on {later.name}")
    return found


def read_series(path: Path, pricing: str) -> dict[str, list[Series]]:
    """Return the GCP series of one kind of price, by accelerator.

    Raises
    ------
    InputError
        If the file cannot be used, or has no such price.
    """
    where = ("cloud=gcp", f"pricing={pricing}")
    wanted = Wanted("usd_per_accelerator_hour", "date", _BY, where)
    return by_accelerator(read_observations(path, wanted))


def by_accelerator(observed: Observations) -> dict[str, list[Series]]:
    """Return the series of each accelerator; its name comes first in their labels."""
    found: dict[str, list[Series]] = {}
    for one in month_ends(observed):
        found.setdefault(one.name.split(_SEPARATOR)[0], []).append(one)
    return found


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.backtest", description=__doc__.splitlines()[0]
    )
    parser.add_argument("history", type=Path, metavar="HISTORY.csv", help="what is known")
    parser.add_argument(
        "later", type=Path, nargs="?", metavar="LATER.csv", help="prices after the history's end"
    )
    parser.add_argument(
        "--split",
        action="append",
        metavar="DATE",
        help=f"the first month not known; any number of times; {', '.join(SPLITS)} unless given",
    )
    return parser


def _flat(series: dict[str, list[Series]]) -> list[Series]:
    return [one for some in series.values() for one in some]


def _bases(splits: Sequence[str], spot: dict[str, list[Series]]) -> list[int]:
    """Return the last known month of each split."""
    first = min(int(one.months[0]) for one in _flat(spot))
    last = max(int(one.months[-1]) for one in _flat(spot))
    bases, problems = [], []
    for split in splits:
        try:
            at = np.datetime64(split[: len("2024-06")], "M").astype(int) + 12 * 1970
        except ValueError:
            at = -1
        if first < at <= last:
            bases.append(int(at) - 1)
        else:
            problems.append(
                Problem(
                    "",
                    "this is no month inside the history",
                    allowed=f"YYYY-MM from {month_name(first + 1)} to {month_name(last)}",
                    remedy="choose a month with history before and after it",
                    value=split,
                    file="--split",
                )
            )
    if problems:
        raise InputError(problems)
    return sorted(set(bases))


def _refuse_nothing(scored: Sequence[Scored], path: Path, remedy: str) -> None:
    if not scored:
        raise InputError(
            [Problem("", "there is no forecast to score", remedy=remedy, file=str(path))]
        )


def _joined(
    spot: dict[str, list[Series]], later: dict[str, list[Series]], last: int
) -> dict[str, list[Series]]:
    """Return the history's series with the later months after its end."""
    after = {one.name: one for one in _flat(later)}
    joined: dict[str, list[Series]] = {}
    for accelerator, series in spot.items():
        for one in series:
            known = one.until(last)
            if one.name in after:
                new = after[one.name]
                kept = new.months > last
                known = Series(
                    one.name,
                    np.concatenate([known.months, new.months[kept]]),
                    np.concatenate([known.values, new.values[kept]]),
                )
            joined.setdefault(accelerator, []).append(known)
    unknown = len(after.keys() - {one.name for one in _flat(spot)})
    print(f"\n{unknown} later series are not in the history and are not scored")
    return joined


def _report(scored: Sequence[Scored], title: str) -> dict[str, Any]:
    """Print every method by accelerator, by horizon and by split, and return our figures."""
    print(f"\n{title}: {len(scored):,} forecasts")
    for heading, key in (
        ("", lambda _: "all"),
        ("accelerator", lambda one: one.cell.accelerator),
        ("quarters ahead", lambda one: str(one.cell.horizon)),
        ("split", lambda one: one.cell.split),
    ):
        print(f"\n  {heading:18s} {'method':24s} {'coverage':>8s} {'score':>7s} {'ratio':>6s}")
        for name in sorted({key(one) for one in scored}):
            part = [one for one in scored if key(one) == name]
            walk = average(part, SERIES_WALK).score
            for method in METHODS:
                found = average(part, method)
                ratio = f"{found.score / walk:6.2f}" if walk > 0 else "     -"
                print(f"  {name:18s} {method:24s} {found.coverage:8.1%} {found.score:7.3f} {ratio}")
    print("\n  score: mean interval score of log prices; ratio: to the random walk per series")
    return figures(scored, PROCESS, SERIES_WALK)


def _list_prices(history: Path) -> None:
    """Print how often list prices change; bands of what hardly moves say nothing."""
    print(f"\n  {'list price':12s} {'accelerator':16s} {'months':>7s} {'changed':>8s} {'sizes'}")
    for pricing in LIST_PRICES:
        try:
            found = read_series(history, pricing)
        except InputError:
            print(f"  {pricing:12s} none in this history")
            continue
        for accelerator, series in sorted(found.items()):
            months = changes(distinct(series), 1).size
            moved = months[months != 0]
            if months.size:
                sizes = f"log {moved.min():+.3f} to {moved.max():+.3f}" if moved.size else "-"
                share = moved.size / months.size
                print(f"  {pricing:12s} {accelerator:16s} {months.size:7,} {share:8.1%} {sizes}")


if __name__ == "__main__":
    sys.exit(main())
