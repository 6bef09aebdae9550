"""The simplest kinds of belief: numbers, factors, uniform, triangular, lognormal, lists, a chance.

Of every kind: its exact quantile function, its distribution function, and its words.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy.special import ndtr, ndtri

from planner.beliefs import jqpd
from planner.beliefs.laws import (
    MOST_KEPT,
    MOST_U,
    Array,
    atoms,
    describe,
    probability,
    quantile,
)
from planner.config.distributions import Discrete, Lognormal, Quantiles, Triangular, Uniform
from planner.config.offers import Chance
from planner.config.quantities import Fixed


def _known(belief: float, u: Array) -> Array:
    return np.full(u.shape, float(belief))


def _step_at(belief: float, x: Array) -> Array:
    return np.where(x >= belief, 1.0, 0.0)


for _number in (float, int):
    quantile.register(_number, _known)
    probability.register(_number, _step_at)
    atoms.register(_number, lambda belief: np.array([float(belief)]))
    describe.register(_number, lambda belief: f"{belief:g}")


@quantile.register
def _(belief: Fixed, u: Array) -> Array:
    if belief.times is None:
        return np.full(u.shape, belief.value)
    # A negative number turns the factor around.
    turned = np.minimum(1 - u, MOST_U) if belief.value < 0 else u
    return belief.value * quantile(belief.times, turned)


@probability.register
def _(belief: Fixed, x: Array) -> Array:
    if belief.times is None or belief.value == 0:
        return _step_at(belief.value, x)
    factor = x / belief.value
    if belief.value > 0:
        return probability(belief.times, factor)
    return 1 - probability(belief.times, np.nextafter(factor, -np.inf))


@atoms.register
def _(belief: Fixed) -> Array:
    if belief.times is None or belief.value == 0:
        return np.array([belief.value])
    return belief.value * atoms(belief.times)


@describe.register
def _(belief: Fixed) -> str:
    if belief.times is None:
        return f"{belief.value:g}"
    return f"{belief.value:g} times {describe(belief.times)}"


@quantile.register
def _(belief: Uniform, u: Array) -> Array:
    return belief.low + (belief.high - belief.low) * u


@probability.register
def _(belief: Uniform, x: Array) -> Array:
    return np.clip((x - belief.low) / (belief.high - belief.low), 0, 1)


@describe.register
def _(belief: Uniform) -> str:
    return f"uniform from {belief.low:g} to {belief.high:g}"


@quantile.register
def _(belief: Triangular, u: Array) -> Array:
    low, mode, high = belief.low, belief.mode, belief.high
    turn = (mode - low) / (high - low)
    rising = low + np.sqrt(u * (high - low) * (mode - low))
    falling = high - np.sqrt((1 - u) * (high - low) * (high - mode))
    return np.asarray(np.where(u < turn, rising, falling))


@probability.register
def _(belief: Triangular, x: Array) -> Array:
    low, mode, high = belief.low, belief.mode, belief.high
    x = np.clip(x, low, high)
    if mode == low:
        return 1 - ((high - x) / (high - low)) ** 2
    rising = (x - low) / (high - low) * ((x - low) / (mode - low))
    if mode == high:
        return rising
    falling = 1 - (high - x) / (high - low) * ((high - x) / (high - mode))
    return np.where(x < mode, rising, falling)


@describe.register
def _(belief: Triangular) -> str:
    return f"triangular from {belief.low:g} to {belief.high:g}, most likely {belief.mode:g}"


@lru_cache(maxsize=MOST_KEPT)
def _log_parameters(belief: Lognormal) -> tuple[float, float]:
    """Return mean and standard deviation of the logarithm (Johnson, Kotz, Balakrishnan, ch. 14)."""
    if belief.p10 is not None and belief.p90 is not None:
        low, high = np.log([belief.p10, belief.p90])
        return float((low + high) / 2), float((high - low) / (2 * ndtri(0.9)))
    if belief.mean is None or belief.sd is None:
        raise TypeError("a validated lognormal has mean and sd, or p10 and p90")
    variance = np.log1p((belief.sd / belief.mean) ** 2)
    return float(np.log(belief.mean) - variance / 2), float(np.sqrt(variance))


@quantile.register
def _(belief: Lognormal, u: Array) -> Array:
    centre, spread = _log_parameters(belief)
    return np.asarray(np.exp(centre + spread * ndtri(u)))


@probability.register
def _(belief: Lognormal, x: Array) -> Array:
    centre, spread = _log_parameters(belief)
    with np.errstate(divide="ignore"):
        return np.asarray(ndtr((np.log(np.maximum(x, 0)) - centre) / spread))


@describe.register
def _(belief: Lognormal) -> str:
    if belief.p10 is not None:
        return f"lognormal, P10 {belief.p10:g}, P90 {belief.p90:g}"
    return f"lognormal, mean {belief.mean:g}, standard deviation {belief.sd:g}"


@lru_cache(maxsize=MOST_KEPT)
def _steps(belief: Discrete) -> tuple[Array, Array]:
    """Return the possible values, ascending, and the probability up to each."""
    values, shares = np.asarray(belief.values), np.asarray(belief.probabilities)
    order = np.argsort(values, kind="stable")
    order = order[shares[order] > 0]
    return values[order], np.cumsum(shares[order])


@quantile.register
def _(belief: Discrete, u: Array) -> Array:
    values, edges = _steps(belief)
    # The last edge may fall short of one by rounding; no draw may fall beyond the last value.
    return values[np.searchsorted(edges[:-1], u, side="right")]


@probability.register
def _(belief: Discrete, x: Array) -> Array:
    values, edges = _steps(belief)
    levels = np.concatenate([[0.0], edges[:-1], [1.0]])
    return levels[np.searchsorted(values, x, side="right")]


@atoms.register
def _(belief: Discrete) -> Array:
    return _steps(belief)[0]


@describe.register
def _(belief: Discrete) -> str:
    pairs = zip(belief.values, belief.probabilities, strict=True)
    return "one of " + ", ".join(f"{value:g} ({share:.0%})" for value, share in pairs)


@quantile.register
def _(belief: Quantiles, u: Array) -> Array:
    triplet = (belief.p10, belief.p50, belief.p90)
    if belief.lower is None:
        return jqpd.unbounded(u, *triplet)
    if belief.upper is None:
        return jqpd.semi_bounded(u, *triplet, belief.lower)
    return jqpd.bounded(u, *triplet, belief.lower, belief.upper)


@probability.register
def _(belief: Quantiles, x: Array) -> Array:
    triplet = (belief.p10, belief.p50, belief.p90)
    if belief.lower is None:
        return jqpd.unbounded_probability(x, *triplet)
    if belief.upper is None:
        return jqpd.semi_bounded_probability(x, *triplet, belief.lower)
    return jqpd.bounded_probability(x, *triplet, belief.lower, belief.upper)


@describe.register
def _(belief: Quantiles) -> str:
    bounds = "" if belief.lower is None else f", at least {belief.lower:g}"
    bounds += "" if belief.upper is None else f", at most {belief.upper:g}"
    return f"P10 {belief.p10:g}, P50 {belief.p50:g}, P90 {belief.p90:g}{bounds}"


@quantile.register
def _(belief: Chance, u: Array) -> Array:
    # At a probability of exactly one half the median counts as not happening.
    return np.where(u > 1 - belief.probability, 1.0, 0.0)


@probability.register
def _(belief: Chance, x: Array) -> Array:
    return np.where(x < 0, 0.0, np.where(x < 1, 1 - belief.probability, 1.0))


@atoms.register
def _(belief: Chance) -> Array:
    return np.flatnonzero([1 - belief.probability, belief.probability]).astype(float)


@describe.register
def _(belief: Chance) -> str:
    return f"happens with probability {100 * belief.probability:g} %"
