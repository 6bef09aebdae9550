"""The derived arrays that a template refers to, from the coefficients of a block.

Costs are discounted to the plan's start; budgets count undiscounted cash in million US dollars.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from planner.model.coefficients import Array, Coefficients
from planner.model.instruments.terms import CAPEX_PARTS, Flows
from planner.model.sets import Sets
from planner.model.tiers import lowest_price_times
from planner.model.units import USD_PER_MILLION


def sources(sets: Sets, block: Coefficients) -> dict[str, Array]:
    """Return every derived array by name, sample axis first."""
    found = {**_costs(sets, block), **_limits(sets, block), **_fleet(sets, block)}
    if sets.scenario.limits.budgets is not None:
        found |= _cash(sets, block)
    return found


def discounted(block: Coefficients, flows: Flows) -> Array:
    """Return the cost of one accelerator, by planned start: its cash less what it is worth."""
    total = sum(paid @ block.discount for paid in flows.paid.values())
    return np.asarray(total - flows.worth_usd * block.horizon_discount)


def _stacked(
    parts: list[Flows | None],
    block: Coefficients,
    value: Callable[[Flows], Array],
    shape: tuple[int, ...],
) -> Array:
    """Return a value of each part's flows, 0 where there are none, (sample, part, ...)."""
    nothing = np.zeros((block.n, *shape))
    found = [nothing if flows is None else value(flows) for flows in parts]
    return np.stack(found, axis=1) if found else np.zeros((block.n, 0, *shape))


def _costs(sets: Sets, block: Coefficients) -> dict[str, Array]:
    shape = (len(sets.quarters),)
    lowest = lowest_price_times(sets)[:, None]

    def cost(flows: Flows) -> Array:
        return discounted(block, flows)

    listed = _stacked([item.listed for item in block.terms[: len(sets.offers)]], block, cost, shape)
    deploy, work = _running(sets, block)
    last = [block.discount[quarters[-1]] for quarters in sets.years]
    budgets = sets.scenario.limits.budgets
    over = 0.0 if budgets is None else budgets.overrun_usd_per_usd * USD_PER_MILLION
    return {
        "start_cost": _stacked([item.flows for item in block.terms], block, cost, shape),
        "cancel_cost": _stacked([item.cancelled for item in block.terms], block, cost, shape),
        "list_cost": listed,
        "rebate_cost": -block.fall_discount[:, :, None, None] * (lowest * listed)[:, None],
        "power_cost": _stacked([item.flows for item in block.power_terms], block, cost, shape),
        "draw_cost": block.drawn_usd * block.discount,
        "bet_cost": block.bet_paid_usd @ block.discount,
        "deploy_cost": deploy * block.discount,
        "allocate_cost": work * block.discount,
        "shortfall_cost": block.shortfall_usd * block.discount,
        "target_cost": block.target_usd * block.discount,
        "overrun_cost": np.broadcast_to(over * np.array(last), (block.n, len(last))),
    }


def _running(sets: Sets, block: Coefficients) -> tuple[Array, Array]:
    """Return what standing powered and working cost for a quarter, undiscounted.

    Both are (sample, platform, site, quarter). Where a platform has no idle power, what works has
    no column for standing and bears the hosting too.
    """
    place = block.deployment
    idle = place.idle_share[:, :, None, None]
    stands = np.isin(np.arange(len(sets.platforms)), sets.idle_platforms)[None, :, None, None]
    deploy = place.hosting_usd + idle * place.energy_usd
    return deploy, (1 - idle) * place.energy_usd + np.where(stands, 0.0, place.hosting_usd)


def _limits(sets: Sets, block: Coefficients) -> dict[str, Array]:
    place = block.deployment
    idle = place.idle_share[:, :, None]
    return {
        "yield": block.yields,
        "segment_yield": block.yields[..., None] * block.slopes[:, None],
        "demand": block.demand,
        "supply": block.supply,
        "cut_supply": block.cut_share[:, :, None, None] * block.supply[:, None],
        "rights": block.rights,
        "existing": block.existing,
        "site_kw": block.site_kw,
        "idle_kw": idle * place.meter_kw,
        "work_kw": (1 - idle) * place.meter_kw,
        "it_kw": place.it_kw,
        "cooling_kw": block.cooling_kw,
        "power_supply": block.power_supply_kw,
        "pool_supply": block.pool_supply,
        "pool_use": block.pool_use,
        "counts": counts(sets, block),
        "share_counts": block.vendor_share[:, :, None, None] * counts(sets, block)[:, None],
        "smallest_counts": block.smallest_share[:, :, None, None] * counts(sets, block)[:, None],
        "growth": block.growth,
        "fall_most": _most_without_fall(sets, block),
    }


def counts(sets: Sets, block: Coefficients) -> Array:
    """Return what one accelerator ordered counts for in shares, (sample, offer, start).

    It counts as far as it is delivered inside the plan: an order that never comes costs little,
    and must not meet a share or earn a discount.
    """
    return np.stack([item.serves.max(axis=2) for item in block.terms[: len(sets.offers)]], axis=1)


def _most_without_fall(sets: Sets, block: Coefficients) -> Array:
    """Return how far orders can be from a price fall's threshold, (sample, price fall)."""
    found = np.zeros((block.n, len(sets.falls)))
    for f, fall in enumerate(sets.scenario.bargaining.price_falls.values()):
        others = {sets.platforms.index(name) for name in fall.others}
        rest = [
            block.supply[:, o, list(offer.starts)].sum(axis=1)
            for o, offer in sets.starts_of()
            if offer.platform not in others
        ]
        found[:, f] = fall.passes_share * np.sum(rest, axis=0)
    return found


def _fleet(sets: Sets, block: Coefficients) -> dict[str, Array]:
    quarters = len(sets.quarters)
    serves = np.stack([item.serves for item in block.terms], axis=1)
    left = np.zeros_like(serves)
    left[..., 1:] = np.maximum(serves[..., :-1] - serves[..., 1:], 0)
    power = [item.serves for item in block.power_terms]
    return {
        "serves": serves,
        "leaves": left,
        "growth_serves": block.growth_share[:, None, None, None] * serves,
        "power_serves": np.stack(power, axis=1)
        if power
        else np.zeros((block.n, 0, quarters, quarters)),
    }


def _cash(sets: Sets, block: Coefficients) -> dict[str, Array]:
    """Return undiscounted cash by kind of budget and year, in million US dollars."""
    shape = (len(sets.quarters), 2, len(sets.years))
    lowest = lowest_price_times(sets)[:, None, None, None]

    def by_year(flows: Flows) -> Array:
        return _by_year(sets, flows)

    listed = _stacked(
        [item.listed for item in block.terms[: len(sets.offers)]], block, by_year, shape
    )
    deploy, work = _running(sets, block)
    return {
        "contract_cash": _stacked([item.flows for item in block.terms], block, by_year, shape),
        "cancel_cash": _stacked([item.cancelled for item in block.terms], block, by_year, shape),
        "list_cash": listed,
        "rebate_cash": -block.fall_discount[..., *[None] * 4] * (lowest * listed)[:, None],
        "power_cash": _stacked([item.flows for item in block.power_terms], block, by_year, shape),
        "bet_cash": _bet_cash(sets, block),
        "draw_cash": block.drawn_usd / USD_PER_MILLION,
        "deploy_cash": deploy / USD_PER_MILLION,
        "allocate_cash": work / USD_PER_MILLION,
    }


def _by_year(sets: Sets, flows: Flows) -> Array:
    first = next(iter(flows.paid.values()))
    found = np.zeros((*first.shape[:2], 2, len(sets.years)))
    for part, paid in flows.paid.items():
        kind = 0 if part in CAPEX_PARTS else 1
        for y, quarters in enumerate(sets.years):
            found[:, :, kind, y] += paid[:, :, list(quarters)].sum(axis=2)
    return found / USD_PER_MILLION


def _bet_cash(sets: Sets, block: Coefficients) -> Array:
    found = np.zeros((block.n, len(sets.bets), 2, len(sets.years)))
    for b, bet in enumerate(sets.bets):
        kind = 0 if PART_OF_BET[bet.family] in CAPEX_PARTS else 1
        for y, quarters in enumerate(sets.years):
            found[:, b, kind, y] = block.bet_paid_usd[:, b, list(quarters)].sum(axis=1)
    return found / USD_PER_MILLION


PART_OF_BET = {"right": "option fees", "fund": "development", "adopt": "porting"}
"""The part of cash that each kind of bet is."""
