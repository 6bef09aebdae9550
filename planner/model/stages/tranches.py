"""What of an order is delivered when supply is not known at signing.

An offer whose supply is uncertain is signed for in tranches: up to the median of what it can
supply, and from there to its 90 % point. In a sample, a tranche delivers the share of it that the
supply reaches, and its cost follows what is delivered. No tranche may be filled further than the
one before, so that what is delivered is never more than ``min(order, supply)``, and is just that
for an order that ends with a tranche; in between an allocation is cut in proportion.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.config.offers import Buy
from planner.model.coefficients import Coefficients
from planner.model.sets import Sets
from planner.model.template import Array

LEVELS = (0.5, 0.9)
"""Quantiles of supply at which tranches end; prices by size know only the first."""

Place = tuple[str, int, int]
"""``offers`` or ``power``, the position there, and the quarter of the start."""


@dataclass(frozen=True)
class Tranches:
    """Where the tranches of everything that is signed for end.

    Attributes
    ----------
    ends : mapping of place to tuple of float
        Ascending, in accelerators or kW. Of what cannot be had at all: a single 0.
    pool_supply : ndarray, (pool, quarter)
        What pools are counted on for: their medians.
    """

    ends: dict[Place, tuple[float, ...]]
    pool_supply: Array

    def most(self, place: Place) -> float:
        """Return the most that can be signed for."""
        return self.ends[place][-1]

    def delivered(self, sets: Sets, block: Coefficients, place: Place) -> list[Array]:
        """Return the delivered share of each tranche, (sample,)."""
        section, position, quarter = place
        offers = section == "offers"
        supply = (block.supply if offers else block.power_supply_kw)[:, position, quarter]
        begin, found = 0.0, []
        cut = self._pool_cut(sets, block, position, quarter) if offers else np.ones(1)
        for end in self.ends[place]:
            share = np.clip((supply - begin) / (end - begin), 0, 1) if end > begin else np.ones(1)
            found.append(np.minimum(share, cut))
            begin = end
        return found

    def _pool_cut(self, sets: Sets, block: Coefficients, offer: int, quarter: int) -> Array:
        """Return the share that pools leave of an order, (sample,): all orders alike are cut."""
        cut, contract = np.ones(1), sets.offers[offer]
        name = sets.platforms[contract.platform]
        for r, pool in enumerate(sets.scenario.pools.values()):
            nominal = self.pool_supply[r, quarter]
            if contract.owned and name in pool.use_per_accelerator and nominal > 0:
                cut = np.minimum(cut, block.pool_supply[:, r, quarter] / nominal)
        return cut


def tranches(sets: Sets, pilot: Coefficients) -> Tranches:
    """Return the tranches of a scenario, from many samples of its supply."""
    ends: dict[Place, tuple[float, ...]] = {}
    for o, offer in sets.starts_of():
        config = sets.scenario.offers[offer.name]
        priced_by_size = isinstance(config, Buy) and bool(config.volume_prices)
        levels = LEVELS[:1] if priced_by_size else LEVELS
        for u in offer.starts:
            ends["offers", o, u] = _ends(pilot.supply[:, o, u], levels)
    for k, item in enumerate(sets.power):
        for u in item.starts:
            ends["power", k, u] = _ends(pilot.power_supply_kw[:, k, u], LEVELS)
    return Tranches(ends, np.median(pilot.pool_supply, axis=0))


def _ends(supply: Array, levels: tuple[float, ...]) -> tuple[float, ...]:
    """Return distinct quantiles above 0, each a value that was drawn; else the largest."""
    found = np.quantile(supply, levels, method="inverted_cdf")
    positive = sorted({float(value) for value in found if value > 0})
    return tuple(positive) or (float(supply.max()),)
