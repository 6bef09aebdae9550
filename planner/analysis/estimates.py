"""Estimates from independent samples: never a number without its standard error, interval and n."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr, betainc, ndtri, stdtrit

from planner.analysis.results import Estimate, Spread

Array = NDArray[np.float64]

_Z = float(ndtri(0.975))
_PERCENTILES = (0.1, 0.5, 0.9)
_DUST = 1e-12


def mean(values: Array) -> Estimate:
    """Return the mean with Student's 95 % interval; no error below two samples.

    Raises
    ------
    ValueError
        If there is no value, or one is not finite.
    """
    _require(values)
    n = values.size
    centre = float(values.mean())
    if n < 2:
        return Estimate(centre, None, None, None, n)
    deviation = float(values.std(ddof=1))
    # Equal samples differ in their last bits only; that is no uncertainty.
    error = 0.0 if deviation <= _DUST * np.abs(values).max() else deviation / float(np.sqrt(n))
    half = float(stdtrit(n - 1, 0.975)) * error
    return Estimate(centre, error, centre - half, centre + half, n)


def share(hits: NDArray[np.bool_]) -> Estimate:
    """Return a proportion with its Wilson 95 % interval (Wilson 1927, JASA 22, 209-212)."""
    _require(hits)
    n = hits.size
    found = float(hits.mean())
    middle = (found + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
    half = _Z / (1 + _Z**2 / n) * np.sqrt(found * (1 - found) / n + _Z**2 / (4 * n**2))
    error = float(np.sqrt(found * (1 - found) / n))
    # At 0 and 1 the bound is the proportion itself; rounding must not push it outside.
    low, high = min(found, middle - half), max(found, middle + half)
    return Estimate(found, error, float(max(low, 0.0)), float(min(high, 1.0)), n)


def spread(values: Array) -> Spread:
    """Return mean, P10, P50 and P90 of one quantity, shape (sample,)."""
    return spreads(values[:, None])[0]


def spreads(values: Array) -> list[Spread]:
    """Return the spread of each column of `values`, shape (sample, quantity).

    Percentiles interpolate linearly between order statistics; their standard errors are those of
    Maritz and Jarrett (1978, JASA 73, 194-196), their intervals distribution-free (binomial).
    """
    _require(values)
    n = values.shape[0]
    ordered = np.sort(values, axis=0)
    points = np.quantile(ordered, _PERCENTILES, axis=0)
    columns = []
    for q, level in enumerate(_PERCENTILES):
        errors = _percentile_errors(ordered, level)
        low, high = _ranks(n, level)
        columns.append(
            [
                Estimate(
                    float(points[q, k]),
                    None if errors is None else float(errors[k]),
                    None if low is None else float(ordered[low, k]),
                    None if high is None else float(ordered[high, k]),
                    n,
                )
                for k in range(values.shape[1])
            ]
        )
    return [
        Spread(mean(values[:, k]), *(column[k] for column in columns))
        for k in range(values.shape[1])
    ]


def _percentile_errors(ordered: Array, level: float) -> Array | None:
    n = ordered.shape[0]
    if n < 2:
        return None
    weights = _maritz_jarrett(n, level)
    centred = ordered - ordered.mean(axis=0)
    first, second = weights @ centred, weights @ centred**2
    return np.asarray(np.sqrt(np.maximum(second - first**2, 0)))


@lru_cache(maxsize=64)
def _maritz_jarrett(n: int, level: float) -> Array:
    rank = level * (n - 1) + 1
    edges = betainc(rank, n + 1 - rank, np.arange(n + 1) / n)
    return np.asarray(np.diff(edges))


@lru_cache(maxsize=64)
def _ranks(n: int, level: float) -> tuple[int | None, int | None]:
    """Return the order statistics that enclose a percentile with 95 % confidence, from 0."""
    below = bdtr(np.arange(n + 1, dtype=float), n, level)
    low = int(np.searchsorted(below, 0.025)) - 1
    high = int(np.searchsorted(below, 0.975))
    return (low if low >= 0 else None), (high if high < n else None)


def _require(values: NDArray[np.float64] | NDArray[np.bool_]) -> None:
    if values.shape[0] == 0:
        raise ValueError("no samples to estimate from")
    if not np.isfinite(values).all():
        raise ValueError("a sample is not finite")
