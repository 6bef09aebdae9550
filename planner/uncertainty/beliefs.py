"""How each kind of belief is drawn: its exact quantile function, and its words for a reader."""

from __future__ import annotations

from functools import lru_cache, singledispatch

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from planner.config.distributions import Discrete, Lognormal, Quantiles, Triangular, Uniform
from planner.config.offers import Chance
from planner.config.quantities import Fixed, Quantity, support_of
from planner.uncertainty import jqpd

Array = NDArray[np.float64]


@singledispatch
def quantile(belief: Quantity, u: Array) -> Array:  # noqa: ARG001
    """Return the values of `belief` at probabilities `u`, elementwise.

    Parameters
    ----------
    belief : Quantity
        As validated.
    u : ndarray
        Probabilities strictly between 0 and 1, of any shape.

    Raises
    ------
    TypeError
        If the kind has no quantile function here.
    """
    raise TypeError(f"no quantile function for {type(belief).__name__}")


@singledispatch
def describe(belief: Quantity) -> str:
    """Return the belief in a planner's words."""
    raise TypeError(f"no words for {type(belief).__name__}")


def is_uncertain(belief: Quantity) -> bool:
    """Return whether different draws can give different values."""
    low, high = support_of(belief)
    return low != high


def _known(belief: float, u: Array) -> Array:
    return np.full(u.shape, float(belief))


for _number in (float, int):
    quantile.register(_number, _known)
    describe.register(_number, lambda belief: f"{belief:g}")


@quantile.register
def _(belief: Fixed, u: Array) -> Array:
    return belief.value * (np.ones(u.shape) if belief.times is None else quantile(belief.times, u))


@describe.register
def _(belief: Fixed) -> str:
    if belief.times is None:
        return f"{belief.value:g}"
    return f"{belief.value:g} times {describe(belief.times)}"


@quantile.register
def _(belief: Uniform, u: Array) -> Array:
    return belief.low + (belief.high - belief.low) * u


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


@describe.register
def _(belief: Triangular) -> str:
    return f"triangular from {belief.low:g} to {belief.high:g}, most likely {belief.mode:g}"


@lru_cache(maxsize=4096)
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


@describe.register
def _(belief: Lognormal) -> str:
    if belief.p10 is not None:
        return f"lognormal, P10 {belief.p10:g}, P90 {belief.p90:g}"
    return f"lognormal, mean {belief.mean:g}, standard deviation {belief.sd:g}"


@quantile.register
def _(belief: Discrete, u: Array) -> Array:
    likely = np.asarray(belief.probabilities) > 0
    edges = np.cumsum(np.asarray(belief.probabilities)[likely])
    # The last edge may fall short of one by rounding; no draw may fall beyond the last value.
    return np.asarray(belief.values)[likely][np.searchsorted(edges[:-1], u, side="right")]


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


@describe.register
def _(belief: Quantiles) -> str:
    bounds = "" if belief.lower is None else f", at least {belief.lower:g}"
    bounds += "" if belief.upper is None else f", at most {belief.upper:g}"
    return f"P10 {belief.p10:g}, P50 {belief.p50:g}, P90 {belief.p90:g}{bounds}"


@quantile.register
def _(belief: Chance, u: Array) -> Array:
    # At a probability of exactly one half the median counts as not happening.
    return np.where(u > 1 - belief.probability, 1.0, 0.0)


@describe.register
def _(belief: Chance) -> str:
    return f"happens with probability {100 * belief.probability:g} %"
