"""Scores of bands in which every group weighs the same."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.backtest_scores import ALPHA, covers, interval_score
from benchmarks.scaling.rows import Pair

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Bands:
    """P10 and P90 of the logarithm of minutes, less that of the minutes at the first size.

    Attributes
    ----------
    low, high : ndarray, (pair,)
    """

    low: Array
    high: Array


@dataclass(frozen=True)
class Scores:
    """What bands were worth.

    Attributes
    ----------
    coverage : float
        Share of predictions inside their bands.
    n, groups : int
    median_half_width : float
        The factor from the middle of a band to its ends; groups weigh equally in its median.
    interval_score : float
        Gneiting and Raftery 2007, doi:10.1198/016214506000001437, equation 43, at alpha = 0.2.
    """

    coverage: float
    n: int
    groups: int
    median_half_width: float
    interval_score: float


def group_weights(pairs: Sequence[Pair]) -> Array:
    """Return weights that add up to 1 and to the same in every group, (pair,)."""
    sizes = Counter(pair.group for pair in pairs)
    return np.array([1 / (sizes[pair.group] * len(sizes)) for pair in pairs])


def scores(pairs: Sequence[Pair], bands: Bands) -> Scores:
    """Return the scores of bands for pairs.

    Raises
    ------
    ValueError
        If there is nothing to score.
    """
    if not pairs:
        raise ValueError("no predictions to score")
    weights = group_weights(pairs)
    each = [
        (covers(low, high, value), interval_score(low, high, value, ALPHA))
        for low, high, value in zip(
            bands.low, bands.high, [-pair.log_speedup for pair in pairs], strict=True
        )
    ]
    return Scores(
        float(sum(w * hit for w, (hit, _) in zip(weights, each, strict=True))),
        len(pairs),
        len({pair.group for pair in pairs}),
        math.exp(weighted_quantile((bands.high - bands.low) / 2, weights, 0.5)),
        float(sum(w * score for w, (_, score) in zip(weights, each, strict=True))),
    )


def weighted_quantile(values: Array, weights: Array, level: float) -> float:
    """Return the quantile of weighted values, each standing at the middle of its weight.

    With equal weights this is Hazen's rule, and the median is the usual one.
    """
    order = np.argsort(values, kind="stable")
    upto = np.cumsum(weights[order])
    middles = (upto - weights[order] / 2) / upto[-1]
    return float(np.interp(level, middles, values[order]))
