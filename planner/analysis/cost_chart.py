"""The bars in which a report shows how the cost spreads."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from planner.analysis.results_estimates import Histogram

Array = NDArray[np.float64]

_FEWEST_BARS, _MOST_BARS = 8, 48


def chart_edges(values: Array, *, ends: int = 0) -> Array:
    """Return the edges of bars of one width, from the smallest to the largest of some samples.

    Their number is that of Freedman and Diaconis (1981), doi:10.1007/BF01025868, within bounds.

    Parameters
    ----------
    values : ndarray, (sample,)
    ends : int
        Bars that may be added.
    """
    low, high = float(values.min()), float(values.max())
    if low == high:
        half = max(abs(low) * 1e-6, 0.5)
        return np.array([low - half, high + half])
    wanted = np.histogram_bin_edges(values, bins="fd").size - 1
    return np.linspace(low, high, int(np.clip(wanted, _FEWEST_BARS, _MOST_BARS - ends)) + 1)


def cost_histogram(values: Array) -> Histogram:
    """Return the histogram of samples, shape (sample,)."""
    counts, edges = np.histogram(values, bins=chart_edges(values))
    return Histogram(edges.tolist(), counts.tolist())


def cost_histogram_of_bins(
    chart: Array, edges: Array, counts: NDArray[np.int64], low: float, high: float
) -> Histogram:
    """Return the histogram of samples that were counted by bin.

    Parameters
    ----------
    chart : ndarray
        Edges of the bars, each of them the end of a bin.
    edges : ndarray, (bin,)
        Where the bins end.
    counts : ndarray of int, (bin,)
    low, high : float
        Extremes of the samples. What is beyond the bars is in one more at either end.
    """
    total = np.cumsum(counts)
    below = total[np.searchsorted(edges, chart)]
    bars = np.diff(below, prepend=0, append=total[-1]).tolist()
    bounds = [low, *chart.tolist(), high]
    if low >= bounds[1]:
        bars, bounds = bars[1:], bounds[1:]
    if high <= bounds[-2]:
        # The last of the bars of one width holds its upper edge too.
        bars, bounds = [*bars[:-2], bars[-2] + bars[-1]], bounds[:-1]
    return Histogram(bounds, bars)
