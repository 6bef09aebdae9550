"""Johnson quantile-parameterised distributions: smooth beliefs through p10, p50 and p90.

Hadlock and Bickel (2017), "Johnson Quantile-Parameterized Distributions", Decision Analysis
14(1), 35-64, doi:10.1287/deca.2016.0343. Any ascending triplet is feasible, it is met exactly,
and the quantile function is closed. The unbounded form is the bounded one without its outer
normal distribution function (a Johnson SU through the triplet).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

Array = NDArray[np.float64]

_C = float(ndtri(0.9))


def semi_bounded(u: Array, p10: float, p50: float, p90: float, lower: float) -> Array:
    """Return quantiles of the J-QPD-S distribution, bounded below by `lower`."""
    low, mid, high = np.log(np.array([p10, p50, p90]) - lower)
    nearer = min(mid - low, high - mid)
    side = _side(low, mid, high)
    z = ndtri(u)
    if side == 0:
        return np.asarray(lower + np.exp(mid + (high - mid) / _C * z))
    anchor = low if side > 0 else high
    delta = np.sinh(np.arccosh((high - low) / (2 * nearer))) / _C
    stretch = nearer / (delta * _C)
    bend = np.arcsinh(delta * z) + np.arcsinh(side * _C * delta)
    return np.asarray(lower + np.exp(anchor + stretch * np.sinh(bend)))


def bounded(u: Array, p10: float, p50: float, p90: float, lower: float, upper: float) -> Array:
    """Return quantiles of the J-QPD-B distribution between `lower` and `upper`."""
    width = upper - lower
    low, mid, high = ndtri((np.array([p10, p50, p90]) - lower) / width)
    return np.asarray(lower + width * ndtr(_johnson_su(ndtri(u), low, mid, high)))


def unbounded(u: Array, p10: float, p50: float, p90: float) -> Array:
    """Return quantiles of the Johnson SU distribution through the triplet, without bounds."""
    return _johnson_su(ndtri(u), p10, p50, p90)


def _side(low: float, mid: float, high: float) -> int:
    """Return the sign of the skew; a rounding error of skew is none."""
    skew = low + high - 2 * mid
    return 0 if abs(skew) <= 1e-9 * (high - low) else int(np.sign(skew))


def _johnson_su(z: Array, low: float, mid: float, high: float) -> Array:
    side = _side(low, mid, high)
    if side == 0:
        return np.asarray(mid + (high - low) / (2 * _C) * z)
    anchor = low if side > 0 else high
    delta = np.arccosh((high - low) / (2 * min(mid - low, high - mid))) / _C
    stretch = (high - low) / np.sinh(2 * delta * _C)
    return np.asarray(anchor + stretch * np.sinh(delta * (z + side * _C)))
