"""How claims are drawn: the realised share of what is claimed, as `planner.config.claims` says."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from planner.beliefs.laws import MOST_KEPT, MOST_U, Array, atoms, describe, probability, quantile
from planner.beliefs.updating import Posterior, posterior
from planner.config.claims import (
    CLAIMS,
    Claim,
    Claimed,
    ClaimedRatio,
    ConflictingClaims,
    SingleClaim,
    ends,
)
from planner.config.compounds import Mixture, MixturePart

_LEVELS = np.array([0.1, 0.5, 0.9])


@lru_cache(maxsize=MOST_KEPT)
def unmeasured(belief: Claimed) -> Claimed:
    """Return the claim as it was before it was measured."""
    return belief.model_copy(update={"measured": None})


@lru_cache(maxsize=MOST_KEPT)
def _posterior(belief: Claimed) -> Posterior:
    if belief.measured is None:
        raise TypeError("nothing was measured")
    return posterior(unmeasured(belief), belief.measured)


@lru_cache(maxsize=MOST_KEPT)
def mixture(belief: ConflictingClaims) -> Mixture:
    """Return conflicting claims as the mixture that they are."""
    parts = tuple(MixturePart(weight=w, of=claim) for w, claim in belief.weighted())
    return Mixture(distribution="mixture", parts=parts)


def _baseline(belief: SingleClaim) -> float:
    if isinstance(belief, Claim):
        return belief.claim
    if belief.baseline is None:
        raise TypeError(f"the figure of {belief.against} is not looked up")
    return ends(belief.baseline)[0]


def figure_of(belief: SingleClaim, share: Array) -> Array:
    """Return the figure that a claim comes to at its realised share, elementwise."""
    base = _baseline(belief)
    if isinstance(belief, Claim):
        return base * share
    gain = 1 + share * (belief.claimed() - 1)
    return base / gain if belief.divides else base * gain


def share_of(belief: SingleClaim, figure: Array) -> Array:
    """Return the realised share of a claim at which it comes to a figure, elementwise."""
    base = _baseline(belief)
    with np.errstate(divide="ignore", over="ignore"):
        if isinstance(belief, Claim):
            return figure / base
        gain = base / figure if belief.divides else figure / base
        return (gain - 1) / (belief.claimed() - 1)


def _rises(belief: SingleClaim) -> bool:
    """Return whether the figure is larger the more of the claim comes true."""
    return isinstance(belief, Claim) or (belief.claimed() > 1) != belief.divides


def _said_quantile(belief: Claimed, u: Array) -> Array:
    if isinstance(belief, ConflictingClaims):
        return quantile(mixture(belief), u)
    if not isinstance(belief, SingleClaim):
        raise TypeError(f"no quantile function for {type(belief).__name__}")
    turned = u if _rises(belief) else np.minimum(1 - u, MOST_U)
    return figure_of(belief, quantile(belief.realised(), turned))


def _said_probability(belief: Claimed, x: Array) -> Array:
    if isinstance(belief, ConflictingClaims):
        return probability(mixture(belief), x)
    if not isinstance(belief, SingleClaim):
        raise TypeError(f"no distribution function for {type(belief).__name__}")
    share, rises = _on_its_side(belief, x), _rises(belief)
    if rises:
        return probability(belief.realised(), share)
    return 1 - probability(belief.realised(), np.nextafter(share, -np.inf))


def _on_its_side(belief: SingleClaim, x: Array) -> Array:
    """Return the shares of figures, each on the right side of any single share near it.

    A share is computed from a figure with rounding, and one of positive probability makes a
    difference there.
    """
    share, single = share_of(belief, x), np.sort(atoms(belief.realised()))
    if not single.size:
        return share
    after = np.minimum(np.searchsorted(single, share), single.size - 1)
    before = np.maximum(after - 1, 0)
    is_before = share - single[before] < single[after] - share
    nearest = np.where(is_before, single[before], single[after])
    reached = x >= figure_of(belief, nearest)
    if _rises(belief):
        below = np.minimum(share, np.nextafter(nearest, -np.inf))
        return np.where(reached, np.maximum(share, nearest), below)
    above = np.maximum(share, np.nextafter(nearest, np.inf))
    return np.where(reached, np.minimum(share, nearest), above)


def _quantile(belief: Claimed, u: Array) -> Array:
    if belief.measured is None:
        return _said_quantile(belief, u)
    return quantile(unmeasured(belief), _posterior(belief).level(u))


def _probability(belief: Claimed, x: Array) -> Array:
    if belief.measured is None:
        return _said_probability(belief, x)
    return _posterior(belief).probability(probability(unmeasured(belief), x))


def _atoms(belief: Claimed) -> Array:
    if isinstance(belief, ConflictingClaims):
        return atoms(mixture(belief))
    if not isinstance(belief, SingleClaim):
        raise TypeError(f"nothing is known of {type(belief).__name__}")
    return figure_of(belief, atoms(belief.realised()))


def realised_shares(belief: SingleClaim) -> tuple[float, float, float]:
    """Return P10, P50 and P90 of a claim's realised share, after what was measured."""
    levels = _LEVELS if _rises(belief) else _LEVELS[::-1]
    p10, p50, p90 = share_of(belief, _quantile(belief, levels))
    return float(p10), float(p50), float(p90)


def _claim_words(belief: SingleClaim) -> str:
    who = f"{belief.said_by}, {belief.date}, {belief.evidence}"
    if isinstance(belief, Claim):
        said, of = f"{belief.claim:g}", "realised share"
    else:
        kind = "a ratio" if isinstance(belief, ClaimedRatio) else "price-performance"
        said = f"{kind} of {belief.claimed():g} against {belief.against} ({_baseline(belief):g})"
        of = "realised share of the gain"
    default = "" if belief.share is not None else f", the default of {belief.evidence}"
    return f"claim of {said} by {who}; {of} {_three(unmeasured(belief))}{default}"


def _three(belief: Claimed) -> str:
    if not isinstance(belief, SingleClaim):
        raise TypeError(f"no share of {type(belief).__name__}")
    low, middle, high = realised_shares(belief)
    return f"P10 {low:.3g}, P50 {middle:.3g}, P90 {high:.3g}"


def _describe(belief: Claimed) -> str:
    if isinstance(belief, ConflictingClaims):
        each = (f"({weight:.3g}) {_claim_words(claim)}" for weight, claim in belief.weighted())
        words = "conflicting claims, a mixture: " + "; ".join(each)
    elif isinstance(belief, SingleClaim):
        words = _claim_words(belief)
    else:
        raise TypeError(f"no words for {type(belief).__name__}")
    if belief.measured is None:
        return words
    error = 100 * belief.measured.relative_error
    words += f"; updated by a measurement of {belief.measured.value:g} (error {error:g} %)"
    return words if isinstance(belief, ConflictingClaims) else f"{words} to {_three(belief)}"


for _kind in CLAIMS.values():
    quantile.register(_kind, _quantile)
    probability.register(_kind, _probability)
    atoms.register(_kind, _atoms)
    describe.register(_kind, _describe)
