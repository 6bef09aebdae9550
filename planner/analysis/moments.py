"""Moments of many quantities over samples, block by block, without keeping a sample."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_AT_ONCE = 2**16
"""Numbers that are at work together, so that they stay in a processor's cache: half a MiB."""

_CANCELLED = 1e-3


@dataclass(frozen=True)
class Deviations:
    """How many, their mean, and the sum of squared deviations from it; arrays of one shape."""

    n: NDArray[np.int64]
    mean: Array
    squares: Array

    def merged(self, other: Deviations) -> Deviations:
        """Return those of both, by the pairwise rule of Chan, Golub and LeVeque.

        The American Statistician 37 (1983), 242-247, doi:10.1080/00031305.1983.10483115.
        """
        n = self.n + other.n
        part = other.n / np.maximum(n, 1)
        apart = other.mean - self.mean
        return Deviations(
            n,
            self.mean + apart * part,
            self.squares + other.squares + apart**2 * self.n * part,
        )


@dataclass(frozen=True)
class Moments:
    """Moments of quantities, one element each; infinite extremes where nothing was counted."""

    deviations: Deviations
    low: Array
    high: Array

    def merged(self, other: Moments) -> Moments:
        """Return the moments of both."""
        return Moments(
            self.deviations.merged(other.deviations),
            np.minimum(self.low, other.low),
            np.maximum(self.high, other.high),
        )


def moments(rows: Array) -> Moments:
    """Return the moments of each row.

    Parameters
    ----------
    rows : ndarray, (quantity, sample)
        A sample that is NaN does not count for its quantity.

    Raises
    ------
    ValueError
        If a value is infinite.
    """
    n, mean, squares, low, high = found = np.empty((5, rows.shape[0]))
    height = max(_AT_ONCE // max(rows.shape[1], 1), 1)
    for first in range(0, rows.shape[0], height):
        found[:, first : first + height] = _of_all(rows[first : first + height])
    partial = np.isnan(mean)
    if partial.any():
        found[:, partial] = _of_some(rows[partial])
    if not np.isfinite(mean).all():
        raise ValueError("a sample is not finite")
    return Moments(Deviations(n.astype(np.int64), mean, squares), low, high)


def _of_all(rows: Array) -> tuple[Array, ...]:
    """Return n, mean, squared deviations, smallest and largest; NaN for what is not a number."""
    n = rows.shape[1]
    with np.errstate(invalid="ignore", over="ignore"):
        mean = rows.mean(axis=1)
        raw = np.vecdot(rows, rows)
        squares = raw - n * mean**2
        # Twice as fast as deviations, but of what varies little too many digits cancel.
        cancels = (squares <= _CANCELLED * raw) & (raw > 0)
        apart = rows[cancels] - mean[cancels, None]
    squares[cancels] = np.vecdot(apart, apart)
    return np.full(rows.shape[0], float(n)), mean, squares, rows.min(axis=1), rows.max(axis=1)


def _of_some(rows: Array) -> tuple[Array, ...]:
    """Return the same of the samples that count."""
    counts = ~np.isnan(rows)
    n = counts.sum(axis=1).astype(float)
    with np.errstate(invalid="ignore"):
        mean = np.where(counts, rows, 0.0).sum(axis=1) / np.maximum(n, 1)
        apart = np.where(counts, rows - mean[:, None], 0.0)
    low = np.where(counts, rows, np.inf).min(axis=1)
    high = np.where(counts, rows, -np.inf).max(axis=1)
    return n, mean, np.vecdot(apart, apart), low, high
