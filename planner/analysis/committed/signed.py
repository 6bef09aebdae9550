"""A user's own plan as a first stage: what is signed is given, what follows from it is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from planner.analysis.committed.problem import Contracts
from planner.model.template import Array, Label
from planner.solve.two_stage.problem import FirstStage

_GIVEN = ("start", "power", "right", "fund", "adopt")
"""Families that a plan states; tiers, lots and price falls follow from them."""

_ROUNDING = 1e-6


def signed_counts(contracts: Contracts, amounts: Mapping[Label, float]) -> Array:
    """Return the columns that a plan states, its orders filled into tranches from the first on.

    Parameters
    ----------
    contracts : Contracts
    amounts : mapping of Label to float
        Accelerators or kW by column; what is not there is 0.

    Returns
    -------
    ndarray, (first-stage column,)
        0 for columns that no plan states.
    """
    own = contracts.commitments
    found = np.zeros(len(own.labels))
    ordered: dict[object, float] = {}
    for label, place in dict(zip(own.labels, own.places, strict=True)).items():
        if label.family in _GIVEN:
            key = label if place is None else place
            ordered[key] = ordered.get(key, 0.0) + amounts.get(label, 0.0)
    for j, (label, place) in enumerate(zip(own.labels, own.places, strict=True)):
        amount = amounts.get(label, 0.0)
        if label.family not in _GIVEN or not amount:
            continue
        if place is None:
            found[j] = amount
            continue
        ends = (0.0, *own.tranches.ends[place])
        k = int(own.tranche[j])
        whole = ordered[place]
        # Sites share a quarter's supply: each has its part of every tranche.
        found[j] = amount / whole * float(np.clip(whole - ends[k], 0.0, ends[k + 1] - ends[k]))
    return found


def held_to(contracts: Contracts, counts: Array) -> FirstStage:
    """Return the first stage with what a plan states held, and what follows from it open."""
    given = contracts.commitments.of(*_GIVEN)
    first = contracts.first
    return replace(
        first,
        lower=np.where(given, counts, first.lower),
        upper=np.where(given, counts, first.upper),
    )


def beyond_supply(
    contracts: Contracts, amounts: Mapping[Label, float]
) -> list[tuple[Label, float]]:
    """Return what is ordered beyond what can be signed for, with the most that can."""
    own = contracts.commitments
    seen = {
        label: place
        for label, place in zip(own.labels, own.places, strict=True)
        if place is not None and label.family in ("start", "power")
    }
    whole: dict[object, float] = {}
    for label, place in seen.items():
        whole[place] = whole.get(place, 0.0) + amounts.get(label, 0.0)
    return [
        (label, own.tranches.most(place))
        for label, place in seen.items()
        if amounts.get(label, 0.0) > 0
        and whole[place] > own.tranches.most(place) * (1 + _ROUNDING) + _ROUNDING
    ]


def broken_limits(contracts: Contracts, counts: Array) -> list[Label]:
    """Return the rows of the first stage that a plan breaks, whatever follows from it.

    Rows of what a plan does not state are left out: those can be met by choosing.
    """
    own = contracts.commitments
    given = own.of(*_GIVEN)
    sums = own.matrix @ counts
    size = _ROUNDING * (1 + np.abs(own.matrix) @ np.abs(counts))
    alone = ~(own.matrix[:, ~given] != 0).any(axis=1)
    broken = alone & ((sums > own.high + size) | (sums < own.low - size))
    return [own.rows[i] for i in np.flatnonzero(broken)]
