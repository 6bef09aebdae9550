"""Metalog distributions: smooth beliefs through any three or more judged points.

Keelin (2016), "The Metalog Distributions", Decision Analysis 13(4), 243-277,
doi:10.1287/deca.2016.0338. The quantile function is ``P(x) + Q(x) logit(y)`` with ``x = y - 0.5``
and two polynomials; with as many terms as points it meets every point. One bound is met by a
logarithm of the distance from it, two by a logit of the share of the way between them.

Not every set of points gives a distribution: the function may fall somewhere. Whether it rises is
decided here without a grid. With ``w = y (1 - y)``, the slope times w is ``A + B logit(y)`` with
``A = Q + w P'`` and ``B = w Q'``; between neighbouring roots of B and of the polynomial
``w (A' Q' - A Q'' + Q'^2) - w' A Q'``, which is that of the derivative of ``A / B + logit``, the
slope's ratio to B is monotone. So the slope is positive everywhere if it is at these roots and
towards both ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.polynomial import Polynomial
from numpy.typing import NDArray
from scipy.special import expit, logit

Array = NDArray[np.float64]
Points = tuple[tuple[float, float], ...]
Bound = float | None
Coefficients = tuple[tuple[float, ...], tuple[float, ...]]
"""Those of P and of Q, by rising power."""

_ROUNDING = 1e-12
"""Of a coefficient, relative to the spread of the points: as good as zero."""

_MOST_CONDITION = 1e10
"""Of the equations for the coefficients: beyond it their rounding errors would be seen."""


def quantiles(u: Array, points: Points, lower: Bound, upper: Bound) -> Array:
    """Return the quantiles at `u` of the metalog through the points.

    Parameters
    ----------
    u : ndarray
        Probabilities, of any shape.
    points : tuple of (float, float)
        Probabilities and values, both ascending.
    lower, upper : float or None
        Bounds outside all values.

    Raises
    ------
    ValueError
        If the points give no distribution.
    """
    return _back(_raw(u - 0.5, logit(u), _checked(points, lower, upper)), lower, upper)


def inner(t: Array, points: Points, lower: Bound, upper: Bound) -> Array:
    """Return what stands inside the logarithms of the bounds, at probabilities ``expit(t)``.

    Raises
    ------
    ValueError
        If the points give no distribution.
    """
    return _raw(expit(t) - 0.5, t, _checked(points, lower, upper))


def forth(x: Array, lower: Bound, upper: Bound) -> Array:
    """Return values within the bounds as the unbounded metalog has them (Keelin, section 4)."""
    with np.errstate(divide="ignore"):
        if lower is not None and upper is not None:
            return np.asarray(np.log((x - lower) / (upper - x)))
        if lower is not None:
            return np.asarray(np.log(x - lower))
        return np.asarray(-np.log(upper - x)) if upper is not None else x


def fault(points: Points, lower: Bound, upper: Bound) -> str:
    """Return in words why the points give no metalog; empty if they do."""
    if np.linalg.cond(np.hstack(_terms(points))) > _MOST_CONDITION:
        # Of 7 and of 11 terms more are odd around 0.5 than there are pairs of points.
        paired = ", or all lie in pairs around 0.5" if len(points) in (7, 11) else ""
        return f"no one curve has these points: some p are too near to one another{paired}"
    where = _falls(*coefficients(points, lower, upper))
    return "" if where is None else f"the smooth curve through these points falls near p = {where}"


def _back(raw: Array, lower: Bound, upper: Bound) -> Array:
    if lower is not None and upper is not None:
        # From the nearer bound, so that no digits are lost beside it.
        share, width = expit(-np.abs(raw)), upper - lower
        return np.asarray(np.where(raw < 0, lower + width * share, upper - width * share))
    if lower is not None:
        return np.asarray(lower + np.exp(raw))
    return np.asarray(upper - np.exp(-raw)) if upper is not None else raw


def _raw(x: Array, t: Array, coefficients: Coefficients) -> Array:
    p_of, q_of = coefficients
    return _horner(p_of, x) + _horner(q_of, x) * t


def _horner(coefficients: Sequence[float], x: Array) -> Array:
    total = np.full(x.shape, coefficients[-1])
    for coefficient in coefficients[-2::-1]:
        total *= x
        total += coefficient
    return total


@lru_cache(maxsize=4096)
def _checked(points: Points, lower: Bound, upper: Bound) -> Coefficients:
    told = fault(points, lower, upper)
    if told:
        raise ValueError(told)
    return coefficients(points, lower, upper)


def coefficients(points: Points, lower: Bound, upper: Bound) -> Coefficients:
    """Return the coefficients of P and Q: of Keelin's a, 1, 4, 5, 7, ... and 2, 3, 6, 8, ..."""
    values = forth(np.array([value for _, value in points]), lower, upper)
    centre, spread = float(values[len(values) // 2]), float(np.ptp(values))
    in_p, in_q = _terms(points)
    solved = np.linalg.solve(np.hstack([in_p, in_q]), (values - centre) / spread)
    solved[np.abs(solved) < _ROUNDING] = 0.0
    p_of, q_of = spread * solved[: in_p.shape[1]], spread * solved[in_p.shape[1] :]
    p_of[0] += centre
    return tuple(p_of.tolist()), tuple(q_of.tolist())


def _terms(points: Points) -> tuple[Array, Array]:
    """Return the terms of P and of Q times the logit, both (point, term)."""
    at = np.array([p for p, _ in points])
    x, t = at - 0.5, logit(at)
    in_p = sum(k in (0, 3) or (k >= 4 and k % 2 == 0) for k in range(len(points)))
    in_q = len(points) - in_p
    return np.vander(x, in_p, increasing=True), np.vander(x, in_q, increasing=True) * t[:, None]


def _falls(p_of: Sequence[float], q_of: Sequence[float]) -> str | None:
    """Return the probability at which the curve does not rise, in words; None if it does."""
    p, q, w = Polynomial(p_of), Polynomial(q_of), Polynomial([0.25, 0, -1])
    a, dq = q + w * p.deriv(), q.deriv()
    for end, sign in ((-0.5, -1), (0.5, 1)):
        # Towards an end the first of these that is not zero outgrows the others.
        growth = (float(q(end)), sign * float(dq(end)), float(p.deriv()(end)))
        if next((part for part in growth if part != 0), 0.0) <= 0:
            return "0" if end < 0 else "1"
    if not dq.coef.any():
        turns = a.deriv().roots()
    else:
        turning = w * (a.deriv() * dq - a * dq.deriv() + dq * dq) - w.deriv() * a * dq
        turns = np.concatenate([turning.roots(), dq.roots()])
    # Twofold roots may come out as pairs beside the line of the real numbers.
    x = np.real(turns[np.abs(np.imag(turns)) < 1e-4])
    x = np.concatenate([x, expit(np.linspace(-37, 36, 500)) - 0.5])
    x = x[np.abs(x) < 0.5]
    slope = a(x) + w(x) * dq(x) * logit(x + 0.5)
    worst = int(np.argmin(slope))
    return None if slope[worst] > 0 else f"{x[worst] + 0.5:.3g}"
