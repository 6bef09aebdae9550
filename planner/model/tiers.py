"""Price tiers by size of a quarter's order."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planner.config.offers import Buy
from planner.model.contracts import Contract
from planner.model.instruments.buy import lowest_times
from planner.model.sets import Sets


@dataclass(frozen=True)
class Step:
    """One tier.

    Attributes
    ----------
    above : float
        Accelerators that the tiers before it hold.
    width : float or None
        Accelerators that it holds; None for the last.
    price_times : float
    cheaper : bool
        Whether its price is below that of some tier before: such a tier needs a yes or no, since
        a linear program would fill it first.
    """

    above: float
    width: float | None
    price_times: float
    cheaper: bool


def lowest_price_times(sets: Sets) -> NDArray[np.float64]:
    """Return each offer's smallest multiplier of the list price over its tiers, (offer,)."""
    offers = sets.scenario.offers.values()
    return np.array([lowest_times(o) if isinstance(o, Buy) else 1.0 for o in offers])


def tiers_of(sets: Sets, offer: Contract) -> tuple[Step, ...]:
    """Return the tiers of an offer, the first at the plain price; none if it has no others."""
    config = sets.scenario.offers[offer.name]
    if not isinstance(config, Buy) or not config.volume_prices:
        return ()
    edges = [0.0, *(item.above_accelerators for item in config.volume_prices)]
    times = [1.0, *(item.price_times for item in config.volume_prices)]
    widths = [high - low for low, high in itertools.pairwise(edges)]
    return tuple(
        Step(
            above=edges[g],
            width=widths[g] if g < len(widths) else None,
            price_times=times[g],
            cheaper=times[g] < max(times[: g + 1]),
        )
        for g in range(len(times))
    )
