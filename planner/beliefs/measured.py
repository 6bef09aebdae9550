"""How distributions through somebody's figures are drawn: observed values, or judged points."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy.special import expit

from planner.beliefs import metalog
from planner.beliefs.laws import MOST_KEPT, Array, atoms, describe, probability, quantile
from planner.beliefs.roots import increasing_roots
from planner.config.measured import Elicited, Empirical

_ENDS = (-745.0, 40.0)
"""Logits of the least probability above 0, and of one that is 1 but for rounding."""


@lru_cache(maxsize=MOST_KEPT)
def _ascending(belief: Empirical) -> Array:
    if belief.values is None:
        raise TypeError(f"the values of {belief.file} are not loaded")
    return np.sort(belief.values)


@quantile.register
def _(belief: Empirical, u: Array) -> Array:
    """Return the least value that a share `u` of all is not above: type 1 of Hyndman and Fan.

    "Sample Quantiles in Statistical Packages" (1996), The American Statistician 50(4), 361-365,
    doi:10.1080/00031305.1996.10473566.
    """
    values = _ascending(belief)
    rank = np.ceil(u * values.size).astype(np.intp)
    return values[np.clip(rank, 1, values.size) - 1]


@probability.register
def _(belief: Empirical, x: Array) -> Array:
    values = _ascending(belief)
    return np.searchsorted(values, x, side="right") / values.size


@atoms.register
def _(belief: Empirical) -> Array:
    return np.unique(_ascending(belief))


@describe.register
def _(belief: Empirical) -> str:
    values = _ascending(belief)
    return f"one of {values.size:,} observed values from {values[0]:g} to {values[-1]:g}"


@quantile.register
def _(belief: Elicited, u: Array) -> Array:
    found = metalog.quantiles(u, belief.ordered(), belief.lower, belief.upper)
    if belief.lower is None and belief.upper is None:
        return found
    # The bounds are never reached, but what lies inside them may be nearer than any number.
    return np.clip(found, *belief.support())


@probability.register
def _(belief: Elicited, x: Array) -> Array:
    low, high = belief.support()
    points, bounds = belief.ordered(), (belief.lower, belief.upper)
    wanted = metalog.forth(np.clip(x, low, high).ravel(), *bounds)
    least, most = metalog.inner(np.array(_ENDS), points, *bounds)

    def beyond(t: Array, at: np.typing.NDArray[np.intp]) -> Array:
        return metalog.inner(t, points, *bounds) - wanted[at]

    roots = increasing_roots(beyond, *(np.full(wanted.shape, end) for end in _ENDS))
    share = np.select([wanted <= least, wanted >= most], [0.0, 1.0], expit(roots))
    share = share.reshape(x.shape)
    return np.select([x < low, x > high], [0.0, 1.0], share)


@describe.register
def _(belief: Elicited) -> str:
    points = ", ".join(f"P{100 * p:g} {value:g}" for p, value in belief.ordered())
    bounds = "" if belief.lower is None else f", at least {belief.lower:g}"
    bounds += "" if belief.upper is None else f", at most {belief.upper:g}"
    return f"smooth through {points}{bounds}"
