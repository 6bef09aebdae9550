"""How distributions that are made of others are drawn: a part of one, and a mixture."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from planner.beliefs.laws import (
    LEAST_U,
    MOST_KEPT,
    MOST_U,
    Array,
    atoms,
    describe,
    probability,
    quantile,
)
from planner.beliefs.roots import increasing_roots
from planner.config.compounds import Mixture, Truncated

LEAST_LEFT = 1e-6
"""Share of a belief that must be left between the bounds of a truncation.

A probability near 1 has sixteen digits, so that of an upper end so thin ten are left.
"""

_LEVELS = np.clip(expit(np.linspace(-37.5, 37.5, 400)), LEAST_U, MOST_U)
"""Where the parts of a mixture give the points between which its quantiles are looked for."""


@lru_cache(maxsize=MOST_KEPT)
def _window(belief: Truncated) -> tuple[float, float]:
    """Return the probability of less than ``low`` and that of at most ``high``, before the cut."""
    below, upto = 0.0, 1.0
    if belief.low is not None:
        # At most the number before it: a single value of positive probability at `low` is left.
        below = float(probability(belief.of, np.array([np.nextafter(belief.low, -np.inf)]))[0])
    if belief.high is not None:
        upto = float(probability(belief.of, np.array([belief.high]))[0])
    return below, upto


def shares_cut_off(belief: Truncated) -> tuple[float, float]:
    """Return the share of the belief that lies below ``low``, and that above ``high``."""
    below, upto = _window(belief)
    return below, 1 - upto


def share_left(belief: Truncated) -> float:
    """Return the share of the belief between ``low`` and ``high``."""
    below, upto = _window(belief)
    return upto - below


def _mass(belief: Truncated) -> float:
    mass = share_left(belief)
    if mass < LEAST_LEFT:
        raise ValueError(f"less than {LEAST_LEFT:g} of the belief is left: {describe(belief)}")
    return mass


@quantile.register
def _(belief: Truncated, u: Array) -> Array:
    below, upto = _window(belief)
    # Rounding must reach neither the next single value above, nor a probability of 0 or 1.
    most = min(float(np.nextafter(upto, 0)), MOST_U)
    inside = np.clip(below + u * _mass(belief), np.nextafter(below, 1), most)
    found = quantile(belief.of, inside)
    return np.clip(found, belief.low, belief.high)


@probability.register
def _(belief: Truncated, x: Array) -> Array:
    below, _ = _window(belief)
    share = np.clip((probability(belief.of, x) - below) / _mass(belief), 0, 1)
    if belief.low is not None:
        share = np.where(x < belief.low, 0.0, share)
    return share if belief.high is None else np.where(x >= belief.high, 1.0, share)


@atoms.register
def _(belief: Truncated) -> Array:
    found = atoms(belief.of)
    low, high = belief.support()
    return found[(low <= found) & (found <= high)]


@describe.register
def _(belief: Truncated) -> str:
    ends = [] if belief.low is None else [f"at least {belief.low:g}"]
    ends += [] if belief.high is None else [f"at most {belief.high:g}"]
    cut = f"{100 * (1 - share_left(belief)):.3g} % cut off"
    return f"{describe(belief.of)}, given it is {' and '.join(ends)} ({cut})"


@lru_cache(maxsize=MOST_KEPT)
def _table(belief: Mixture) -> tuple[Array, Array]:
    """Return ascending values and the probability of at most each.

    A single value of positive probability stands beside the number before it: between the two
    there is nothing to look for.
    """
    with np.errstate(over="ignore"):
        values = [quantile(part.of, _LEVELS) for part in belief.parts]
    single = atoms(belief)
    nodes = np.unique(np.concatenate([*values, single, np.nextafter(single, -np.inf)]))
    nodes = nodes[np.isfinite(nodes)]
    return nodes, np.maximum.accumulate(probability(belief, nodes))


@quantile.register
def _(belief: Mixture, u: Array) -> Array:
    flat = u.ravel()
    low, high = _brackets(belief, flat)

    def beyond(x: Array, at: NDArray[np.intp]) -> Array:
        return probability(belief, x) - flat[at]

    return increasing_roots(beyond, low, high).reshape(u.shape)


def _brackets(belief: Mixture, u: Array) -> tuple[Array, Array]:
    """Return two values for each probability, between which its quantile lies."""
    nodes, rises = _table(belief)
    after = np.searchsorted(rises, u, side="left")
    low, high = nodes[np.maximum(after - 1, 0)], nodes[np.minimum(after, nodes.size - 1)]
    ends = np.flatnonzero((after == 0) | (after == nodes.size))
    if ends.size:
        # No quantile of a mixture lies outside those of its parts.
        parts = np.stack([quantile(part.of, u[ends]) for part in belief.parts])
        low[ends], high[ends] = parts.min(axis=0), parts.max(axis=0)
    return low, high


@probability.register
def _(belief: Mixture, x: Array) -> Array:
    total = np.zeros(x.shape)
    for part in belief.parts:
        total += part.weight * probability(part.of, x)
    return total


@atoms.register
def _(belief: Mixture) -> Array:
    return np.unique(np.concatenate([atoms(part.of) for part in belief.parts]))


@describe.register
def _(belief: Mixture) -> str:
    parts = (f"{describe(part.of)} ({part.weight:.3g})" for part in belief.parts)
    return "mixture of " + "; ".join(parts)
