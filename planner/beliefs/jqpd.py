"""Johnson quantile-parameterised distributions: smooth beliefs through p10, p50 and p90.

Hadlock and Bickel (2017), "Johnson Quantile-Parameterized Distributions", Decision Analysis
14(1), 35-64, doi:10.1287/deca.2016.0343. Any ascending triplet is feasible, it is met exactly,
and the quantile function is closed. The unbounded form is the bounded one without its outer
normal distribution function (a Johnson SU through the triplet).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

Array = NDArray[np.float64]

_C = float(ndtri(0.9))


_MOST_KEPT = 4096
"""Triplets whose constants are kept: more than any plan has beliefs."""


def semi_bounded(u: Array, p10: float, p50: float, p90: float, lower: float) -> Array:
    """Return quantiles of the J-QPD-S distribution, bounded below by `lower`."""
    side, anchor, delta, stretch = _semi_bounded(p10, p50, p90, lower)
    z = ndtri(u)
    if side != 0:
        z = np.arcsinh(delta * z)
        z += np.arcsinh(side * _C * delta)
        np.sinh(z, out=z)
    return np.asarray(lower + np.exp(anchor + stretch * z))


def bounded(u: Array, p10: float, p50: float, p90: float, lower: float, upper: float) -> Array:
    """Return quantiles of the J-QPD-B distribution between `lower` and `upper`."""
    triplet = _scores(p10, p50, p90, lower, upper)
    return np.asarray(lower + (upper - lower) * ndtr(_johnson_su(ndtri(u), triplet)))


def unbounded(u: Array, p10: float, p50: float, p90: float) -> Array:
    """Return quantiles of the Johnson SU distribution through the triplet, without bounds."""
    return _johnson_su(ndtri(u), (p10, p50, p90))


def semi_bounded_probability(x: Array, p10: float, p50: float, p90: float, lower: float) -> Array:
    """Return the probability of at most `x` under J-QPD-S: its quantile function, solved for u."""
    side, anchor, delta, stretch = _semi_bounded(p10, p50, p90, lower)
    with np.errstate(divide="ignore"):
        z = (np.log(np.maximum(x - lower, 0)) - anchor) / stretch
    if side != 0:
        z = np.sinh(np.arcsinh(z) - np.arcsinh(side * _C * delta)) / delta
    return np.asarray(ndtr(z))


def bounded_probability(
    x: Array, p10: float, p50: float, p90: float, lower: float, upper: float
) -> Array:
    """Return the probability of at most `x` under J-QPD-B."""
    triplet = _scores(p10, p50, p90, lower, upper)
    share = np.clip((x - lower) / (upper - lower), 0, 1)
    return np.asarray(ndtr(_straightened(ndtri(share), triplet)))


def unbounded_probability(x: Array, p10: float, p50: float, p90: float) -> Array:
    """Return the probability of at most `x` under the Johnson SU through the triplet."""
    return np.asarray(ndtr(_straightened(x, (p10, p50, p90))))


def _side(low: float, mid: float, high: float) -> int:
    """Return the sign of the skew; a rounding error of skew is none."""
    skew = low + high - 2 * mid
    return 0 if abs(skew) <= 1e-9 * (high - low) else int(np.sign(skew))


@lru_cache(maxsize=_MOST_KEPT)
def _semi_bounded(
    p10: float, p50: float, p90: float, lower: float
) -> tuple[int, float, float, float]:
    """Return side, anchor, delta and stretch of J-QPD-S; without skew it is a lognormal."""
    low, mid, high = np.log(np.array([p10, p50, p90]) - lower).tolist()
    side = _side(low, mid, high)
    if side == 0:
        return side, mid, 1.0, (high - mid) / _C
    nearer = min(mid - low, high - mid)
    delta = float(np.sinh(np.arccosh((high - low) / (2 * nearer)))) / _C
    return side, low if side > 0 else high, delta, nearer / (delta * _C)


@lru_cache(maxsize=_MOST_KEPT)
def _scores(
    p10: float, p50: float, p90: float, lower: float, upper: float
) -> tuple[float, float, float]:
    """Return the triplet of J-QPD-B before its outer normal distribution function."""
    low, mid, high = ndtri((np.array([p10, p50, p90]) - lower) / (upper - lower)).tolist()
    return low, mid, high


@lru_cache(maxsize=_MOST_KEPT)
def _bend(low: float, mid: float, high: float) -> tuple[int, float, float, float]:
    """Return side, anchor, delta and stretch of a Johnson SU; without skew it is a normal."""
    side = _side(low, mid, high)
    if side == 0:
        return side, mid, 1.0, (high - low) / (2 * _C)
    delta = float(np.arccosh((high - low) / (2 * min(mid - low, high - mid)))) / _C
    stretch = (high - low) / float(np.sinh(2 * delta * _C))
    return side, low if side > 0 else high, delta, stretch


def _johnson_su(z: Array, triplet: tuple[float, float, float]) -> Array:
    side, anchor, delta, stretch = _bend(*triplet)
    bent = np.sinh(delta * (z + side * _C)) if side else z
    return np.asarray(anchor + stretch * bent)


def _straightened(x: Array, triplet: tuple[float, float, float]) -> Array:
    """Return the inverse of `_johnson_su`."""
    side, anchor, delta, stretch = _bend(*triplet)
    bent = (x - anchor) / stretch
    return np.asarray(np.arcsinh(bent) / delta - side * _C if side else bent)
