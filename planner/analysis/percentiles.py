"""P10, P50 and P90 with their errors and intervals, from all samples in order or from bins."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr, betainc

from planner.analysis.results_estimates import Estimate

Array = NDArray[np.float64]

LEVELS = (0.1, 0.5, 0.9)

NO_EFFECTS = (1.0, 1.0, 1.0)
"""Design effects of independent samples."""

_FAR = 12
"""Standard deviations of a rank beyond which nothing has a probability that a float shows."""


@dataclass(frozen=True)
class Percentiles:
    """The three percentiles of one quantity.

    Attributes
    ----------
    error : float
        None of the three is farther than this from the percentile of the samples themselves.
    p10, p50, p90 : Estimate
    """

    error: float
    p10: Estimate
    p50: Estimate
    p90: Estimate


def exact(values: Array, effects: tuple[float, ...] = NO_EFFECTS) -> Percentiles:
    """Return the percentiles of samples, shape (sample,).

    They interpolate linearly between order statistics; their standard errors are those of Maritz
    and Jarrett (1978, JASA 73, 194-196), their intervals distribution-free (binomial). Where
    samples depend on each other both are wider or narrower by the root of the design effect.
    """
    ordered, n = np.sort(values), values.size
    found = []
    for level, effect in zip(LEVELS, effects, strict=True):
        rank, part = place(n, level)
        low, high = _ranks_apart(n, level, effect)
        error = _maritz_jarrett_error(ordered, level)
        found.append(
            Estimate(
                _between(float(ordered[rank]), float(ordered[min(rank + 1, n - 1)]), part),
                None if error is None else error * float(np.sqrt(effect)),
                None if low is None else float(ordered[low]),
                None if high is None else float(ordered[high]),
                n,
            )
        )
    return Percentiles(0.0, *found)


def binned(
    counts: NDArray[np.int64],
    lows: Array,
    highs: Array,
    effects: tuple[float, ...] = NO_EFFECTS,
) -> Percentiles:
    """Return the percentiles of samples that are known only by the bin that they are in.

    They are taken to lie evenly in their bin; the error is how far they can be from there.
    Intervals are binomial too, out to the bounds of the bins that they end in. A standard error is
    that of a percentile's level times the slope of the quantile function over the interval.

    Parameters
    ----------
    counts : ndarray of int, (bin,)
        Of bins in the order of their values, not all empty.
    lows, highs : ndarray, (bin,)
        The least and the greatest value that is possible in each bin that holds any.
    effects : tuple of float
        Design effect at each level.
    """
    filled = counts > 0
    bins = _Bins(np.cumsum(counts[filled]), lows[filled], highs[filled])
    found, errors = [], []
    for level, effect in zip(LEVELS, effects, strict=True):
        rank, part = place(bins.n, level)
        (low, off_low), (high, off_high) = (bins.at(k) for k in (rank, min(rank + 1, bins.n - 1)))
        errors.append(_between(off_low, off_high, part))
        value = _between(low, high, part)
        found.append(_binned_estimate(bins, level, effect, value))
    return Percentiles(max(errors), *found)


@dataclass(frozen=True)
class _Bins:
    """Bins that all hold something; `ends` counts what is in each and all below."""

    ends: NDArray[np.int64]
    lows: Array
    highs: Array

    @property
    def n(self) -> int:
        return int(self.ends[-1])

    def of(self, rank: int) -> int:
        """Return the bin that holds the order statistic of a rank, from 0."""
        return int(np.searchsorted(self.ends, rank, side="right"))

    def at(self, rank: int) -> tuple[float, float]:
        """Return an order statistic and how far it can be from that."""
        k = self.of(rank)
        first = int(self.ends[k - 1]) if k else 0
        low, high = float(self.lows[k]), float(self.highs[k])
        value = _between(low, high, (rank - first + 0.5) / (int(self.ends[k]) - first))
        return value, max(value - low, high - value)


def _binned_estimate(bins: _Bins, level: float, effect: float, value: float) -> Estimate:
    n = bins.n
    low, high = _ranks_apart(n, level, effect)
    first, last = low or 0, n - 1 if high is None else high
    error = None
    if last > first:
        slope = (bins.at(last)[0] - bins.at(first)[0]) / (last - first) * n
        error = float(np.sqrt(effect * level * (1 - level) / n) * slope)
    return Estimate(
        value,
        error,
        None if low is None else float(bins.lows[bins.of(low)]),
        None if high is None else float(bins.highs[bins.of(high)]),
        n,
    )


def place(n: int, level: float) -> tuple[int, float]:
    """Return the order statistic below a percentile, from 0, and the part of the way to the next.

    Type 7 of Hyndman and Fan (1996), The American Statistician 50, 361-365.
    """
    below, part = divmod(level * (n - 1), 1)
    return int(below), part


def _between(low: float, high: float, part: float) -> float:
    """Interpolate so that no rounding leads out of the bounds and a part of 1 is `high` itself."""
    return low + (high - low) * part if part < 0.5 else high - (high - low) * (1 - part)


def _maritz_jarrett_error(ordered: Array, level: float) -> float | None:
    n = ordered.size
    if n < 2:
        return None
    first, weights = _maritz_jarrett(n, level)
    near = ordered[first : first + weights.size]
    centred = near - near[near.size // 2]
    mean, square = weights @ centred, weights @ centred**2
    return float(np.sqrt(max(square - mean**2, 0.0)))


@lru_cache(maxsize=64)
def _maritz_jarrett(n: int, level: float) -> tuple[int, Array]:
    """Return the weights of the order statistics from a first one on; others have none."""
    rank = level * (n - 1) + 1
    first, last = _near(n, level)
    edges = betainc(rank, n + 1 - rank, np.arange(first, last + 1) / n)
    return first, np.asarray(np.diff(edges))


@lru_cache(maxsize=64)
def ranks(n: int, level: float) -> tuple[int | None, int | None]:
    """Return the order statistics that enclose a percentile with 95 % confidence, from 0."""
    low, high = (
        bisect_left(range(n + 1), share, key=lambda count: bdtr(count, n, level))
        for share in (0.025, 0.975)
    )
    low -= 1
    return (low if low >= 0 else None), (high if high < n else None)


def _ranks_apart(n: int, level: float, effect: float) -> tuple[int | None, int | None]:
    """Return the same where samples depend on each other: as far apart as the effect makes them."""
    low, high = ranks(n, level)
    if effect == 1:
        return low, high
    middle, times = level * (n - 1), float(np.sqrt(effect))
    below = None if low is None else int(np.floor(middle - (middle - low) * times))
    above = None if high is None else int(np.ceil(middle + (high - middle) * times))
    return (
        below if below is not None and below >= 0 else None,
        above if above is not None and above < n else None,
    )


def _near(n: int, level: float) -> tuple[int, int]:
    """Return bounds, from 0 to n, of what a binomial count of a probability can be."""
    far = _FAR * (np.sqrt(n * level * (1 - level)) + 1)
    return max(int(n * level - far), 0), min(int(n * level + far) + 1, n)
