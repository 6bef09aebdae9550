"""Scores of bands, and how they are averaged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

ALPHA = 0.2
"""What a band leaves out: it goes from P10 to P90."""


def interval_score(low: float, high: float, value: float, alpha: float = ALPHA) -> float:
    """Return the width of a band, and a penalty for a value outside it; less is better.

    Gneiting and Raftery 2007, doi:10.1198/016214506000001437, equation 43. All three are
    logarithms of a price relative to the price at the split, so that the score is free of scale.
    """
    outside = max(low - value, 0.0) + max(value - high, 0.0)
    return high - low + 2 / alpha * outside


def covers(low: float, high: float, value: float) -> bool:
    """Return whether a band, its ends included, has the value; both known to twelve digits."""
    return low - 1e-12 <= value <= high + 1e-12


@dataclass(frozen=True)
class Cell:
    """What is averaged over regions before anything else."""

    split: str
    horizon: int
    accelerator: str


@dataclass(frozen=True)
class Scored:
    """One forecast of one price by every method.

    Attributes
    ----------
    cell : Cell
    series : str
    bands : dict of str to (float, float)
        By method.
    value : float
        What came.
    """

    cell: Cell
    series: str
    bands: dict[str, tuple[float, float]]
    value: float


@dataclass(frozen=True)
class Average:
    """Averages over regions, and then equally over cells.

    Attributes
    ----------
    coverage, score : float
    n : int
        Forecasts.
    """

    coverage: float
    score: float
    n: int


def average(scored: Iterable[Scored], method: str) -> Average:
    """Return the averages of a method.

    Raises
    ------
    ValueError
        If there is nothing to average.
    """
    cells: defaultdict[Cell, list[tuple[bool, float]]] = defaultdict(list)
    for one in scored:
        band = one.bands[method]
        cells[one.cell].append((covers(*band, one.value), interval_score(*band, one.value)))
    if not cells:
        raise ValueError("no forecasts to average")
    return Average(
        fmean(fmean(hit for hit, _ in pairs) for pairs in cells.values()),
        fmean(fmean(score for _, score in pairs) for pairs in cells.values()),
        sum(len(pairs) for pairs in cells.values()),
    )


def figures(scored: Sequence[Scored], method: str, rival: str) -> dict[str, Any]:
    """Return coverage, n and the ratio of interval scores to a rival's; also by parts."""

    def part(chosen: Sequence[Scored]) -> dict[str, Any]:
        ours, theirs = average(chosen, method), average(chosen, rival)
        return {
            "coverage": round(ours.coverage, 4),
            "n": ours.n,
            "interval_score_ratio": (
                round(ours.score / theirs.score, 4) if theirs.score > 0 else None
            ),
        }

    def parts(key: Callable[[Cell], Any]) -> dict[str, Any]:
        keys = sorted({key(one.cell) for one in scored})
        return {
            str(wanted): part([one for one in scored if key(one.cell) == wanted]) for wanted in keys
        }

    return {
        **part(scored),
        "by_horizon": parts(lambda cell: cell.horizon),
        "by_accelerator": parts(lambda cell: cell.accelerator),
    }
