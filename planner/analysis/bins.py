"""Counts of samples by bin, from which percentiles are read when there are too many to keep."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from planner.analysis.percentiles import LEVELS

Array = NDArray[np.float64]
Counts = NDArray[np.int64]

_BINS = 1024
_COARSE = 64
_FINE = 288
_FAR = 6.0
"""Standard errors to either side of a percentile of the first samples in which bins are fine."""

_FEW = 64
"""Values below which the percentiles of first samples are too vague to build on."""

_ANY_SIZE = np.geomspace(1e-6, 1e12, 961)
"""Edges for a quantity of which next to nothing is known: each is 4.5 % above the one before."""


def edges_of(rows: Array, marks: Mapping[int, Array]) -> Array:
    """Return where the bins of quantities end, as first samples suggest.

    Bins are fine around P10, P50 and P90 of the first samples, as far as these may move when
    others are added, and hold a 64th of the samples elsewhere. Values that repeat (a platform that
    is not used, a demand that is met) have a bin of their own, so that what is read off the bins
    is exact there.

    Parameters
    ----------
    rows : ndarray, (quantity, sample)
        NaN where a sample does not count.
    marks : mapping of int to ndarray
        Further edges by quantity, at most 48.

    Returns
    -------
    ndarray, (quantity, bin)
        Ascending upper edges. A bin is from the edge before it to below its own; the last bins
        of a row end in infinity.
    """
    edges = np.full((rows.shape[0], _BINS), np.inf)
    for q, row in enumerate(rows):
        own = np.union1d(_edges(row[~np.isnan(row)]), marks.get(q, np.empty(0)))
        edges[q, : own.size] = own
    return edges


def _edges(values: Array) -> Array:
    if values.size < _FEW:
        return _ANY_SIZE
    ordered = np.sort(values)
    places = _levels(values.size) * (values.size - 1)
    below = places.astype(np.int64)
    low, high = ordered[below], ordered[np.minimum(below + 1, values.size - 1)]
    points = low + (high - low) * (places - below) + 0.0
    repeated = points[1:][np.diff(points) == 0]
    return np.union1d(points, np.nextafter(repeated, np.inf))


@lru_cache(maxsize=16)
def _levels(n: int) -> Array:
    fine = [
        np.linspace(level - far, level + far, _FINE + 1)
        for level in LEVELS
        for far in [_FAR * np.sqrt(level * (1 - level) / n)]
    ]
    levels = np.concatenate([np.arange(1, _COARSE) / _COARSE, *fine])
    return levels[(levels >= 0) & (levels <= 1)]


def count(rows: Array, edges: Array) -> Counts:
    """Return how many samples fall into each bin, (quantity, bin).

    Parameters
    ----------
    rows : ndarray, (quantity, sample)
        A NaN is not counted.
    edges : ndarray, (quantity, bin)
    """
    # Of thousands of samples at once, to sort them is the fastest way to find all their bins.
    below = [np.searchsorted(np.sort(row), own) for row, own in zip(rows, edges, strict=True)]
    return np.diff(np.reshape(below, edges.shape), axis=1, prepend=0)


def bounds(edges: Array, low: float, high: float) -> tuple[Array, Array]:
    """Return the least and greatest value that each bin of a quantity can hold.

    Parameters
    ----------
    edges : ndarray, (bin,)
    low, high : float
        Extremes of all that was counted.
    """
    lows = np.maximum(np.append(-np.inf, edges[:-1]), low)
    highs = np.minimum(np.nextafter(edges, -np.inf), high)
    return lows, highs
