"""The numbers of the model for a block of samples: from draws to prices, yields and limits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from planner.config.offers import Option, Programme
from planner.config.places import PowerLease
from planner.model.blocks import Place, assembled, is_known, locked
from planner.model.contracts import Contract, first_silicon, funding
from planner.model.instruments import INSTRUMENTS
from planner.model.instruments.lease import drawn_usd
from planner.model.instruments.programme import ramp
from planner.model.instruments.terms import Reader, Terms
from planner.model.service import demand, shortfall_usd, slopes, target_usd, yields
from planner.model.sets import Bet, Sets
from planner.model.sites import Deployment, cooling_kw, deployment, site_kw
from planner.model.time import discounts, horizon_discount
from planner.model.units import KW_PER_MW
from planner.uncertainty.sampling import Draws

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Coefficients:
    """Derived arrays of a block; see `blocks` for the sample axis and the order in memory.

    Attributes
    ----------
    demand : ndarray, (sample, workload, quarter)
        In the workload's unit; of a campaign, its unit-quarters at its last quarter. It has a
        number for every sample, also where all are the same.
    yields : ndarray, (sample, platform, workload)
        Units of a workload that one accelerator serves.
    slopes : ndarray, (sample, workload, segment)
        Output per accelerator of a job's segments; 1 in the first.
    supply : ndarray, (sample, offer, quarter)
        Accelerators.
    site_kw, cooling_kw : ndarray, (sample, site, quarter)
        Power at the meter and cooling of accelerators; infinite where unlimited.
    deployment : Deployment
    terms : tuple of Terms
        Of offers, then of existing entries.
    power_terms : tuple of Terms
    power_supply_kw, drawn_usd : ndarray, (sample, power contract, quarter)
    existing : ndarray, (sample, existing entry)
        Accelerators.
    bet_paid_usd : ndarray, (sample, bet, quarter)
        Undiscounted.
    bet_owed_usd : ndarray, (sample, bet)
        Due after the plan.
    rights : ndarray, (sample, offer)
        Accelerators that an option gives the right to; 0 for other offers.
    shortfall_usd, target_usd : ndarray, (sample, workload, quarter)
        Undiscounted price of one unit missing for a quarter; what it costs more below the target.
    vendor_share, smallest_share : ndarray, (sample, vendor)
        1 and 0 where there is no limit.
    pool_supply : ndarray, (sample, pool, quarter)
    pool_use : ndarray, (sample, pool, platform)
    growth : ndarray, (sample, 1, quarter)
        Of the whole fleet; infinite without a limit.
    growth_share : ndarray, (sample,)
    fall_discount : ndarray, (sample, price fall)
    cut_share : ndarray, (sample, allocation cut)
    discount : ndarray, (quarter,)
    horizon_discount : float
    """

    demand: Array
    yields: Array
    slopes: Array
    supply: Array
    site_kw: Array
    cooling_kw: Array
    deployment: Deployment
    terms: tuple[Terms, ...]
    power_terms: tuple[Terms, ...]
    power_supply_kw: Array
    drawn_usd: Array
    existing: Array
    bet_paid_usd: Array
    bet_owed_usd: Array
    rights: Array
    shortfall_usd: Array
    target_usd: Array
    vendor_share: Array
    smallest_share: Array
    pool_supply: Array
    pool_use: Array
    growth: Array
    growth_share: Array
    fall_discount: Array
    cut_share: Array
    discount: Array
    horizon_discount: float

    @property
    def n(self) -> int:
        """Number of samples."""
        return int(self.demand.shape[0])


def derive(sets: Sets, draws: Draws, known: Mapping[str, Any] | None = None) -> Coefficients:
    """Return the coefficients of the samples in `draws`.

    Parameters
    ----------
    sets : Sets
    draws : Draws
    known : mapping, optional
        What `known_parts` returns for the same sets: it need not be derived again.
    """
    kept = known or {}
    if draws.events is None:
        draws = replace(draws, events=sets.events)

    def terms(items: tuple[Contract, ...]) -> tuple[Terms, ...]:
        return tuple(
            kept[item.path] if item.path in kept else _terms(sets, item, draws) for item in items
        )

    rate, quarters = sets.scenario.discount_rate_per_year, len(sets.quarters)
    return Coefficients(
        **{
            name: kept[name] if name in kept else make(sets, draws) for name, make in _PARTS.items()
        },
        terms=terms(sets.contracts),
        power_terms=terms(sets.power),
        discount=discounts(rate, quarters),
        horizon_discount=horizon_discount(rate, quarters),
    )


def known_parts(sets: Sets, block: Coefficients) -> dict[str, Any]:
    """Return the parts of a block that no uncertain input touches, by name or path.

    Parameters
    ----------
    sets : Sets
    block : Coefficients
        Of two samples or more, so that what varies has a sample axis that is longer than 1.
    """
    parts = {name: getattr(block, name) for name in _PARTS}
    for items, terms in ((sets.contracts, block.terms), (sets.power, block.power_terms)):
        parts |= {item.path: found for item, found in zip(items, terms, strict=True)}
    return {name: locked(value) for name, value in parts.items() if is_known(value)}


def _reader(sets: Sets, path: str, draws: Draws) -> Reader:
    return Reader(path, draws, len(sets.quarters))


def _entry(sets: Sets, item: Contract) -> object:
    section, name = item.path.split(".", 1)
    return getattr(sets.scenario, section)[name]


def _terms(sets: Sets, item: Contract, draws: Draws) -> Terms:
    return INSTRUMENTS[item.mode](_entry(sets, item), _reader(sets, item.path, draws))


def _supply(sets: Sets, draws: Draws) -> Array:
    found = [_supplied(sets, item, draws) for item in sets.offers]
    return assembled((len(sets.offers), len(sets.quarters)), enumerate(found))


def _supplied(sets: Sets, item: Contract, draws: Draws) -> Array:
    read = _reader(sets, item.path, draws)
    offer = sets.scenario.offers[item.name]
    if isinstance(offer, Programme):
        return ramp(offer, first_silicon(offer, sets.scenario), read)
    return read.by_quarter("supply_accelerators", offer.supply_accelerators)


def _power_supply(sets: Sets, draws: Draws) -> Array:
    quarters = len(sets.quarters)
    supplies = [
        KW_PER_MW * draws.path(f"{item.path}.supply_mw", power.supply_mw, quarters)
        for item, power in zip(sets.power, sets.scenario.power.values(), strict=True)
    ]
    return assembled((len(sets.power), quarters), enumerate(supplies))


def _drawn(sets: Sets, draws: Draws) -> Array:
    prices = {
        k: drawn_usd(power, _reader(sets, item.path, draws))
        for k, (item, power) in enumerate(
            zip(sets.power, sets.scenario.power.values(), strict=True)
        )
        if isinstance(power, PowerLease)
    }
    return assembled((len(sets.power), len(sets.quarters)), prices.items())


def _existing(sets: Sets, draws: Draws) -> Array:
    found = [
        draws.number(f"existing.{name}.accelerators", item.accelerators)
        for name, item in sets.scenario.existing.items()
    ]
    return assembled((len(sets.existing),), enumerate(found))


def _bets_paid(sets: Sets, draws: Draws) -> Array:
    paid: dict[Place, Array] = {}
    for b, bet in enumerate(sets.bets):
        match bet.family:
            case "right":
                paid[b, 0] = _fee(sets, bet, draws)
            case "fund":
                paid[b] = _development(sets, bet, draws)[0]
            case _:
                when, cost = _porting(sets, bet, draws)
                paid[b, when] = cost
    return assembled((len(sets.bets), len(sets.quarters)), paid.items())


def _bets_owed(sets: Sets, draws: Draws) -> Array:
    owed = {
        b: _development(sets, bet, draws)[1]
        for b, bet in enumerate(sets.bets)
        if bet.family == "fund"
    }
    return assembled((len(sets.bets),), owed.items())


def _fee(sets: Sets, bet: Bet, draws: Draws) -> Array:
    offer = sets.scenario.offers[bet.key[0]]
    if not isinstance(offer, Option):
        raise TypeError(f"{bet.key[0]} is no option")
    return draws.number(f"offers.{bet.key[0]}.fee_usd", offer.fee_usd)


def _development(sets: Sets, bet: Bet, draws: Draws) -> tuple[Array, Array]:
    """Return NRE by quarter, and what of it is due after the plan, at its last quarter's rate."""
    offer = sets.scenario.offers[bet.key[0]]
    if not isinstance(offer, Programme):
        raise TypeError(f"{bet.key[0]} is no programme")
    read = _reader(sets, f"offers.{bet.key[0]}", draws)
    each = read.by_quarter("nre_usd_per_quarter", offer.nre_usd_per_quarter)
    begin = funding(offer, sets.scenario)
    end = begin + offer.nre_quarters
    due = (read.start >= begin) & (read.start < end)
    return each * due, each[:, -1] * max(end - len(sets.quarters), 0)


def _porting(sets: Sets, bet: Bet, draws: Draws) -> tuple[int, Array]:
    platform, workload = bet.key
    porting = sets.scenario.platforms[platform].porting[workload]
    when = 0 if porting.from_quarter is None else sets.quarters.index(porting.from_quarter)
    path = f"platforms.{platform}.porting.{workload}.cost_usd"
    return when, draws.number(path, porting.cost_usd)


def _rights(sets: Sets, draws: Draws) -> Array:
    found = {
        o: draws.number(f"offers.{name}.up_to_accelerators", offer.up_to_accelerators)
        for o, (name, offer) in enumerate(sets.scenario.offers.items())
        if isinstance(offer, Option)
    }
    return assembled((len(sets.offers),), found.items())


def _shares(sets: Sets, draws: Draws, field: str, otherwise: float) -> Array:
    found = {
        sets.vendors.index(vendor): draws.number(f"limits.{field}.{vendor}", limit)
        for vendor, limit in getattr(sets.scenario.limits, field).items()
    }
    return assembled((len(sets.vendors),), found.items(), otherwise)


def _pool_supply(sets: Sets, draws: Draws) -> Array:
    quarters = len(sets.quarters)
    supplies = [
        draws.path(f"pools.{name}.supply", pool.supply, quarters)
        for name, pool in sets.scenario.pools.items()
    ]
    return assembled((len(sets.pools), quarters), enumerate(supplies))


def _pool_use(sets: Sets, draws: Draws) -> Array:
    found = {
        (r, sets.platforms.index(platform)): draws.number(
            f"pools.{name}.use_per_accelerator.{platform}", each
        )
        for r, (name, pool) in enumerate(sets.scenario.pools.items())
        for platform, each in pool.use_per_accelerator.items()
    }
    return assembled((len(sets.pools), len(sets.platforms)), found.items())


def _growth(sets: Sets, draws: Draws) -> Array:
    growth, quarters = sets.scenario.limits.growth, len(sets.quarters)
    if growth is None:
        return np.full((1, 1, quarters), np.inf)
    path = "limits.growth.accelerators_per_quarter"
    return draws.path(path, growth.accelerators_per_quarter, quarters)[:, None]


def _growth_share(sets: Sets, draws: Draws) -> Array:
    growth = sets.scenario.limits.growth
    if growth is None:
        return np.zeros(1)
    return draws.number("limits.growth.share_of_fleet", growth.share_of_fleet)


def _bargained(sets: Sets, draws: Draws, section: str, field: str) -> Array:
    items = getattr(sets.scenario.bargaining, section)
    found = [
        draws.number(f"bargaining.{section}.{name}.{field}", getattr(item, field))
        for name, item in items.items()
    ]
    return assembled((len(items),), enumerate(found))


_PARTS: dict[str, Callable[[Sets, Draws], Any]] = {
    "demand": demand,
    "yields": yields,
    "slopes": slopes,
    "supply": _supply,
    "site_kw": lambda sets, draws: site_kw(sets.scenario, draws),
    "cooling_kw": lambda sets, draws: cooling_kw(sets.scenario, draws),
    "deployment": lambda sets, draws: deployment(sets.scenario, draws),
    "power_supply_kw": _power_supply,
    "drawn_usd": _drawn,
    "existing": _existing,
    "bet_paid_usd": _bets_paid,
    "bet_owed_usd": _bets_owed,
    "rights": _rights,
    "shortfall_usd": lambda sets, _: shortfall_usd(sets),
    "target_usd": lambda sets, _: target_usd(sets),
    "vendor_share": partial(_shares, field="largest_vendor_share", otherwise=1.0),
    "smallest_share": partial(_shares, field="smallest_vendor_share", otherwise=0.0),
    "pool_supply": _pool_supply,
    "pool_use": _pool_use,
    "growth": _growth,
    "growth_share": _growth_share,
    "fall_discount": partial(_bargained, section="price_falls", field="discount_share"),
    "cut_share": partial(_bargained, section="allocation_cuts", field="cut_share"),
}
"""How every part of the coefficients but the terms of contracts is derived, by its name."""
