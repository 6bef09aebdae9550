"""The derived arrays that a template refers to, from the coefficients of a block.

Costs are discounted to the plan's start; budgets count undiscounted cash in million US dollars.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial

import numpy as np

from planner.model.blocks import assembled, is_nothing, times, total, weighted
from planner.model.coefficients import Array, Coefficients
from planner.model.contracts import Contract
from planner.model.instruments.terms import CAPEX_PARTS, Flows
from planner.model.sets import Sets
from planner.model.tiers import lowest_price_times
from planner.model.units import USD_PER_MILLION

Source = Callable[[Sets, Coefficients], Array]


def sources(sets: Sets, block: Coefficients, names: Iterable[str]) -> dict[str, Array]:
    """Return derived arrays by name; see `blocks` for the sample axis."""
    return {name: SOURCES[name](sets, block) for name in names}


def discounted(block: Coefficients, flows: Flows) -> Array:
    """Return the cost of one accelerator, by planned start: its cash less what it is worth."""
    paid = [weighted(part, block.discount) for part in flows.paid.values() if not is_nothing(part)]
    return sum(paid, start=np.zeros(1)) - flows.worth_usd * block.horizon_discount


def _flows(
    value: Callable[[Sets, Coefficients, Flows], Array],
    shape: Callable[[Sets], tuple[int, ...]],
    of: Callable[[Sets, Coefficients], Sequence[Flows | None]],
) -> Source:
    """Return the source of a value of each contract's flows, 0 where it has none."""

    def source(sets: Sets, block: Coefficients) -> Array:
        found = of(sets, block)
        values = (
            (c, value(sets, block, flows)) for c, flows in enumerate(found) if flows is not None
        )
        return assembled((len(found), *shape(sets)), values)

    return source


def _begun(_: Sets, block: Coefficients) -> list[Flows | None]:
    return [item.flows for item in block.terms]


def _cancelled(_: Sets, block: Coefficients) -> list[Flows | None]:
    return [item.cancelled for item in block.terms]


def _listed(sets: Sets, block: Coefficients) -> list[Flows | None]:
    return [item.listed for item in block.terms[: len(sets.offers)]]


def _powered(_: Sets, block: Coefficients) -> list[Flows | None]:
    return [item.flows for item in block.power_terms]


_cost = partial(
    _flows,
    lambda _, block, flows: discounted(block, flows),
    lambda sets: (len(sets.quarters),),
)
"""A source of discounted costs, (sample, contract, start)."""

_cash = partial(
    _flows,
    lambda sets, _, flows: _by_year(sets, flows),
    lambda sets: (len(sets.quarters), 2, len(sets.years)),
)
"""A source of cash, (sample, contract, start, kind of budget, year)."""


def _rebated(listed: Source) -> Source:
    """Return the source of what price falls take off, (sample, price fall, ...)."""

    def source(sets: Sets, block: Coefficients) -> Array:
        price = listed(sets, block)
        if not sets.falls:
            return np.zeros((1, 0, *price.shape[1:]))
        beside = [None] * (price.ndim - 2)
        lowest = price * lowest_price_times(sets)[:, *beside]
        return -block.fall_discount[:, :, None, *beside] * lowest[:, None]

    return source


def _by_year(sets: Sets, flows: Flows) -> Array:
    found = []
    for kind in range(2):
        parts = [paid for part, paid in flows.paid.items() if _kind(part) == kind]
        for y, quarters in enumerate(sets.years):
            spent = [total(paid[:, :, list(quarters)]) for paid in parts]
            in_millions = sum(spent, start=np.zeros((1, 1))) / USD_PER_MILLION
            found.append(((slice(None), kind, y), in_millions))
    return assembled((len(sets.quarters), 2, len(sets.years)), found)


def _kind(part: str) -> int:
    """Return which kind of budget a part of cash is of: 0 for capex, 1 for opex."""
    return 0 if part in CAPEX_PARTS else 1


def _bet_cash(sets: Sets, block: Coefficients) -> Array:
    cells = {
        (b, _kind(PART_OF_BET[bet.family]), y): total(block.bet_paid_usd[:, b, list(quarters)])
        / USD_PER_MILLION
        for b, bet in enumerate(sets.bets)
        for y, quarters in enumerate(sets.years)
    }
    return assembled((len(sets.bets), 2, len(sets.years)), cells.items())


def _standing(block: Coefficients) -> Array:
    """Return what standing powered costs for a quarter, undiscounted, (s, platform, site, t)."""
    place = block.deployment
    return place.hosting_usd + _idle(block, 4) * place.energy_usd


def _working(sets: Sets, block: Coefficients) -> Array:
    """Return what working costs for a quarter on top, undiscounted, (sample, platform, site, t).

    Where a platform has no idle power, what works has no column for standing and bears the hosting
    too.
    """
    place = block.deployment
    stands = np.isin(np.arange(len(sets.platforms)), sets.idle_platforms)[None, :, None, None]
    energy = (1 - _idle(block, 4)) * place.energy_usd
    return energy + place.hosting_usd * ~stands


def _idle(block: Coefficients, axes: int) -> Array:
    """Return the idle share of power, (sample, platform, ...), with so many axes."""
    return block.deployment.idle_share[:, :, *[None] * (axes - 2)]


def _overrun_cost(sets: Sets, block: Coefficients) -> Array:
    budgets = sets.scenario.limits.budgets
    over = 0.0 if budgets is None else budgets.overrun_usd_per_usd * USD_PER_MILLION
    return over * np.array([[block.discount[quarters[-1]] for quarters in sets.years]])


def counts(sets: Sets, block: Coefficients) -> Array:
    """Return what one accelerator ordered counts for in shares, (sample, offer, start).

    It counts as far as it is delivered inside the plan: an order that never comes costs little,
    and must not meet a share or earn a discount.
    """
    found = [item.serves.max(axis=2) for item in block.terms[: len(sets.offers)]]
    return assembled((len(sets.offers), len(sets.quarters)), enumerate(found))


def _shared(share: Array, sets: Sets, block: Coefficients) -> Array:
    """Return a share of what every offer counts for, (sample, vendor, offer, start)."""
    return times(share[:, :, None, None], counts(sets, block)[:, None])


def _most_without_fall(sets: Sets, block: Coefficients) -> Array:
    """Return how far orders can be from a price fall's threshold, (sample, price fall)."""
    found = []
    for fall in sets.scenario.bargaining.price_falls.values():
        others = {sets.platforms.index(name) for name in fall.others}
        rest = [
            total(block.supply[:, o, list(offer.starts)])
            for o, offer in sets.starts_of()
            if offer.platform not in others
        ]
        found.append(fall.passes_share * sum(rest, start=np.zeros(1)))
    return assembled((len(sets.falls),), enumerate(found))


def _serves(sets: Sets, block: Coefficients) -> Array:
    return _services(sets.contracts, [item.serves for item in block.terms], len(sets.quarters))


def _power_serves(sets: Sets, block: Coefficients) -> Array:
    return _services(sets.power, [item.serves for item in block.power_terms], len(sets.quarters))


def _services(items: Sequence[Contract], serves: Sequence[Array], quarters: int) -> Array:
    return assembled((len(items), quarters, quarters), enumerate(serves))


def _leaves(sets: Sets, block: Coefficients) -> Array:
    serves = _serves(sets, block)
    left = np.zeros_like(serves)
    left[..., 1:] = np.maximum(serves[..., :-1] - serves[..., 1:], 0)
    return left


PART_OF_BET = {"right": "option fees", "fund": "development", "adopt": "porting"}
"""The part of cash that each kind of bet is."""

SOURCES: dict[str, Source] = {
    "start_cost": _cost(_begun),
    "cancel_cost": _cost(_cancelled),
    "list_cost": _cost(_listed),
    "rebate_cost": _rebated(_cost(_listed)),
    "power_cost": _cost(_powered),
    "draw_cost": lambda _, block: block.drawn_usd * block.discount,
    "bet_cost": lambda _, block: weighted(block.bet_paid_usd, block.discount),
    "deploy_cost": lambda _, block: _standing(block) * block.discount,
    "allocate_cost": lambda sets, block: _working(sets, block) * block.discount,
    "shortfall_cost": lambda _, block: block.shortfall_usd * block.discount,
    "target_cost": lambda _, block: block.target_usd * block.discount,
    "overrun_cost": _overrun_cost,
    "yield": lambda _, block: block.yields,
    "segment_yield": lambda _, block: times(block.yields[..., None], block.slopes[:, None]),
    "demand": lambda _, block: block.demand,
    "supply": lambda _, block: block.supply,
    "cut_supply": lambda _, block: times(block.cut_share[:, :, None, None], block.supply[:, None]),
    "rights": lambda _, block: block.rights,
    "existing": lambda _, block: block.existing,
    "site_kw": lambda _, block: block.site_kw,
    "idle_kw": lambda _, block: times(block.deployment.meter_kw, _idle(block, 3)),
    "work_kw": lambda _, block: times(block.deployment.meter_kw, 1 - _idle(block, 3)),
    "it_kw": lambda _, block: block.deployment.it_kw,
    "cooling_kw": lambda _, block: block.cooling_kw,
    "power_supply": lambda _, block: block.power_supply_kw,
    "pool_supply": lambda _, block: block.pool_supply,
    "pool_use": lambda _, block: block.pool_use,
    "counts": counts,
    "share_counts": lambda sets, block: _shared(block.vendor_share, sets, block),
    "smallest_counts": lambda sets, block: _shared(block.smallest_share, sets, block),
    "growth": lambda _, block: block.growth,
    "fall_most": _most_without_fall,
    "serves": _serves,
    "leaves": _leaves,
    "growth_serves": lambda sets, block: times(
        _serves(sets, block), block.growth_share[:, None, None, None]
    ),
    "power_serves": _power_serves,
    "contract_cash": _cash(_begun),
    "cancel_cash": _cash(_cancelled),
    "list_cash": _cash(_listed),
    "rebate_cash": _rebated(_cash(_listed)),
    "power_cash": _cash(_powered),
    "bet_cash": _bet_cash,
    "draw_cash": lambda _, block: block.drawn_usd / USD_PER_MILLION,
    "deploy_cash": lambda _, block: _standing(block) / USD_PER_MILLION,
    "allocate_cash": lambda sets, block: _working(sets, block) / USD_PER_MILLION,
}
"""How every array that rows and columns may refer to is made, by its name."""
