"""A belief after a measurement: Bayes' rule for any belief that has a quantile function.

The posterior's density is the prior's times the likelihood (Gelman, Carlin, Stern, Dunson, Vehtari,
Rubin (2013), "Bayesian Data Analysis", third edition, chapter 1, ISBN 978-1-4398-4095-5). With
``Q`` the prior's quantile function and ``z`` a standard normal variable, ``Q(ndtr(z))`` has the
prior's distribution, so that the posterior's probability of everything up to ``Q(ndtr(z))`` is the
integral of ``exp(-z**2 / 2) x likelihood(Q(ndtr(z)))`` up to ``z``, divided by the whole of it. The
prior needs no density: it may have single values of positive probability as well.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from planner.beliefs.laws import LEAST_U, MOST_U, Array, atoms, probability, quantile
from planner.beliefs.roots import increasing_roots
from planner.config.claims import Measurement
from planner.config.quantities import Quantity

MOST_ERRORS = 5.0
"""Of its own errors, how far a measurement may lie from everything that the prior allows."""

_RARE = 1e-6
"""What the prior gives less than this on either side does not count as allowed there."""

_TOLERANCE = 1e-9
"""Of a cell's integral and of the curve in it, relative to what lies on its nearer side."""

_BELOW, _ABOVE = 1e-7, 1e-5
"""Shares of the whole that are taken to lie below and above every cell besides.

What is rarer need not be as exact, and levels near 1 have no more than sixteen digits.
"""
_DEPTH = 14
"""Times that a cell is halved: where the density jumps, cells begin anyway."""

_CELLS = 64
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(5)
_NODES, _WEIGHTS = (_NODES + 1) / 2, _WEIGHTS / 2
_AT_ENDS: Array = np.stack([np.zeros(5), np.ones(5)])[:, :1] ** np.arange(5) @ np.linalg.inv(
    _NODES[:, None] ** np.arange(5)
)
"""What gives a polynomial's values at both ends of a cell from those at its nodes."""


@dataclass(frozen=True)
class Posterior:
    """The prior's levels by the posterior's: in each cell a cubic that never falls.

    Attributes
    ----------
    z : ndarray, shape (n + 1,)
        Ends of the cells, ascending, as standard normal quantiles of the prior's levels.
    mass : ndarray, shape (n + 1,)
        Integral up to each end; the last is the whole.
    slopes : ndarray, shape (2, n)
        Of the share of a cell's integral by the share of its width, at both its ends.
    """

    z: Array
    mass: Array
    slopes: Array

    def level(self, u: Array) -> Array:
        """Return the prior's levels at the posterior's levels `u`, of any shape."""
        wanted = u.ravel() * self.mass[-1]
        cell = np.searchsorted(self.mass, wanted, side="left") - 1
        cell = np.clip(cell, 0, self.z.size - 2)
        below, inside = self.mass[cell], np.diff(self.mass)[cell]
        share = np.clip((wanted - below) / inside, 0, 1)

        def beyond(t: Array, at: NDArray[np.intp]) -> Array:
            return np.asarray(_risen(t, self.slopes[:, cell[at]]) - share[at])

        t = increasing_roots(beyond, np.zeros(share.shape), np.ones(share.shape))
        z = self.z[cell] + t * np.diff(self.z)[cell]
        return np.asarray(np.clip(ndtr(z), LEAST_U, MOST_U).reshape(u.shape))

    def probability(self, level: Array) -> Array:
        """Return the posterior's probability of what the prior has up to its `level`."""
        z = ndtri(np.clip(level, LEAST_U, MOST_U))
        cell = np.clip(np.searchsorted(self.z, z, side="right") - 1, 0, self.z.size - 2)
        t = np.clip((z - self.z[cell]) / np.diff(self.z)[cell], 0, 1)
        reached = self.mass[cell] + np.diff(self.mass)[cell] * _risen(t, self.slopes[:, cell])
        share = reached / self.mass[-1]
        return np.asarray(np.select([level <= 0, level >= 1], [0.0, 1.0], share))


def _risen(t: Array, slopes: Array) -> Array:
    """Return the cubic from (0, 0) to (1, 1) with these slopes at its ends (Hermite's)."""
    first, last = slopes
    return np.asarray(t * (first + t * (3 - 2 * first - last + t * (first + last - 2))))


def posterior(prior: Quantity, measured: Measurement) -> Posterior:
    """Return what a measurement with a lognormal error makes of a belief.

    Five-point Gauss-Legendre in cells that are halved until their integral and their cubic are
    exact to 1e-9 of what lies on the nearer side of them. No cubic falls: Fritsch and Carlson
    (1980), "Monotone Piecewise Cubic Interpolation", SIAM Journal on Numerical Analysis 17(2),
    238-246, doi:10.1137/0717021.

    Raises
    ------
    ArithmeticError
        If the measurement has no likelihood at all anywhere.
    """

    def density(z: Array) -> Array:
        level = np.clip(ndtr(z), LEAST_U, MOST_U)
        errors = _errors(quantile(prior, level), measured)
        return np.asarray(np.exp(-0.5 * (z * z + errors * errors)))

    z, values = _refined(density, _breaks(prior, measured))
    inside = np.diff(z) * (values @ _WEIGHTS)
    mass = np.concatenate([[0.0], np.cumsum(inside)])
    if not mass[-1] > 0:
        raise ArithmeticError("the measurement has no likelihood under this belief")
    with np.errstate(invalid="ignore", divide="ignore"):
        slopes = np.diff(z) * (values @ _AT_ENDS.T).T / inside
    return Posterior(z, mass, np.clip(np.where(inside > 0, slopes, 1.0), 0, 3))


def errors_away(prior: Quantity, measured: Measurement) -> float:
    """Return how many of its errors a measurement lies from the nearest that the prior allows."""
    at = np.clip(probability(prior, np.array([measured.value])), _RARE, 1 - _RARE)
    beside = np.concatenate([np.nextafter(at, 0), at, np.nextafter(at, 1)])
    return float(np.abs(_errors(quantile(prior, beside), measured)).min())


def _errors(x: Array, measured: Measurement) -> Array:
    """Return how many errors the measured value is from what it would be without any."""
    with np.errstate(divide="ignore"):
        return np.asarray((np.log(x) - np.log(measured.value)) / measured.relative_error)


def _breaks(prior: Quantity, measured: Measurement) -> Array:
    """Return where cells begin: evenly, around the measurement, and where the prior jumps."""
    around = measured.value * np.exp(measured.relative_error * np.arange(-9.0, 9.5, 0.5))
    single = atoms(prior)
    values = np.concatenate([around, single, np.nextafter(single, -np.inf)])
    levels = probability(prior, values)
    levels = levels[(levels > LEAST_U) & (levels < MOST_U)]
    even = np.linspace(ndtri(LEAST_U), ndtri(MOST_U), _CELLS + 1)
    return np.unique(np.concatenate([even, ndtri(levels)]))


def _refined(density: Callable[[Array], Array], breaks: Array) -> tuple[Array, Array]:
    """Return the ends of cells that are small enough, and the density at the nodes of each."""

    def at_nodes(low: Array, high: Array) -> Array:
        return density(low[:, None] + (high - low)[:, None] * _NODES)

    low, high = breaks[:-1], breaks[1:]
    values = at_nodes(low, high)
    settled = np.zeros(low.size, dtype=bool)
    for _ in range(_DEPTH):
        if settled.all():
            break
        open_ = np.flatnonzero(~settled)
        middle = (low[open_] + high[open_]) / 2
        left, right = at_nodes(low[open_], middle), at_nodes(middle, high[open_])
        good = _is_exact(high - low, values, open_, left, right)
        settled[open_[good]] = True
        split, kept = open_[~good], np.ones(low.size, dtype=bool)
        kept[split] = False
        low, high, values, settled = (
            np.concatenate([low[kept], low[split], middle[~good]]),
            np.concatenate([high[kept], middle[~good], high[split]]),
            np.concatenate([values[kept], left[~good], right[~good]]),
            np.concatenate([settled[kept], np.zeros(2 * split.size, dtype=bool)]),
        )
        order = np.argsort(low)
        low, high, values, settled = low[order], high[order], values[order], settled[order]
    return np.append(low, high[-1]), values


def _is_exact(
    width: Array, values: Array, at: NDArray[np.intp], left: Array, right: Array
) -> NDArray[np.bool_]:
    """Return whether some cells are as good as their halves, in their integral and their cubic."""
    whole = width * (values @ _WEIGHTS)
    up_to = np.cumsum(whole)
    nearer = np.minimum(up_to + _BELOW * up_to[-1], up_to[-1] * (1 + _ABOVE) - up_to + whole)
    first, second = (0.5 * width[at] * (half @ _WEIGHTS) for half in (left, right))
    ends = np.clip(width[at, None] * (values[at] @ _AT_ENDS.T), 0, 3 * whole[at, None])
    half_way = whole[at] / 2 + (ends[:, 0] - ends[:, 1]) / 8
    off = np.maximum(np.abs(first + second - whole[at]), np.abs(first - half_way))
    return np.asarray(off <= _TOLERANCE * nearer[at])
