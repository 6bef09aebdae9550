"""Forecasts from what was known before a split, by the product's process and by its rivals."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
from scipy.special import ndtri

from benchmarks.backtest_scores import ALPHA, Cell, Scored
from planner.uncertainty.fitting.ahead import simulate
from planner.uncertainty.fitting.process import FEWEST_MONTHS, fit_process
from planner.uncertainty.fitting.series import (
    QUARTER,
    Series,
    changes,
    distinct,
    month_name,
)

HORIZONS = (1, 2, 3, 4)
"""Quarters ahead."""

PROCESS = "fitted process"
SERIES_WALK = "random walk per series"
POOLED_WALK = "pooled random walk"
NO_CHANGE = "no change"
METHODS = (PROCESS, SERIES_WALK, POOLED_WALK, NO_CHANGE)

Band = tuple[float, float]


def forecasts(
    split: str, base: int, accelerator: str, histories: Sequence[Series]
) -> Iterator[Scored]:
    """Yield every forecast that can be scored.

    Parameters
    ----------
    split : str
        As shown.
    base : int
        The last month that is known.
    accelerator : str
    histories : sequence of Series
        Of one accelerator, no two alike, with the months after `base` to score with.
    """
    known = [one.until(base) for one in histories]
    scope = [
        (now, one)
        for now, one in zip(known, histories, strict=True)
        if now.months.size >= FEWEST_MONTHS and now.at(base) is not None
    ]
    if not scope:
        return
    # Series too short to be scored are fitted too: a younger machine type has the same seller.
    pool = [one for one in known if one.months.size]
    ours, pooled = process_bands(pool), _walk_bands(pool)
    for now, one in scope:
        own = _walk_bands([now])
        for horizon in HORIZONS:
            value = one.at(base + QUARTER * horizon)
            if value is not None:
                bands = {
                    PROCESS: ours[horizon - 1],
                    SERIES_WALK: own[horizon - 1],
                    POOLED_WALK: pooled[horizon - 1],
                    NO_CHANGE: (0.0, 0.0),
                }
                moved = math.log(value) - float(now.logs[-1])
                yield Scored(Cell(split, horizon, accelerator), one.name, bands, moved)


def process_bands(known: Sequence[Series]) -> list[Band]:
    """Return P10 and P90 of the logarithm relative to now, for each horizon.

    They are of the paths that a scenario would draw with what ``planner fit --as process`` prints.
    """
    spec = fit_process(known).spec
    logs = np.log(simulate(spec, max(HORIZONS)))
    low, high = np.quantile(logs, [ALPHA / 2, 1 - ALPHA / 2], axis=0)
    return [(float(low[horizon]), float(high[horizon])) for horizon in HORIZONS]


def _walk_bands(known: Sequence[Series]) -> list[Band]:
    """Return the bands of a log random walk without drift, by the mean square of its months."""
    variance = float((changes(known, 1).size ** 2).mean())
    reach = float(ndtri(1 - ALPHA / 2))
    widths = [reach * math.sqrt(variance * QUARTER * horizon) for horizon in HORIZONS]
    return [(-width, width) for width in widths]


def all_forecasts(
    splits: Sequence[tuple[str, int]], by_accelerator: dict[str, list[Series]]
) -> list[Scored]:
    """Return the forecasts of every split and accelerator; identical paths count once."""
    return [
        scored
        for split, base in splits
        for accelerator, series in by_accelerator.items()
        for scored in forecasts(split, base, accelerator, distinct(series))
    ]


def split_name(base: int) -> str:
    """Return the month that begins after the last one that is known."""
    return month_name(base + 1)
