"""How the distributions with a named shape are drawn: see `planner.config.shapes`."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy.special import (
    betainc,
    betaincinv,
    gammainc,
    gammaincinv,
    ndtr,
    ndtri,
    stdtr,
    stdtrit,
)

from planner.beliefs.laws import MOST_KEPT, Array, atoms, describe, probability, quantile
from planner.config.shapes import Bernoulli, Beta, Gamma, Normal, Pert, StudentT


@lru_cache(maxsize=MOST_KEPT)
def _centre_and_spread(belief: Normal) -> tuple[float, float]:
    if belief.p10 is not None and belief.p90 is not None:
        half = belief.p90 / 2 - belief.p10 / 2
        return belief.p10 / 2 + belief.p90 / 2, half / float(ndtri(0.9))
    if belief.mean is None or belief.sd is None:
        raise TypeError("a validated normal has mean and sd, or p10 and p90")
    return belief.mean, belief.sd


@quantile.register
def _(belief: Normal, u: Array) -> Array:
    centre, spread = _centre_and_spread(belief)
    return np.asarray(centre + spread * ndtri(u))


@probability.register
def _(belief: Normal, x: Array) -> Array:
    centre, spread = _centre_and_spread(belief)
    return np.asarray(ndtr((x - centre) / spread))


@describe.register
def _(belief: Normal) -> str:
    if belief.p10 is not None:
        return f"normal, P10 {belief.p10:g}, P90 {belief.p90:g}"
    return f"normal, mean {belief.mean:g}, standard deviation {belief.sd:g}"


@lru_cache(maxsize=MOST_KEPT)
def _shapes(belief: Beta | Pert) -> tuple[float, float]:
    """Return alpha and beta; of a PERT with the usual weight of four on the mode.

    Clark (1962), "The PERT Model for the Distribution of an Activity Time", Operations Research
    10(3), 405-406, doi:10.1287/opre.10.3.405.
    """
    if isinstance(belief, Beta):
        return belief.shapes()
    width = belief.high - belief.low
    return 1 + 4 * (belief.mode - belief.low) / width, 1 + 4 * (belief.high - belief.mode) / width


def _beta_quantile(belief: Beta | Pert, u: Array) -> Array:
    share = betaincinv(*_shapes(belief), u)
    found: Array = np.clip(belief.low + (belief.high - belief.low) * share, belief.low, belief.high)
    return found


def _beta_probability(belief: Beta | Pert, x: Array) -> Array:
    share = np.clip((x - belief.low) / (belief.high - belief.low), 0, 1)
    return np.asarray(betainc(*_shapes(belief), share))


for _kind in (Beta, Pert):
    quantile.register(_kind, _beta_quantile)
    probability.register(_kind, _beta_probability)


@describe.register
def _(belief: Pert) -> str:
    return f"PERT from {belief.low:g} to {belief.high:g}, most likely {belief.mode:g}"


@describe.register
def _(belief: Beta) -> str:
    within = f"beta from {belief.low:g} to {belief.high:g}"
    if belief.mean is not None:
        return f"{within}, mean {belief.mean:g}, standard deviation {belief.sd:g}"
    return f"{within}, shapes {belief.alpha:g} and {belief.beta:g}"


@lru_cache(maxsize=MOST_KEPT)
def _shape_and_scale(belief: Gamma) -> tuple[float, float]:
    return belief.shape_and_scale()


@quantile.register
def _(belief: Gamma, u: Array) -> Array:
    shape, scale = _shape_and_scale(belief)
    # The bound is never reached, but what lies above it may be nearer than any number.
    above = np.nextafter(belief.low, np.inf)
    return np.asarray(np.maximum(belief.low + scale * gammaincinv(shape, u), above))


@probability.register
def _(belief: Gamma, x: Array) -> Array:
    shape, scale = _shape_and_scale(belief)
    return np.asarray(gammainc(shape, np.maximum(x - belief.low, 0) / scale))


@describe.register
def _(belief: Gamma) -> str:
    above = f" above {belief.low:g}" if belief.low else ""
    if belief.mean is not None:
        return f"gamma{above}, mean {belief.mean:g}, standard deviation {belief.sd:g}"
    return f"gamma{above}, shape {belief.shape:g}, scale {belief.scale:g}"


@quantile.register
def _(belief: StudentT, u: Array) -> Array:
    return np.asarray(belief.centre + belief.scale * stdtrit(belief.degrees_of_freedom, u))


@probability.register
def _(belief: StudentT, x: Array) -> Array:
    return np.asarray(stdtr(belief.degrees_of_freedom, (x - belief.centre) / belief.scale))


@describe.register
def _(belief: StudentT) -> str:
    return (
        f"Student's t around {belief.centre:g}, scale {belief.scale:g}, "
        f"{belief.degrees_of_freedom:g} degrees of freedom"
    )


def _two(belief: Bernoulli) -> tuple[float, float, float]:
    """Return the smaller and the larger value, and how likely the larger is."""
    if belief.if_true > belief.if_false:
        return belief.if_false, belief.if_true, belief.probability
    return belief.if_true, belief.if_false, 1 - belief.probability


@quantile.register
def _(belief: Bernoulli, u: Array) -> Array:
    small, large, chance = _two(belief)
    # At a probability of exactly one half the median is the smaller, as for a programme's success.
    return np.where(u > 1 - chance, large, small)


@probability.register
def _(belief: Bernoulli, x: Array) -> Array:
    small, large, chance = _two(belief)
    return np.where(x >= large, 1.0, np.where(x >= small, 1 - chance, 0.0))


@atoms.register
def _(belief: Bernoulli) -> Array:
    return np.array(
        [belief.if_true] * (belief.probability > 0) + [belief.if_false] * (belief.probability < 1)
    )


@describe.register
def _(belief: Bernoulli) -> str:
    chance = f"{100 * belief.probability:g} %"
    return f"{belief.if_true:g} with probability {chance}, else {belief.if_false:g}"
